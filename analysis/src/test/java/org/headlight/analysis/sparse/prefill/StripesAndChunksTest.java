package org.headlight.analysis.sparse.prefill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.headlight.analysis.sparse.Plan;
import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.Settings;
import org.headlight.analysis.sparse.SparseCase;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.problem.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Methods that choose single keys or small chunks, against plain restatements. */
class StripesAndChunksTest {
    private static void assertKept(SparseCase some, Plan plan, int head, boolean[][] truth) {
        boolean[][] kept = some.kept(plan, head);
        for (int row = 0; row < kept.length; row++) {
            for (int key = 0; key <= row; key++) {
                assertThat(kept[row][key])
                        .as("head %d: %d, %d", head, row, key)
                        .isEqualTo(truth[row][key]);
            }
        }
    }

    private static Settings anchor(double theta) {
        return Settings.standard(new AnchorAttention().info())
                .parsed("block", "64")
                .with("step", 2)
                .with("theta", theta);
    }

    @ParameterizedTest
    @ValueSource(ints = {127, 128, 300, 700})
    void anchorKeepsKeysThatComeNearTheAnchor(int tokens) {
        SparseCase text = SparseCase.text(3, 1, tokens, 16, 31);
        Plan plan = text.plan(new AnchorAttention(), anchor(1.5));
        for (int head = 0; head < 3; head++) {
            assertKept(text, plan, head, anchorNaive(text, head, 1.5));
        }
    }

    private static boolean[][] anchorNaive(SparseCase text, int head, double theta) {
        double[][] scores = text.scores(head);
        int tokens = scores.length;
        boolean[][] kept = new boolean[tokens][tokens];
        for (int row = 0; row < tokens; row++) {
            int start = row / 128 * 128;
            for (int key = 0; key <= row; key++) {
                boolean full = start + 128 <= tokens;
                kept[row][key] = !full || key < 64 || key >= start - 64;
            }
        }
        for (int start = 0; start + 128 <= tokens; start += 128) {
            for (int block = start; block < start + 128; block += 64) {
                double anchor = 0;
                for (int row = block; row < block + 64; row++) {
                    double most = Double.NEGATIVE_INFINITY;
                    for (int key = 0; key <= row; key++) {
                        boolean region = key < 64 || key >= start - 64;
                        most = region ? Math.max(most, scores[row][key]) : most;
                    }
                    anchor += most / 64;
                }
                for (int key = 64; key < start - 64; key++) {
                    double mean = 0;
                    for (int row = block; row < block + 64; row++) {
                        mean += scores[row][key] / 64;
                    }
                    for (int row = start; row < start + 128; row++) {
                        kept[row][key] |= mean + theta >= anchor;
                    }
                }
            }
        }
        return kept;
    }

