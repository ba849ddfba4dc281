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
import org.headlight.analysis.sparse.Trait;
import org.headlight.analysis.sparse.Unit;
import org.headlight.engine.task.Progress;

import java.util.Arrays;

/**
 * InfiniteHiP while decoding (Lee et al. 2025): three stages narrow the keys between the first ones
 * and the window down to small chunks; each stage is done anew only every so many steps.
 */
public final class HipDecodePolicy implements Policy {
    private static final PolicyInfo INFO =
            PolicyInfo.full(
                            "hip-decode",
                            "HiP decode",
                            "Lee et al. 2025, arXiv 2502.08910",
                            Phase.DECODE,
                            Unit.PAGE,
                            "Narrows chunks of keys in three stages by one representative key each,"
                                    + " and keeps the result for some steps; needs no training, but"
                                    + " relies on neighbouring keys scoring alike.",
                            Parameter.whole(
                                    "sink", "First keys that every step reads", 256, 0, 1 << 20),
                            Parameter.whole(
                                    "window", "Last keys that every step reads", 1024, 1, 1 << 20),
                            Parameter.whole(
                                    "chunk1", "Keys of a chunk of stage 1", 256, 1, 1 << 16),
                            Parameter.whole("chunk2", "Keys of a chunk of stage 2", 32, 1, 1 << 16),
                            Parameter.whole("chunk3", "Keys of a chunk of stage 3", 8, 1, 1 << 16),
                            Parameter.whole("keep1", "Keys that stage 1 leaves", 32768, 1, 1 << 24),
                            Parameter.whole("keep2", "Keys that stage 2 leaves", 8192, 1, 1 << 24),
                            Parameter.whole("keep3", "Keys that stage 3 leaves", 2048, 1, 1 << 24),
                            Parameter.whole(
                                    "refresh1", "Steps from one stage 1 to the next", 32, 1, 4096),
                            Parameter.whole(
                                    "refresh2", "Steps from one stage 2 to the next", 16, 1, 4096),
                            Parameter.whole(
                                    "refresh3", "Steps from one stage 3 to the next", 8, 1, 4096),
                            Parameter.choice(
                                    "heads",
                                    "Whether the heads of a layer choose together, by the largest"
                                            + " of their scores, or each for itself",
                                    "together",
                                    "own"),
                            Parameter.whole(
                                    "dense",
                                    "First layers that read everything; at the most a quarter of"
                                            + " the layers",
                                    4,
                                    0,
                                    1000))
                    .blindTo(Trait.BIAS);

    @Override
    public PolicyInfo info() {
        return INFO;
    }

    @Override
    public String knob() {
        return "keep3";
    }

    @Override
    public Settings preset(int tokens) {
        Settings paper = Settings.standard(INFO);
        if (tokens >= 8192) {
            return paper;
        }
        return paper.with("sink", Math.max(4, tokens / 64))
                .with("window", Math.max(8, tokens / 16))
                .with("chunk1", 64)
                .with("chunk2", 16)
                .with("chunk3", 4)
                .with("keep1", Math.max(64, tokens / 2))
                .with("keep2", Math.max(32, tokens / 4))
                .with("keep3", Math.max(16, tokens / 8));
    }

    @Override
    public Planner start(Settings settings, PolicyRun run) {
        return (site, progress) -> plan(site, settings, run, progress);
    }

    private static Plan plan(PolicySite site, Settings settings, PolicyRun run, Progress progress) {
        Steps steps = Steps.of(site, INFO);
        if (site.layer() < Scaled.denseLayers(settings.whole("dense"), run.layers())) {
            return steps.everything();
        }
        int together = settings.choice("heads").equals("together") ? steps.heads() : 1;
        KeyLists lists = new KeyLists(steps);
        Choice[] choices = {};
        for (int head = 0; head < steps.heads(); head++) {
            progress.check();
            if (head % together == 0) {
                choices = new Narrowing(steps, settings, head, together).run();
            }
            for (int step = 0; step < steps.count(); step++) {
                Choice choice = choices[step];
                lists.add(0, settings.whole("sink"));
                for (int start : choice.starts) {
                    lists.add(start, Math.min(choice.end, start + settings.whole("chunk3")));
                }
                int window = steps.end(head, step) - settings.whole("window");
                lists.add(Math.max(0, Math.min(window, choice.end)), steps.end(head, step)).next();
            }
        }
        return lists.plan();
    }

    /** Chunks that a step reads, and one after the last key that they were chosen from. */
    private static final class Choice {
        private final int[] starts;
        private final int end;

        Choice(int[] starts, int end) {
            this.starts = starts;
            this.end = end;
        }
    }

    /** The stages of some heads, from step to step. */
    private static final class Narrowing {
        private static final int STAGES = 3;

        private final Steps steps;
        private final ChunkScan scan;
        private final int sink;
        private final int window;
        private final int head;
        private final int[] chunk = new int[STAGES];
        private final int[] keep = new int[STAGES];
        private final int[] refresh = new int[STAGES];
        private final int[][] left = new int[STAGES][];
        private int end;

        Narrowing(Steps steps, Settings settings, int head, int heads) {
            this.steps = steps;
            this.scan = new ChunkScan(steps, head, heads);
            this.sink = settings.whole("sink");
            this.window = settings.whole("window");
            this.head = head;
            for (int stage = 0; stage < STAGES; stage++) {
                chunk[stage] = settings.whole("chunk" + (stage + 1));
                keep[stage] = settings.whole("keep" + (stage + 1));
                refresh[stage] = settings.whole("refresh" + (stage + 1));
            }
        }

        Choice[] run() {
            Choice[] choices = new Choice[steps.count()];
            for (int step = 0; step < choices.length; step++) {
                boolean anew = false;
                for (int stage = 0; stage < STAGES; stage++) {
                    anew = anew || step % refresh[stage] == 0;
                    if (anew) {
                        narrow(stage, step);
                    }
                }
                choices[step] = new Choice(left[STAGES - 1], end);
            }
            return choices;
        }

        private void narrow(int stage, int step) {
            int[] starts;
            if (stage == 0) {
                int first = Math.max(sink, steps.first(head, step));
                end = Math.max(first, steps.end(head, step) - window);
                starts = split(new int[] {first}, end - first, chunk[0]);
            } else {
                starts = split(left[stage - 1], chunk[stage - 1], chunk[stage]);
            }
            int most = Math.max(1, keep[stage] / chunk[stage]);
            left[stage] = scan.best(step, starts, chunk[stage], end, most);
        }

        /** Chunks cut into smaller ones, as far as there are keys. */
        private int[] split(int[] starts, int from, int to) {
            int[] parts = new int[starts.length * Math.ceilDiv(Math.max(from, 1), to)];
            int count = 0;
            for (int start : starts) {
                for (int at = start; at < Math.min(start + from, end); at += to) {
                    parts[count++] = at;
                }
            }
            return Arrays.copyOf(parts, count);
        }
    }
}
