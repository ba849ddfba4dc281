package org.headlight.analysis.sparse.prefill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.headlight.analysis.sparse.Plan;
import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.Settings;
import org.headlight.analysis.sparse.SparseCase;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.AttentionOutput;
import org.headlight.engine.attend.HeadArray;
import org.headlight.engine.capture.AttentionMask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Sorted keys: what is kept against a plain restatement, and the output over exactly that. */
class PbsAttentionTest {
    private static final int BLOCK = 64;
    private static final int SEGMENT = 128;

    private final Policy policy = new PbsAttention();

    private Settings settings(double threshold, String score) {
        return Settings.standard(policy.info())
                .parsed("block", "64")
                .parsed("segment", "128")
                .parsed("score", score)
                .with("threshold", threshold);
    }

    /** The text's keys in the order in which blocks of them are made. */
    private static List<Integer> order(double[][] map) {
        int tokens = map.length;
        int complete = tokens / SEGMENT * SEGMENT;
        double[] votes = new double[complete];
        for (int row = tokens - BLOCK; row < tokens; row++) {
            double seen = 0;
            for (int key = 0; key < complete; key++) {
                seen += map[row][key];
            }
            for (int key = 0; key < complete; key++) {
                votes[key] += map[row][key] / seen;
            }
        }
        List<Integer> order = new ArrayList<>();
        for (int from = 0; from < complete; from += SEGMENT) {
            double[] own = Arrays.copyOfRange(votes, from, from + SEGMENT);
            for (int i : BlockMethodsTest.ranked(own, SEGMENT)) {
                order.add(from + i);
            }
        }
        for (int key = complete; key < tokens; key++) {
            order.add(key);
        }
        return order;
    }

    private static double[] meanKey(AttentionInput input, int head, List<Integer> keys) {
        double[] mean = new double[input.k().width()];
        for (int key : keys) {
            double[] own = BlockMethodsTest.mean(input.k(), input.keyHead(head), key, key + 1);
            for (int c = 0; c < mean.length; c++) {
                mean[c] += own[c] / keys.size();
            }
        }
        return mean;
    }

    private static boolean[][] naive(SparseCase some, int head, double threshold) {
        AttentionInput input = some.whole();
        int tokens = input.q().rows();
        List<Integer> order = order(some.map(head));
        boolean[][] kept = new boolean[tokens][tokens];
        for (int r = 0; r * BLOCK < tokens; r++) {
            int to = Math.min(tokens, (r + 1) * BLOCK);
            int own = r * BLOCK / SEGMENT * SEGMENT;
            double[] q = BlockMethodsTest.mean(input.q(), head, r * BLOCK, to);
            double[] scores = new double[own / BLOCK];
            for (int b = 0; b < scores.length; b++) {
                List<Integer> keys = order.subList(b * BLOCK, (b + 1) * BLOCK);
                scores[b] = BlockMethodsTest.dot(q, meanKey(input, head, keys)) * input.scale();
            }
            SparseCase.soften(scores);
            double held = 0;
            for (int b : BlockMethodsTest.ranked(scores, scores.length)) {
                boolean first = order.indexOf(0) / BLOCK == b;
                for (int i = b * BLOCK; i < (b + 1) * BLOCK; i++) {
                    for (int row = r * BLOCK; row < to; row++) {
                        kept[row][order.get(i)] |= first || held < threshold;
                    }
                }
                held += scores[b];
            }
            for (int row = r * BLOCK; row < to; row++) {
                for (int key = own; key <= row; key++) {
                    kept[row][key] = true;
                }
            }
        }
        return kept;
    }

    @ParameterizedTest
    @CsvSource({"129, 0.5", "300, 0.3", "512, 0.6", "700, 0.8"})
    void keptKeysAreThoseOfTheRule(int tokens, double threshold) {
        SparseCase text = SparseCase.text(4, 2, tokens, 16, 21);
        Plan plan = text.plan(policy, settings(threshold, "mean"));
        for (int head = 0; head < 4; head++) {
            boolean[][] kept = text.kept(plan, head);
            boolean[][] truth = naive(text, head, threshold);
            for (int row = 0; row < tokens; row++) {
                assertThat(kept[row]).as("head %d, row %d", head, row).isEqualTo(truth[row]);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"129, mean", "300, mean", "700, mean", "700, antidiagonal"})
    void theOutputIsOneSoftmaxOverTheKeptKeys(int tokens, String score) {
        SparseCase text = SparseCase.text(4, 2, tokens, 16, 22);
        assertOneSoftmax(text, text.plan(policy, settings(0.4, score)));
    }

    @Test
    void windowsAndSinkLogitsHoldForSortedKeys() {
        AttentionInput plain = SparseCase.text(2, 1, 500, 16, 23).whole();
        SparseCase some =
                SparseCase.of(
                        plain.withMasks(
                                        List.of(
                                                AttentionMask.window(0, 170),
                                                AttentionMask.causal(0)))
                                .withSinks(1, Float.NEGATIVE_INFINITY));
        assertOneSoftmax(some, some.plan(policy, settings(0.5, "mean")));
    }

    /** Sorting alone changes nothing: all blocks kept is dense attention. */
    @Test
    void sortingAloneIsExact() {
        SparseCase some = SparseCase.random(3, 1, 777, 16, 24);
        Plan plan = some.plan(policy, settings(1, "mean"));
        assertThat(SparseCase.difference(some.output(plan), some.dense())).isLessThan(1e-5);
    }

    private static void assertOneSoftmax(SparseCase some, Plan plan) {
        AttentionOutput output = some.output(plan);
        AttentionInput input = some.whole();
        HeadArray v = input.v();
        for (int head = 0; head < input.q().heads(); head++) {
            double[][] scores = some.scores(head);
            boolean[][] kept = some.kept(plan, head);
            for (int row = 0; row < scores.length; row++) {
                double[] sum = new double[v.width()];
                double weight = Math.exp(input.sink(head));
                for (int key = 0; key <= row; key++) {
                    double e = kept[row][key] ? Math.exp(scores[row][key]) : 0;
                    weight += e;
                    for (int d = 0; d < sum.length; d++) {
                        sum[d] += e * v.values()[v.at(input.keyHead(head), key) + d];
                    }
                }
                int at = output.out().at(head, row);
                for (int d = 0; d < sum.length; d++) {
                    assertThat((double) output.out().values()[at + d])
                            .as("head %d, row %d", head, row)
                            .isCloseTo(sum[d] / weight, within(1e-4));
                }
                assertThat((double) output.lse()[head * scores.length + row])
                        .isCloseTo(Math.log(weight), within(1e-3));
            }
        }
    }
}
