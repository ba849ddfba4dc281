package org.headlight.analysis.sparse.prefill;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.analysis.antidiagonal.AntidiagonalScorer;
import org.headlight.analysis.antidiagonal.BlockChooser;
import org.headlight.analysis.antidiagonal.BlockGrid;
import org.headlight.analysis.antidiagonal.BlockSet;
import org.headlight.analysis.antidiagonal.SelectionRule;
import org.headlight.analysis.antidiagonal.XAttentionOptions;
import org.headlight.analysis.sparse.Plan;
import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.Settings;
import org.headlight.analysis.sparse.SparseCase;
import org.headlight.analysis.sparse.select.SiteMaps;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.HeadArray;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.kernel.KernelProvider;
import org.headlight.engine.task.Progress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Locale;

/** The blocks of the policy against a plain restatement, and against those of the analysis. */
class XAttentionPolicyTest {
    private final Policy policy = new XAttentionPolicy();

    private Settings settings(double threshold, String rule) {
        return Settings.standard(policy.info())
                .parsed("block", "64")
                .parsed("rule", rule)
                .with("threshold", threshold);
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 65, 130, 300, 700})
    void theFewestBlocksThatReachTheThresholdAreKept(int tokens) {
        SparseCase text = SparseCase.text(4, 2, tokens, 16, 3);
        Plan plan = text.plan(policy, settings(0.7, "minimal"));
        for (int head = 0; head < 4; head++) {
            boolean[][] blocks = naive(text.whole(), head, 64, 8, 0.7);
            boolean[][] kept = text.kept(plan, head);
            for (int row = 0; row < tokens; row++) {
                for (int key = 0; key <= row; key++) {
                    assertThat(kept[row][key])
                            .as("head %d: %d, %d", head, row, key)
                            .isEqualTo(blocks[row / 64][key / 64]);
                }
            }
        }
    }

    private static boolean[][] naive(
            AttentionInput input, int head, int block, int stride, double threshold) {
        int groups = Math.ceilDiv(input.q().rows(), stride);
        int blocks = Math.ceilDiv(input.q().rows(), block);
        double[][] sums = new double[blocks][blocks];
        for (int i = 0; i < groups; i++) {
            double[] row = new double[i + 1];
            for (int j = 0; j <= i; j++) {
                for (int t = 0; t < stride; t++) {
                    row[j] += dot(input, head, i * stride + stride - 1 - t, j * stride + t);
                }
                row[j] *= input.scale() / stride;
            }
            SparseCase.soften(row);
            for (int j = 0; j <= i; j++) {
                sums[i * stride / block][j * stride / block] += row[j];
            }
        }
        return cover(sums, threshold);
    }

    private static boolean[][] cover(double[][] sums, double threshold) {
        int blocks = sums.length;
        boolean[][] kept = new boolean[blocks][blocks];
        for (int row = 0; row < blocks; row++) {
            kept[row][0] = true;
            kept[row][row] = true;
            double total = 0;
            for (double sum : sums[row]) {
                total += sum;
            }
            while (true) {
                double held = 0;
                int best = -1;
                for (int col = 0; col <= row; col++) {
                    held += kept[row][col] ? sums[row][col] : 0;
                    if (!kept[row][col] && (best < 0 || sums[row][col] > sums[row][best])) {
                        best = col;
                    }
                }
                if (held >= threshold * total || best < 0) {
                    break;
                }
                kept[row][best] = true;
            }
        }
        return kept;
    }

    private static double dot(AttentionInput input, int head, int query, int key) {
        HeadArray q = input.q();
        HeadArray k = input.k();
        double sum = 0;
        for (int c = 0; c < q.width() && query < q.rows() && key < k.rows(); c++) {
            sum +=
                    (double) q.values()[q.at(head, query) + c]
                            * k.values()[k.at(input.keyHead(head), key) + c];
        }
        return sum;
    }

    @ParameterizedTest
    @ValueSource(strings = {"minimal", "reference"})
    void blocksAreThoseOfTheAnalysisAlsoBehindWindowsAndInRowsWithGaps(String rule) {
        SparseCase text = SparseCase.text(2, 2, 900, 16, 8);
        AttentionInput input = text.whole();
        AttentionInput gaps =
                input.with(rowsFirst(input.q()), rowsFirst(input.k()), rowsFirst(input.v()))
                        .withMasks(List.of(AttentionMask.causal(0), AttentionMask.window(0, 300)));
        SparseCase other = SparseCase.of(gaps);
        Plan plan = other.plan(policy, settings(0.8, rule));
        XAttentionOptions options =
                XAttentionOptions.defaults()
                        .withBlock(64)
                        .withThreshold(0.8)
                        .withRule(SelectionRule.valueOf(rule.toUpperCase(Locale.ROOT)));
        for (int head = 0; head < 2; head++) {
            BlockSet truth = analysis(gaps, head, options);
            boolean[][] kept = other.kept(plan, head);
            for (int row = 0; row < 900; row++) {
                for (int key = Math.max(0, head * (row - 299)); key <= row; key++) {
                    assertThat(kept[row][key])
                            .as("head %d: %d, %d", head, row, key)
                            .isEqualTo(truth.contains(row / 64, key / 64));
                }
            }
        }
    }

    private static BlockSet analysis(AttentionInput input, int head, XAttentionOptions options) {
        QkHead map = SiteMaps.map(input, head);
        try (AntidiagonalScorer scorer =
                new AntidiagonalScorer(KernelProvider.lookup().kernels(), 1)) {
            return BlockChooser.choose(
                    scorer.score(map, options, Progress.NONE),
                    new BlockGrid(map, options.block()),
                    options);
        }
    }

    private static HeadArray rowsFirst(HeadArray array) {
        int width = array.width();
        float[] values = new float[array.heads() * array.rows() * width];
        for (int head = 0; head < array.heads(); head++) {
            for (int row = 0; row < array.rows(); row++) {
                int to = (row * array.heads() + head) * width;
                System.arraycopy(array.values(), array.at(head, row), values, to, width);
            }
        }
        return HeadArray.rowsFirst(values, array.heads(), array.rows(), width);
    }
}
