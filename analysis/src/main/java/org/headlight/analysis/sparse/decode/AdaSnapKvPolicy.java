package org.headlight.analysis.sparse.decode;

import org.headlight.analysis.sparse.Parameter;
import org.headlight.analysis.sparse.Phase;
import org.headlight.analysis.sparse.Plan;
import org.headlight.analysis.sparse.Planner;
import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.PolicyInfo;
import org.headlight.analysis.sparse.PolicyRun;
import org.headlight.analysis.sparse.PolicySite;
import org.headlight.analysis.sparse.Settings;
import org.headlight.analysis.sparse.Unit;
import org.headlight.analysis.sparse.select.Best;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Ada-SnapKV (Feng et al. 2024), by the rule of the Sparse Frontier: the key heads of a layer share
 * one budget, each is sure of a part of it, and the largest votes of all heads take the rest.
 */
public final class AdaSnapKvPolicy implements Policy {
    private static final PolicyInfo INFO =
            PolicyInfo.full(
                    "ada-snapkv",
                    "Ada-SnapKV",
                    "Feng et al. 2024, arXiv 2407.11550; rule of Nawrot et al. 2025, arXiv"
                            + " 2504.17768",
                    Phase.DECODE,
                    Unit.TOKEN,
                    "Keeps the prompt's keys that its last queries attended to most, with one"
                            + " budget for all key heads of a layer; needs no training, but what"
                            + " only a later question asks for may be gone.",
                    Parameter.whole(
                            "capacity",
                            "Keys of the prompt that are kept, on average over the key heads",
                            1024,
                            1,
                            1 << 20),
                    Parameter.whole("window", "Last queries that vote", 256, 1, 4096),
                    Parameter.whole(
                            "kernel",
                            "Width of the mean over neighbouring votes, odd: the next odd number"
                                    + " is taken",
                            21,
                            1,
                            255),
                    Parameter.real(
                            "floor", "Share of its capacity that a head is sure of", 0.2, 0, 1),
                    Parameter.whole("local", "Last keys that are kept anyway", 128, 0, 4096),
                    Parameter.whole("sink", "First keys that are kept anyway", 4, 0, 4096));

    @Override
    public PolicyInfo info() {
        return INFO;
    }

    @Override
    public Settings preset(int tokens) {
        int capacity = Scaled.eighth(tokens, 1024);
        int local = capacity / 8;
        return Settings.standard(INFO)
                .with("capacity", capacity)
                .with("window", Math.min(256, capacity / 4))
                .with("kernel", capacity < 1024 ? 5 : 21)
                .with("local", local);
    }

    @Override
    public Planner start(Settings settings, PolicyRun run) {
        return (site, progress) -> plan(site, settings, run.sweep(), progress);
    }

    private static Plan plan(
            PolicySite site, Settings settings, SweepOptions options, Progress progress) {
        Steps steps = Steps.of(site, INFO);
        int prompt = steps.from();
        if (prompt <= settings.whole("capacity")) {
            return steps.everything();
        }
        List<double[]> votes = new ArrayList<>();
        int window = settings.whole("window");
        for (double[] largest : PromptVotes.largest(steps, window, options, progress)) {
            votes.add(PromptVotes.pooled(largest, prompt, settings.whole("kernel") | 1));
        }
        List<boolean[]> kept = shared(votes, prompt, settings);
        KeyLists lists = new KeyLists(steps);
        for (int head = 0; head < steps.heads(); head++) {
            int[] keys = listed(kept.get(head / steps.group()));
            for (int step = 0; step < steps.count(); step++) {
                lists.add(keys, keys.length).add(prompt, steps.end(head, step)).next();
            }
        }
        return lists.plan();
    }

    /** Gives out the budget of a layer; forced keys first, then each head's sure part. */
    private static List<boolean[]> shared(List<double[]> votes, int prompt, Settings settings) {
        int heads = votes.size();
        int capacity = settings.whole("capacity");
        int sure = (int) Math.floor(settings.real("floor") * capacity);
        double[] all = new double[heads * prompt];
        List<boolean[]> kept = new ArrayList<>();
        int left = heads * capacity;
        for (int head = 0; head < heads; head++) {
            boolean[] taken = new boolean[prompt];
            double[] own = votes.get(head);
            int count = 0;
            for (int key = 0; key < prompt; key++) {
                boolean forced =
                        key < settings.whole("sink") || key >= prompt - settings.whole("local");
                taken[key] = forced;
                count += forced ? 1 : 0;
            }
            for (int key : Best.ranked(own, prompt)) {
                if (count >= sure) {
                    break;
                }
                count += taken[key] ? 0 : 1;
                taken[key] = true;
            }
            System.arraycopy(own, 0, all, head * prompt, prompt);
            left -= count;
            kept.add(taken);
        }
        for (int at : Best.ranked(all, all.length)) {
            if (left <= 0) {
                break;
            }
            boolean[] taken = kept.get(at / prompt);
            left -= taken[at % prompt] ? 0 : 1;
            taken[at % prompt] = true;
        }
        return kept;
    }

    private static int[] listed(boolean[] kept) {
        int[] keys = new int[kept.length];
        int count = 0;
        for (int key = 0; key < kept.length; key++) {
            keys[count] = key;
            count += kept[key] ? 1 : 0;
        }
        return Arrays.copyOf(keys, count);
    }
}
