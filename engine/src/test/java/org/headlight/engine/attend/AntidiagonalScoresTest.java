package org.headlight.engine.attend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.headlight.engine.kernel.AttentionKernels;
import org.headlight.engine.kernel.KernelProvider;
import org.headlight.engine.task.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

/** Block scores against the formula in double precision. */
class AntidiagonalScoresTest {
    private static final double SCALE = 0.2;

    private static double[] naive(HeadArray q, HeadArray k, int head, int stride, int block) {
        int n = Math.ceilDiv(q.rows(), stride);
        int m = Math.ceilDiv(k.rows(), stride);
        int columns = Math.ceilDiv(k.rows(), block);
        double[] sums = new double[Math.ceilDiv(q.rows(), block) * columns];
        int keyHead = head * k.heads() / q.heads();
        for (int i = 0; i < n; i++) {
            double[] p = new double[Math.min(m, i + m - n + 1)];
            double total = 0;
            for (int j = 0; j < p.length; j++) {
                double dot = 0;
                for (int t = 0; t < stride; t++) {
                    int row = i * stride + stride - 1 - t;
                    int key = j * stride + t;
                    for (int c = 0; c < q.width() && row < q.rows() && key < k.rows(); c++) {
                        dot +=
                                (double) q.values()[q.at(head, row) + c]
                                        * k.values()[k.at(keyHead, key) + c];
                    }
                }
                p[j] = Math.exp(SCALE * dot / stride);
                total += p[j];
            }
            for (int j = 0; j < p.length; j++) {
                sums[i * stride / block * columns + j * stride / block] += p[j] / total;
            }
        }
        return sums;
    }

    @ParameterizedTest
    @CsvSource({
        "512, 512, 8, 128",
        "512, 512, 16, 128",
        "1000, 1000, 8, 128",
        "1001, 1003, 16, 64",
        "130, 700, 4, 128",
        "65, 65, 1, 64",
        "300, 300, 1, 128",
        "1, 1, 8, 64"
    })
    void blocksAreSumsOfTheStridedSoftmax(int n, int m, int stride, int block) {
        HeadArray q = HeadArray.headsFirst(AttentionCase.noise(4 * n * 12, 3, 1), 4, n, 12);
        HeadArray k = HeadArray.headsFirst(AttentionCase.noise(2 * m * 12, 1, 2), 2, m, 12);
        int size = Math.ceilDiv(n, block) * Math.ceilDiv(m, block);
        for (AttentionKernels kernels :
                List.of(KernelProvider.scalar(), KernelProvider.lookup().kernels())) {
            float[] sums = AttentionCase.noise(4 * size, 1, 3);
            try (AntidiagonalScores scores = new AntidiagonalScores(kernels, 2)) {
                scores.run(q, k, (float) SCALE, stride, block, sums, Progress.NONE);
            }
            for (int head = 0; head < 4; head++) {
                double[] truth = naive(q, k, head, stride, block);
                for (int i = 0; i < size; i++) {
                    assertThat((double) sums[head * size + i])
                            .as("%s, head %d, block %d", kernels.name(), head, i)
                            .isCloseTo(truth[i], within(2e-4));
                }
            }
        }
    }

    @Test
    void whatDoesNotFitIsRefused() {
        HeadArray q = HeadArray.headsFirst(new float[256], 1, 64, 4);
        try (AntidiagonalScores scores = new AntidiagonalScores(KernelProvider.scalar(), 1)) {
            assertThatThrownBy(() -> scores.run(q, q, 1, 7, 128, new float[100], Progress.NONE))
                    .hasMessage("Groups of 7 in blocks of 128 cannot be scored");
            assertThatThrownBy(() -> scores.run(q, q, 1, 8, 64, new float[0], Progress.NONE))
                    .hasMessage("The target is too small: 0");
        }
    }
}
