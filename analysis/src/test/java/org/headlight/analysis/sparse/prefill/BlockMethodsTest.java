package org.headlight.analysis.sparse.prefill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.headlight.analysis.sparse.Plan;
import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.Settings;
import org.headlight.analysis.sparse.SparseCase;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.HeadArray;
import org.headlight.engine.task.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Methods that choose square blocks, against plain restatements and published numbers. */
class BlockMethodsTest {
    /** The largest first; of equal ones the first. */
    static List<Integer> ranked(double[] values, int count) {
        return IntStream.range(0, count)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -values[i]))
                .toList();
    }

    /** The mean of some rows, in double precision. */
    static double[] mean(HeadArray rows, int head, int from, int to) {
        double[] mean = new double[rows.width()];
        for (int row = from; row < to; row++) {
            for (int c = 0; c < mean.length; c++) {
                mean[c] += rows.values()[rows.at(head, row) + c] / (double) (to - from);
            }
        }
        return mean;
    }

    static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int c = 0; c < a.length; c++) {
            sum += a[c] * b[c];
        }
        return sum;
    }

    /** Scaled scores of mean queries and mean keys. */
    static double[][] pooled(AttentionInput input, int head, int queryBlock, int keyBlock) {
        int rows = input.q().rows();
        int keys = input.k().rows();
        int keyHead = input.keyHead(head);
        double[][] scores =
                new double[Math.ceilDiv(rows, queryBlock)][Math.ceilDiv(keys, keyBlock)];
        for (int r = 0; r < scores.length; r++) {
            int to = Math.min(rows, (r + 1) * queryBlock);
            double[] q = mean(input.q(), head, r * queryBlock, to);
            for (int c = 0; c < scores[r].length; c++) {
                int end = Math.min(keys, (c + 1) * keyBlock);
                double[] k = mean(input.k(), keyHead, c * keyBlock, end);
                scores[r][c] = dot(q, k) * input.scale();
            }
        }
        return scores;
    }

    static void assertBlocks(SparseCase some, Plan plan, int head, boolean[][] blocks, int block) {
        boolean[][] kept = some.kept(plan, head);
        for (int row = 0; row < kept.length; row++) {
            for (int key = 0; key <= row; key++) {
                assertThat(kept[row][key])
                        .as("head %d: %d, %d", head, row, key)
                        .isEqualTo(blocks[row / block][key / block]);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {63, 64, 65, 300, 700})
    void meanPoolKeepsTheBlocksWhoseMeansFitBest(int tokens) {
        SparseCase text = SparseCase.text(4, 2, tokens, 16, 4);
        Policy policy = new MeanPool();
        for (String forced : List.of("none", "ends")) {
            Settings settings =
                    Settings.standard(policy.info()).with("blocks", 3).parsed("forced", forced);
            Plan plan = text.plan(policy, settings);
            for (int head = 0; head < 4; head++) {
                double[][] scores = pooled(text.whole(), head, 64, 64);
                boolean[][] blocks = new boolean[scores.length][scores.length];
                for (int r = 0; r < scores.length; r++) {
                    if (forced.equals("ends")) {
                        scores[r][0] = Double.POSITIVE_INFINITY;
                        scores[r][r] = Double.POSITIVE_INFINITY;
                        scores[r][Math.max(0, r - 1)] = Double.POSITIVE_INFINITY;
                    }
                    for (int c : ranked(scores[r], r + 1).stream().limit(3).toList()) {
                        blocks[r][c] = true;
                    }
                }
                assertBlocks(text, plan, head, blocks, 64);
            }
        }
    }

    @Test
    void flexPrefillGivesThePublishedNumbers() {
        SparseCase vector = flexVector();
        FlexChoice choice = new FlexChoice(128, 0.9, 0.1, 128, vector.run(1).sweep());
        int[][] covers = {{385, 400}, {328, 401}};
        double[] distances = {0.100851, 0.098503};
        for (int head = 0; head < 2; head++) {
            LastQueries last =
                    new LastQueries(
                            vector.whole(), head, 128, vector.run(1).sweep(), Progress.NONE);
            assertThat(choice.cover(last.columns(), 128)).isEqualTo(covers[head][0]);
            assertThat(choice.cover(last.distances(), 128)).isEqualTo(covers[head][1]);
            assertThat(choice.pattern(vector.whole(), head, last).distance())
                    .isCloseTo(distances[head], within(1e-5));
        }
    }

    private static SparseCase flexVector() {
        int width = 8;
        float[] q = new float[2 * 512 * width];
        float[] k = new float[2 * 512 * width];
        for (int h = 0; h < 2; h++) {
            for (int i = 0; i < 512; i++) {
                for (int c = 0; c < width; c++) {
                    int at = (h * 512 + i) * width + c;
                    q[at] = (float) (2 * Math.sin(0.37 * (i + 1) * (c + 1) + 1.3 * h));
                    k[at] = (float) (2 * Math.cos(0.23 * (i + 1) * (c + 2) - 0.7 * h));
                }
            }
        }
        HeadArray keys = HeadArray.headsFirst(k, 2, 512, width);
        return SparseCase.of(SparseCase.causal(HeadArray.headsFirst(q, 2, 512, width), keys, keys));
    }

    @Test
    void flexPrefillKeepsThePublishedBlocks() {
        SparseCase vector = flexVector();
        Policy policy = new FlexPrefill();
        Plan plan = vector.plan(policy, Settings.standard(policy.info()).with("budget", 128));
        boolean[][] all = new boolean[4][4];
        for (int r = 0; r < 4; r++) {
            Arrays.fill(all[r], 0, r + 1, true);
        }
        assertBlocks(vector, plan, 0, all, 128);
        all[3][1] = false;
        assertBlocks(vector, plan, 1, all, 128);
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 700, 1000})
    void flexPrefillKeepsColumnsAndDiagonalsThatCoverTheShare(int tokens) {
        SparseCase text = SparseCase.text(3, 1, tokens, 16, 6);
        Policy policy = new FlexPrefill();
        Settings settings =
                Settings.standard(policy.info())
                        .parsed("block", "64")
                        .with("gamma", 0.5)
                        .with("tau", 0)
                        .with("budget", 64);
        Plan plan = text.plan(policy, settings);
        for (int head = 0; head < 3; head++) {
            double[][] map = text.map(head);
            int blocks = Math.ceilDiv(tokens, 64);
            double[] column = new double[tokens];
            double[] slash = new double[tokens];
            for (int row = tokens - 64; row < tokens; row++) {
                for (int key = 0; key <= row; key++) {
                    column[key] += map[row][key] / 64;
                    slash[row - key] += map[row][key] / 64;
                }
            }
            List<Integer> columns = coverBlocks(column, blocks);
            List<Integer> slashes = coverBlocks(slash, blocks);
            boolean[][] kept = new boolean[blocks][blocks];
            for (int r = 0; r < blocks; r++) {
                for (int c = 0; c <= r; c++) {
                    kept[r][c] = columns.contains(c) || slashes.contains(r - c);
                }
            }
            assertBlocks(text, plan, head, kept, 64);
        }
    }

    private static List<Integer> coverBlocks(double[] values, int blocks) {
        double held = 0;
        int cover = 1;
        for (int i : ranked(values, values.length)) {
            held += values[i];
            if (held > 0.5) {
                break;
            }
            cover++;
        }
        double[] sums = new double[blocks];
        for (int i = 0; i < values.length; i++) {
            sums[i / 64] += values[i];
        }
        sums[0] = Double.POSITIVE_INFINITY;
        return ranked(sums, blocks).stream().limit(cover / 64 + 1L).toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {65, 300, 700})
    void theOracleKeepsTheFewestBlocksThatHoldTheShare(int tokens) {
        SparseCase text = SparseCase.text(2, 1, tokens, 16, 2);
        Policy policy = new OracleBlocks();
        Plan plan = text.plan(policy, Settings.standard(policy.info()).with("share", 0.8));
        for (int head = 0; head < 2; head++) {
            double[][] map = text.map(head);
            int blocks = Math.ceilDiv(tokens, 64);
            boolean[][] kept = new boolean[blocks][blocks];
            for (int r = 0; r < blocks; r++) {
                double[] sums = new double[blocks];
                double total = 0;
                for (int row = r * 64; row < Math.min(tokens, r * 64 + 64); row++) {
                    for (int key = 0; key <= row; key++) {
                        sums[key / 64] += map[row][key];
                        total += map[row][key];
                    }
                }
                double held = 0;
                for (int c : ranked(sums, blocks)) {
                    kept[r][c] = held < 0.8 * total;
                    held += sums[c];
                }
            }
            assertBlocks(text, plan, head, kept, 64);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {65, 300, 700})
    void theGroundTruthKeepsBlocksWhoseLargestProbabilityPasses(int tokens) {
        SparseCase text = SparseCase.text(2, 1, tokens, 16, 2);
        Policy policy = new SeerOracle();
        Plan plan = text.plan(policy, Settings.standard(policy.info()).with("threshold", 0.03));
        for (int head = 0; head < 2; head++) {
            double[][] map = text.map(head);
            int blocks = Math.ceilDiv(tokens, 64);
            boolean[][] kept = new boolean[blocks][blocks];
            for (int row = 0; row < tokens; row++) {
                for (int key = 0; key <= row; key++) {
                    boolean passes = map[row][key] > 0.03 || row / 64 == key / 64;
                    kept[row / 64][key / 64] |= passes || row / 64 >= blocks - 2;
                }
            }
            assertBlocks(text, plan, head, kept, 64);
        }
    }

    @Test
    void headsThatLookFarBackAreDense() {
        SparseCase text = SparseCase.text(4, 4, 600, 16, 7);
        Policy policy = new LServe();
        Settings settings = Settings.standard(policy.info()).with("sink", 64).with("window", 64);
        Plan plan = text.plan(policy, settings);
        double[] far = new double[4];
        for (int head = 0; head < 4; head++) {
            double[][] map = text.map(head);
            for (int row = 536; row < 600; row++) {
                for (int key = 64; key <= row - 64; key++) {
                    far[head] += map[row][key];
                }
            }
        }
        List<Integer> dense = ranked(far, 4).subList(0, 2);
        for (int head = 0; head < 4; head++) {
            boolean[][] blocks = new boolean[10][10];
            for (int r = 0; r < 10; r++) {
                for (int c = 0; c <= r; c++) {
                    blocks[r][c] = dense.contains(head) || c == 0 || c == r;
                }
            }
            assertBlocks(text, plan, head, blocks, 64);
        }
    }
}
