package org.headlight.analysis.influence;

import org.headlight.analysis.logits.NextTokens;
import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.cut.HeadAddress;
import org.headlight.engine.cut.SeamHooks;
import org.headlight.engine.kernel.AttentionKernels;
import org.headlight.engine.kernel.KernelProvider;
import org.headlight.engine.matrix.Matrix;
import org.headlight.engine.model.CutOutcome;
import org.headlight.engine.model.Model;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Finds the important heads of a model: those that copy the answers of the key-value task. Prompt
 * and answer go through the model in one pass; the row that emits a token is that of the token
 * before it.
 */
public final class HeadFinder {
    private static final double ROUNDING = 1e-9;

    private final Model model;
    private final KeyValueTask task;
    private final double share;
    private final AttentionKernels kernels = KernelProvider.best();
    private final List<HeadAddress> heads = new ArrayList<>();
    private double[] sums = new double[0];
    private int[] active = new int[0];
    private long answers;
    private long right;
    private long pairs;

    /**
     * A finder, for one search.
     *
     * @param share of all heads that are important; 0.05 in the paper
     * @throws BadInputException when the model is no decoder, or the share is none
     */
    public HeadFinder(Model model, KeyValueTask task, double share) {
        if (!(share > 0 && share <= 1)) {
            throw new BadInputException(
                    "The share of important heads is "
                            + share
                            + "; expected a share above 0 and at most 1, such as 0.05.");
        }
        AttentionInfluence.checkDecoder(model);
        int positions = model.info().maxPositions();
        this.model = model;
        this.task =
                positions > 0 && positions < task.context() ? task.withContext(positions) : task;
        this.share = share;
    }

    /** How many of so many heads are important: the rounded share, at least one. */
    static int count(double share, int heads) {
        return Math.clamp((int) Math.floor(share * heads + 0.5 + ROUNDING), 1, heads);
    }

    /**
     * Searches.
     *
     * @param sentences what the values of the task are taken from
     * @throws BadInputException when the model has no tokenizer, or a sample does not fit
     * @throws org.headlight.engine.problem.CancelledException when the progress says so
     */
    public ImportantHeads find(List<String> sentences, Progress progress) {
        Tokenizer tokenizer =
                model.tokenizer()
                        .orElseThrow(() ->
                                new BadInputException(
                                        model.info().name()
                                                + " has no tokenizer.json beside it, so the"
                                                + " key-value task cannot be written for it;"
                                                + " put the file there, or name the heads to"
                                                + " mask."));
        KeyValueMaker maker = new KeyValueMaker(tokenizer, task, sentences);
        List<Integer> best = List.of();
        int unchanged = 0;
        int done = 0;
        while (done < task.samples() && (task.settle() == 0 || unchanged < task.settle())) {
            progress.check();
            add(maker.next(), progress);
            done++;
            List<Integer> now = best();
            unchanged = now.equals(best) ? unchanged + 1 : 0;
            best = now;
            progress.at(
                    (double) done / task.samples(),
                    String.format(
                            Locale.ROOT,
                            "Looking for important heads: sample %,d of at most %,d",
                            done,
                            task.samples()));
        }
        return found(best, done);
    }

    private ImportantHeads found(List<Integer> best, int samples) {
        List<HeadImportance> all = new ArrayList<>();
        for (int h = 0; h < heads.size(); h++) {
            all.add(
                    new HeadImportance(
                            heads.get(h),
                            sums[h] / samples,
                            (double) active[h] / samples,
                            best.contains(h)));
        }
        return new ImportantHeads(
                List.copyOf(all),
                samples,
                samples < task.samples(),
                task.context(),
                (double) pairs / samples,
                (double) right / answers);
    }

    /** Indices of the heads that have copied most, ascending; ties go to the first. */
    private List<Integer> best() {
        return IntStream.range(0, heads.size())
                .boxed()
                .sorted((a, b) -> Double.compare(sums[b], sums[a]))
                .limit(count(share, heads.size()))
                .sorted()
                .toList();
    }

    private void add(KeyValueSample sample, Progress progress) {
        CutOutcome outcome =
                model.run(
                        sample.tokens(), SeamHooks.NONE, CutOutcome.Wanted.BOTH, progress.quiet());
        try (Capture capture = outcome.capture().orElseThrow()) {
            score(capture, sample);
        }
        Matrix logits = outcome.logits().orElseThrow();
        float[] row = new float[logits.cols()];
        for (int t = sample.answerFrom(); t < sample.tokens().size(); t++) {
            logits.copyRows(t - 1, t, row, 0);
            answers++;
            right += NextTokens.largest(row) == sample.tokens().get(t).id() ? 1 : 0;
        }
        pairs += sample.pairs();
    }

    private void score(Capture capture, KeyValueSample sample) {
        boolean first = heads.isEmpty();
        int at = 0;
        for (SiteCapture site : capture.sites()) {
            boolean causal =
                    site.kind() == SiteKind.SELF
                            && site.heads().stream().allMatch(head -> head.mask().causal());
            for (int h = 0; causal && h < site.heads().size(); h++) {
                if (first) {
                    heads.add(HeadAddress.self(site.layer(), h));
                    sums = Arrays.copyOf(sums, heads.size());
                    active = Arrays.copyOf(active, heads.size());
                }
                double score = CopyScore.of(site.heads().get(h), sample, kernels);
                sums[at] += score;
                active[at] += score > 0 ? 1 : 0;
                at++;
            }
        }
    }
}
