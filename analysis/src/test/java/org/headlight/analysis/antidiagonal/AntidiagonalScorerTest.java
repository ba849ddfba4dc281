package org.headlight.analysis.antidiagonal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.ProbabilityHead;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.kernel.KernelProvider;
import org.headlight.engine.matrix.ArrayMatrix;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;

/** Block scores against the formula in double precision. */
class AntidiagonalScorerTest {
    private static BlockTable score(HeadAttention head, XAttentionOptions options) {
        try (AntidiagonalScorer scorer =
                new AntidiagonalScorer(KernelProvider.lookup().kernels(), 2)) {
            return scorer.score(head, options, Progress.NONE);
        }
    }

    private static XAttentionOptions options(int block, int stride, ScoreVariant variant) {
        return XAttentionOptions.defaults()
                .withStride(1)
                .withBlock(block)
                .withStride(stride)
                .withVariant(variant)
                .withSeed(7);
    }

    private static float[] row(float[][] rows, int at, int width) {
        return at < rows.length ? rows[at] : new float[width];
    }

    /** The definition, group by group. */
    private static double[][] naive(QkHead head, XAttentionOptions options, int window) {
        float[][] q = Heads.rows((ArrayMatrix) head.q());
        float[][] k = Heads.rows((ArrayMatrix) head.k());
        int stride = options.stride();
        int width = head.q().cols();
        int n = Math.ceilDiv(q.length, stride);
        int m = Math.ceilDiv(k.length, stride);
        int[] partner = AntidiagonalScorer.pairing(options);
        double[][] p = new double[n][m];
        for (int i = 0; i < n; i++) {
            double sum = 0;
            for (int j = 0; j < m; j++) {
                int back = i + m - n - j;
                boolean hidden = head.mask().causal() && back < 0;
                hidden |= window > 0 && back * stride - (stride - 1) >= window;
                double score = 0;
                for (int t = 0; t < stride; t++) {
                    score +=
                            Heads.dot(
                                    row(q, i * stride + partner[t], width),
                                    row(k, j * stride + t, width));
                }
                p[i][j] = hidden ? 0 : Math.exp(score * head.scale() / stride);
                sum += p[i][j];
            }
            for (int j = 0; j < m; j++) {
                p[i][j] /= sum;
            }
        }
        return Heads.sums(p, options.block() / stride);
    }

    private static void assertClose(BlockTable table, double[][] truth, double tolerance) {
        assertThat(table.rows()).isEqualTo(truth.length);
        assertThat(table.cols()).isEqualTo(truth[0].length);
        for (int row = 0; row < truth.length; row++) {
            for (int col = 0; col < truth[0].length; col++) {
                assertThat(table.get(row, col))
                        .as("block %d, %d", row, col)
                        .isCloseTo(truth[row][col], within(tolerance));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, 8, 4",
        "2, 16, 8",
        "63, 16, 8",
        "64, 16, 4",
        "65, 16, 16",
        "1000, 128, 8",
        "50, 12, 3",
        "200, 96, 32",
        "129, 64, 64",
        "300, 100, 5"
    })
    void everyVariantIsTheSumOfItsPairs(int length, int block, int stride) {
        QkHead head = Heads.random(length, length, 5, AttentionMask.causal(0), length);
        for (ScoreVariant variant : ScoreVariant.values()) {
            XAttentionOptions options = options(block, stride, variant);
            assertClose(score(head, options), naive(head, options, 0), 1e-4);
        }
    }

    @ParameterizedTest
    @CsvSource({"64, 100, 16, 4", "100, 64, 16, 8", "65, 65, 32, 8", "1, 9, 8, 8"})
    void withoutAMaskEveryGroupIsSeenAndPaddingIsNot(int n, int m, int block, int stride) {
        QkHead head = Heads.random(n, m, 4, AttentionMask.full(m), 3);
        XAttentionOptions options = options(block, stride, ScoreVariant.ANTIDIAGONAL);
        assertClose(score(head, options), naive(head, options, 0), 1e-4);
    }

    @ParameterizedTest
    @CsvSource({"200, 37, 16, 4", "130, 64, 32, 8", "100, 1, 8, 8", "70, 9, 8, 4"})
    void aWindowHidesTheGroupsBeforeIt(int length, int window, int block, int stride) {
        QkHead head = Heads.random(length, length, 4, AttentionMask.window(0, window), 5);
        XAttentionOptions options = options(block, stride, ScoreVariant.ANTIDIAGONAL);
        assertClose(score(head, options), naive(head, options, window), 1e-4);
    }

    @Test
    void strideOneGivesTheExactBlockSumsOfTheMap() {
        QkHead head = Heads.random(150, 150, 6, AttentionMask.causal(0), 1);
        BlockTable scores = score(head, options(32, 1, ScoreVariant.ANTIDIAGONAL));
        assertClose(scores, Heads.sums(Heads.map(head), 32), 1e-4);
    }

    @Test
    void aFullBlockRowSumsToBlockOverStride() {
        QkHead head = Heads.random(512, 512, 6, AttentionMask.causal(0), 2);
        BlockTable scores = score(head, options(64, 8, ScoreVariant.RANDOM));
        for (int row = 0; row < 8; row++) {
            assertThat(scores.total(row)).isCloseTo(8, within(1e-5));
        }
    }

    @Test
    void aRandomPairingIsAPermutationThatItsSeedDecides() {
        XAttentionOptions options = options(64, 16, ScoreVariant.RANDOM);
        int[] pairing = AntidiagonalScorer.pairing(options);
        assertThat(pairing).isEqualTo(AntidiagonalScorer.pairing(options));
        assertThat(pairing).isNotEqualTo(AntidiagonalScorer.pairing(options.withSeed(8)));
        assertThat(Arrays.stream(pairing).sorted().toArray())
                .isEqualTo(IntStream.range(0, 16).toArray());
    }

    @Test
    void probabilitiesAloneAreRefused() {
        HeadAttention head =
                new ProbabilityHead(
                        new ArrayMatrix(new float[] {1, 0, 0.5f, 0.5f}, 2, 2),
                        AttentionMask.causal(0));
        assertThatThrownBy(() -> score(head, XAttentionOptions.defaults()))
                .isInstanceOf(BadInputException.class)
                .hasMessage(
                        "This dump holds probabilities (2 x 2) and no queries and keys, which the"
                                + " antidiagonal scores are made of; open the model itself, a"
                                + " capture, or a dump with layers.N.q and layers.N.k.");
    }

    @Test
    void parametersThatDoNotGoTogetherAreRefused() {
        XAttentionOptions good = XAttentionOptions.defaults();
        Map<String, ThrowingCallable> wrong =
                Map.of(
                        "A stride of 7 does not go with blocks of 128 tokens; give one from 1 to 64"
                                + " that divides 128, such as 8.",
                        () -> good.withStride(7),
                        "A block of 0 tokens makes no sense; give a size from 1 to 16384, such as"
                                + " 128.",
                        () -> good.withBlock(0),
                        "A threshold of 1.5 makes no sense; give a share above 0 and up to 1, such"
                                + " as 0.9.",
                        () -> good.withThreshold(1.5),
                        "A threshold of NaN makes no sense; give a share above 0 and up to 1, such"
                                + " as 0.9.",
                        () -> good.withThreshold(Double.NaN),
                        "A chunk of 100 queries is no multiple of the block of 128 tokens; give"
                                + " one, or 0 for what the published code takes.",
                        () -> good.withChunk(100));
        wrong.forEach((sentence, call) ->
                assertThatThrownBy(call)
                        .isInstanceOf(BadInputException.class)
                        .hasMessage(sentence));
    }
}
