package org.headlight.analysis.retrieval;

import org.headlight.engine.cut.HeadAddress;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The scores of all heads over some trials. Only trials that succeeded count, as in the paper's
 * code: the mean is conditional on success.
 *
 * @param heads by layer and head
 * @param trials how many there are
 * @param succeeded how many of them count
 */
public record RetrievalScores(List<HeadScore> heads, int trials, int succeeded) {
    /** From this score on the paper calls a head a retrieval head. */
    public static final double RETRIEVAL_HEAD = 0.1;

    public RetrievalScores {
        heads = List.copyOf(heads);
    }

    /** Sums of one head. */
    private static final class Totals {
        private double set;
        private double count;
        private int active;
        private int copied;
    }

    /**
     * Adds up.
     *
     * @param success a trial counts when its recall is above this
     */
    public static RetrievalScores of(List<Trial> trials, double success) {
        Map<HeadAddress, Totals> totals = new LinkedHashMap<>();
        int succeeded = 0;
        for (Trial trial : trials) {
            trial.heads().forEach(head -> totals.computeIfAbsent(head, h -> new Totals()));
            if (trial.recall() > success) {
                succeeded++;
                for (HeadCopies copies : trial.copies()) {
                    Totals sum = totals.computeIfAbsent(copies.head(), h -> new Totals());
                    sum.set += trial.setScore(copies);
                    sum.count += trial.countScore(copies);
                    sum.active++;
                    sum.copied += copies.copies().size();
                }
            }
        }
        List<HeadScore> scores = new ArrayList<>();
        for (Map.Entry<HeadAddress, Totals> entry : totals.entrySet()) {
            Totals sum = entry.getValue();
            // 0 / 0 is NaN, which is what no successful trial means.
            scores.add(
                    new HeadScore(
                            entry.getKey(),
                            sum.set / succeeded,
                            sum.count / succeeded,
                            (double) sum.active / succeeded,
                            sum.copied));
        }
        scores.sort(
                Comparator.comparingInt((HeadScore s) -> s.head().layer())
                        .thenComparingInt(s -> s.head().head()));
        return new RetrievalScores(scores, trials.size(), succeeded);
    }

    /** The heads by score, highest first; equal scores by activation, then in the model's order. */
    public List<HeadScore> ranked(ScoreKind kind) {
        return heads.stream()
                .sorted(
                        Comparator.comparingDouble((HeadScore s) -> -kind.of(s))
                                .thenComparingDouble(s -> -s.activation()))
                .toList();
    }

    /** How many heads score at least so much. */
    public long above(ScoreKind kind, double threshold) {
        return heads.stream().filter(score -> kind.of(score) >= threshold).count();
    }
}