    @Test
    void thetaForARecallReachesItAndNotMuchMore() {
        SparseCase text = SparseCase.text(3, 1, 1024, 16, 32);
        Policy policy = new AnchorAttention();
        for (double share : new double[] {0.8, 0.95}) {
            Plan plan = text.plan(policy, anchor(12).with("recall", share));
            for (int head = 0; head < 3; head++) {
                boolean[][] kept = text.kept(plan, head);
                double[][] map = text.map(head);
                double held = 0;
                for (int row = 256; row < 1024; row++) {
                    for (int key = 0; key <= row; key++) {
                        held += kept[row][key] ? map[row][key] / 768 : 0;
                    }
                }
                assertThat(held).as("head %d, share %s", head, share).isGreaterThan(share - 0.02);
            }
        }
        assertThat(text.density(text.plan(policy, anchor(12).with("recall", 0.8))))
                .isLessThan(text.density(text.plan(policy, anchor(12).with("recall", 0.999))));
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 130, 300, 1000})
    void hipKeepsTheChunksThatHalvingFinds(int tokens) {
        SparseCase text = SparseCase.text(4, 2, tokens, 16, 33);
        Policy policy = new HipAttention();
        Settings settings =
                Settings.standard(policy.info())
                        .parsed("chunks", "64/16/4")
                        .with("sink", 6)
                        .with("window", 40)
                        .with("first", 192)
                        .with("second", 96)
                        .with("keep", 32);
        Plan plan = text.plan(policy, settings);
        boolean[][] truth = new boolean[tokens][tokens];
        for (int from = 0; from < tokens; from += 64) {
            List<Integer> chunks = hipNaive(text.whole(), from, 6, from - 39);
            for (int row = from; row < Math.min(tokens, from + 64); row++) {
                for (int key = 0; key <= row; key++) {
                    truth[row][key] = key < 6 || key >= from - 39;
                }
                for (int chunk : chunks) {
                    for (int key = chunk; key < chunk + 4; key++) {
                        truth[row][key] = true;
                    }
                }
            }
        }
        for (int head = 0; head < 4; head++) {
            assertKept(text, plan, head, truth);
        }
    }

    private static List<Integer> hipNaive(AttentionInput input, int from, int sink, int end) {
        int[][] stages = {{64, 4, 192}, {16, 4, 96}, {4, 1, 32}};
        List<Integer> chunks = new ArrayList<>();
        for (int start = sink; start < end; start += 64) {
            chunks.add(start);
        }
        int size = 64;
        for (int[] stage : stages) {
            List<Integer> parts = new ArrayList<>();
            for (int chunk : chunks) {
                for (int at = chunk; at < Math.min(end, chunk + size); at += stage[0]) {
                    parts.add(at);
                }
            }
            size = stage[0];
            if (parts.size() > stage[2] / size) {
                Map<Integer, Double> scores = new HashMap<>();
                for (int part : parts) {
                    int to = Math.min(end, part + size);
                    double most = Double.NEGATIVE_INFINITY;
                    for (int head = 0; head < input.q().heads(); head++) {
                        most = Math.max(most, descend(input, head, from, stage[1], part, to));
                    }
                    scores.put(part, most);
                }
                parts.sort(Comparator.comparingDouble(part -> -scores.getOrDefault(part, 0.0)));
                parts = new ArrayList<>(parts.subList(0, stage[2] / size));
                parts.sort(Comparator.naturalOrder());
            }
            chunks = parts;
        }
        return chunks;
    }

    private static double descend(
            AttentionInput input, int head, int from, int stride, int left, int right) {
        if (right - left == 1) {
            return score(input, head, from, stride, left);
        }
        int middle = (left + right) / 2;
        double one = score(input, head, from, stride, (left + middle) / 2);
        double other = score(input, head, from, stride, (middle + right) / 2);
        int newLeft = one > other ? left : middle;
        int newRight = one > other ? middle : right;
        double here = Math.max(one, other);
        return newRight - newLeft == 1
                ? here
                : Math.max(here, descend(input, head, from, stride, newLeft, newRight));
    }

    private static double score(AttentionInput input, int head, int from, int stride, int key) {
        double[] k = BlockMethodsTest.mean(input.k(), input.keyHead(head), key, key + 1);
        double most = Double.NEGATIVE_INFINITY;
        int end = Math.min(input.q().rows(), from + 64);
        for (int row = from; row < end; row += stride) {
            double[] q = BlockMethodsTest.mean(input.q(), head, row, Math.min(end, row + stride));
            most = Math.max(most, BlockMethodsTest.dot(q, k));
        }
        return most;
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 300, 1000})
    void infllmKeepsBlocksByTheAttentionToShortMeans(int tokens) {
        SparseCase text = SparseCase.text(4, 2, tokens, 16, 34);
        Policy policy = new InfllmV2();
        Settings settings =
                Settings.standard(policy.info())
                        .with("kernel", 16)
                        .with("stride", 8)
                        .with("block", 32)
                        .with("window", 64)
                        .with("blocks", 6);
        Plan plan = text.plan(policy, settings);
        for (int head = 0; head < 4; head++) {
            double[][] first = infllmScores(text.whole(), head / 2 * 2);
            double[][] second = infllmScores(text.whole(), head / 2 * 2 + 1);
            boolean[][] truth = new boolean[tokens][tokens];
            for (int row = 0; row < tokens; row++) {
                int own = row / 32;
                double[] scores = new double[own + 1];
                for (int b = 0; b <= own; b++) {
                    for (int i = Math.max(0, 4 * b - 1); i <= 4 * b + 3; i++) {
                        boolean there = i < first[row].length;
                        double sum = there ? first[row][i] + second[row][i] : 0;
                        scores[b] = Math.max(scores[b], sum);
                    }
                    scores[b] = b < 1 || b >= own - 2 ? Double.POSITIVE_INFINITY : scores[b];
                }
                for (int b : BlockMethodsTest.ranked(scores, own + 1).stream().limit(6).toList()) {
                    Arrays.fill(truth[row], b * 32, Math.min(row + 1, b * 32 + 32), true);
                }
            }
            assertKept(text, plan, head, truth);
        }
    }

    /** What each query of a head looks at among means of 16 keys, one every 8. */
    private static double[][] infllmScores(AttentionInput input, int head) {
        int tokens = input.q().rows();
        double[][] attention = new double[tokens][];
        for (int row = 0; row < tokens; row++) {
            int count = row < 15 ? 0 : (row - 15) / 8 + 1;
            attention[row] = new double[count];
            double[] q = BlockMethodsTest.mean(input.q(), head, row, row + 1);
            for (int i = 0; i < count; i++) {
                double[] k =
                        BlockMethodsTest.mean(input.k(), input.keyHead(head), i * 8, i * 8 + 16);
                attention[row][i] = BlockMethodsTest.dot(q, k) * input.scale();
            }
            SparseCase.soften(attention[row]);
        }
        return attention;
    }

    @Test
    void meansThatDoNotFillBlocksAreRefused() {
        Policy policy = new InfllmV2();
        Settings settings = Settings.standard(policy.info()).with("block", 30).with("stride", 8);
        SparseCase some = SparseCase.random(1, 1, 64, 4, 1);
        assertThatThrownBy(() -> some.plan(policy, settings))
                .isInstanceOf(BadInputException.class)
                .hasMessage(
                        "stride of infllm-v2 is 8 and does not divide its block of 30; choose one"
                                + " that does, such as 6.");
    }
}
