package org.headlight.engine.attend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.kernel.FlashKernels;
import org.headlight.engine.kernel.FlashKernelsForTests;
import org.headlight.engine.problem.CancelledException;
import org.headlight.engine.task.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;

/** Dense attention of every implementation against double precision. */
class AttentionTest {
    /** Scores up to about 10 are rounded in steps of 1e-6, and summed over D products. */
    private static final double TOLERANCE = 8e-6;

    private static final NaiveAttention.Chosen ALL = (head, row, key) -> true;

    private static void check(AttentionInput input, double tolerance) {
        for (FlashKernels kernels : FlashKernelsForTests.all()) {
            AttentionOutput output = AttentionCase.run(kernels, input, Selection.dense());
            AttentionCase.check(kernels.name(), input, ALL, output, tolerance);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 64, 64",
        "1, 1000, 64, 64",
        "2, 2, 32, 32",
        "2, 65, 33, 20",
        "7, 700, 100, 36",
        "9, 9, 48, 48",
        "63, 63, 96, 96",
        "64, 64, 80, 80",
        "65, 65, 36, 128",
        "65, 200, 100, 1",
        "130, 64, 256, 256",
        "1000, 1000, 64, 64",
        "200, 1000, 128, 128"
    })
    void everyQuerySeesEveryKey(int n, int m, int depth, int width) {
        check(AttentionCase.input(AttentionMask.full(m), 2, 2, 2, n, m, depth, width), TOLERANCE);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "1, 700",
        "2, 2",
        "3, 513",
        "63, 63",
        "64, 64",
        "65, 65",
        "65, 190",
        "1000, 1000"
    })
    void causalAttentionStopsAtTheQuery(int n, int m) {
        check(AttentionCase.input(AttentionMask.causal(m - n), 2, 2, 1, n, m, 40, 40), TOLERANCE);
    }

    @Test
    void queriesBeforeTheFirstKeySeeNothing() {
        AttentionInput input =
                AttentionCase.input(AttentionMask.causal(-70), 2, 2, 1, 100, 30, 8, 8);
        check(input, TOLERANCE);
        AttentionOutput output =
                AttentionCase.run(FlashKernelsForTests.best(), input, Selection.dense());
        assertThat(output.lse()[69]).isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(output.lse()[70]).isFinite();
        for (int d = 0; d < 8; d++) {
            assertThat(output.out().values()[output.out().at(1, 69) + d]).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, 600, 3",
        "5, 5, 2",
        "200, 200, 1",
        "200, 200, 33",
        "130, 1000, 64",
        "1000, 1000, 200"
    })
    void aWindowKeepsTheLastKeys(int n, int m, int width) {
        check(
                AttentionCase.input(AttentionMask.window(m - n, width), 2, 2, 2, n, m, 33, 24),
                TOLERANCE);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 65, 200})
    void peakyScoresUpToFifty(int n) {
        AttentionInput input = AttentionCase.input(AttentionMask.causal(0), 14, 2, 1, n, n, 64, 64);
        // The scores themselves are rounded: 50 in single precision has steps of 4e-6.
        check(input, 6e-5);
    }

    @ParameterizedTest
    @CsvSource({"8, 2", "6, 1", "4, 4", "3, 1"})
    void queryHeadsShareKeyHeads(int heads, int keyHeads) {
        check(
                AttentionCase.input(AttentionMask.causal(0), 2, heads, keyHeads, 70, 70, 16, 20),
                3e-6);
        check(
                AttentionCase.input(AttentionMask.causal(599), 2, heads, keyHeads, 1, 600, 16, 20),
                3e-6);
    }

    /** Runs of keys of their own, some empty; holes and numbers where biased. */
    private record Spans(int keys, boolean biased, int seed) implements AttentionMask {
        @Override
        public int firstKey(int row) {
            return row % 5 == 3 ? 0 : row * 7 % keys / 2;
        }

        @Override
        public int endKey(int row) {
            return row % 5 == 3 ? 0 : Math.min(keys, firstKey(row) + 1 + row * 13 % keys);
        }

        @Override
        public boolean unbiased() {
            return !biased;
        }

        @Override
        public float bias(int row, int col) {
            if (col < firstKey(row) || col >= endKey(row)) {
                return MASKED;
            }
            if (!biased) {
                return 0;
            }
            return row % 11 == 4 || (row + col) % 6 == 0
                    ? MASKED
                    : (float) Math.sin(seed + row * 0.3 + col);
        }

        @Override
        public boolean causal() {
            return false;
        }
    }

    @ParameterizedTest
    @CsvSource({"6, 90, false", "6, 90, true", "150, 90, false", "150, 90, true"})
    void rowsSeeRunsOfTheirOwnWithBiasAndHoles(int n, int m, boolean biased) {
        AttentionInput input = AttentionCase.input(new Spans(m, biased, 0), 2, 2, 2, n, m, 36, 36);
        check(input, TOLERANCE);
        List<AttentionMask> perHead = new ArrayList<>();
        perHead.add(new Spans(m, true, 1));
        perHead.add(AttentionMask.full(m));
        check(input.withMasks(perHead), TOLERANCE);
    }

    @ParameterizedTest
    @CsvSource({"1, 30, 2", "70, 5, 2", "70, 50, 20", "3, 1, 8"})
    void scoresAreSoftlyCappedBeforeTheBias(int n, float cap, double spread) {
        AttentionInput input =
                AttentionCase.input(new Spans(80, true, 3), spread, 2, 1, n, 80, 64, 64)
                        .withSoftCap(cap);
        check(input, 2e-5);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 70})
    void sinkLogitsCountInTheDenominator(int n) {
        AttentionInput input =
                AttentionCase.input(new Spans(80, false, 0), 2, 4, 2, n, 80, 32, 32)
                        .withSinks(1.5f, Float.NEGATIVE_INFINITY, -20, 30);
        check(input, TOLERANCE);
    }

    @Test
    void tokensFirstAndStridedRowsGiveTheSame() {
        int heads = 3;
        int n = 70;
        int width = 20;
        AttentionInput plain =
                AttentionCase.input(AttentionMask.causal(0), 2, heads, heads, n, n, width, width);
        HeadArray[] moved = {plain.q(), plain.k(), plain.v()};
        for (int i = 0; i < 3; i++) {
            HeadArray from = moved[i];
            int row = heads * width + 5;
            HeadArray to =
                    HeadArray.strided(new float[11 + n * row], heads, n, width, 11, width, row);
            for (int head = 0; head < heads; head++) {
                for (int r = 0; r < n; r++) {
                    System.arraycopy(
                            from.values(), from.at(head, r), to.values(), to.at(head, r), width);
                }
            }
            moved[i] = to;
        }
        AttentionInput strided =
                AttentionInput.of(
                        moved[0], moved[1], moved[2], plain.scale(), AttentionMask.causal(0));
        float[] values = new float[n * heads * width];
        AttentionOutput output =
                new AttentionOutput(
                        HeadArray.rowsFirst(values, heads, n, width), new float[heads * n]);
        try (Attention attention = new Attention(FlashKernelsForTests.best(), 3)) {
            attention.run(strided, output, Progress.NONE);
        }
        AttentionCase.check("strided", plain, ALL, output, TOLERANCE);
        assertThat(output.counters().pairs()).isEqualTo(3 * (64 * 64 + 6 * 70));
        assertThat(output.counters().bytes()).isEqualTo(4L * 3 * (70 * 20 + (64 + 70) * (20 + 20)));
        assertThat(output.counters().nanoseconds()).isPositive();
    }

    @Test
    void notANumberIsNotHidden() {
        AttentionInput input = AttentionCase.input(AttentionMask.causal(0), 2, 1, 1, 70, 70, 8, 8);
        input.q().values()[input.q().at(0, 5)] = Float.NaN;
        input.v().values()[input.v().at(0, 68)] = Float.NaN;
        for (FlashKernels kernels : FlashKernelsForTests.all()) {
            float[] out = AttentionCase.run(kernels, input, Selection.dense()).out().values();
            assertThat(out[5 * 8]).isNaN();
            assertThat(out[69 * 8]).isNaN();
            assertThat(out[4 * 8]).isFinite();
        }
    }

    @Test
    void partsMergeIntoTheWhole() {
        int n = 100;
        AttentionInput input = AttentionCase.input(AttentionMask.causal(0), 4, 2, 1, n, n, 16, 16);
        FlashKernels kernels = FlashKernelsForTests.best();
        // The band sees the last 10 keys; the rest are keys up to 10 before.
        AttentionOutput whole = AttentionCase.run(kernels, input, Selection.band(0, 10));
        AttentionInput before =
                AttentionInput.of(
                        input.q(), input.k(), input.v(), input.scale(), AttentionMask.causal(-10));
        AttentionOutput part = AttentionCase.run(kernels, before, Selection.dense());
        assertThat(part.lse()[3]).isEqualTo(Float.NEGATIVE_INFINITY);
        LogSumExp.merge(part, whole);
        AttentionCase.check("merged", input, ALL, whole, TOLERANCE);
        assertThat(LogSumExp.of(Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY))
                .isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(LogSumExp.of(100, Float.NEGATIVE_INFINITY)).isEqualTo(100);
        assertThat(LogSumExp.of(3, 3)).isCloseTo((float) (3 + Math.log(2)), within(1e-6f));
    }

    @Test
    void cancellingStopsTheWork() {
        AttentionInput input = AttentionCase.input(AttentionMask.full(64), 2, 4, 1, 640, 64, 8, 8);
        AttentionOutput output = AttentionOutput.allocate(4, 640, 8);
        Progress cancelled =
                new Progress() {
                    @Override
                    public void at(double fraction, String stage) {}

                    @Override
                    public boolean cancelled() {
                        return true;
                    }
                };
        try (Attention attention = new Attention(FlashKernelsForTests.best(), 2)) {
            assertThatThrownBy(() -> attention.run(input, output, cancelled))
                    .isInstanceOf(CancelledException.class);
            // The next call works as if nothing had been.
            attention.run(input, output, Progress.NONE);
        }
        AttentionCase.check("after", input, ALL, output, TOLERANCE);
    }

    @Test
    void aMaskThatFailsFailsTheCallOnEveryThread() {
        AttentionMask broken =
                new AttentionMask() {
                    @Override
                    public int firstKey(int row) {
                        throw new IllegalStateException("row " + row);
                    }

                    @Override
                    public int endKey(int row) {
                        return 1;
                    }

                    @Override
                    public boolean unbiased() {
                        return true;
                    }

                    @Override
                    public float bias(int row, int col) {
                        return 0;
                    }

                    @Override
                    public boolean causal() {
                        return false;
                    }
                };
        AttentionInput input = AttentionCase.input(broken, 2, 2, 1, 640, 64, 8, 8);
        AttentionOutput output = AttentionOutput.allocate(2, 640, 8);
        try (Attention attention = new Attention(FlashKernelsForTests.best(), 2)) {
            for (int i = 0; i < 20; i++) {
                assertThatThrownBy(() -> attention.run(input, output, Progress.NONE))
                        .isInstanceOf(IllegalStateException.class);
            }
        }
    }

    @Test
    void shapesThatDoNotFitAreRefused() {
        AttentionInput input = AttentionCase.input(AttentionMask.full(5), 2, 2, 1, 3, 5, 4, 6);
        try (Attention attention = new Attention(FlashKernelsForTests.best(), 1)) {
            assertThatThrownBy(() ->
                            attention.run(input, AttentionOutput.allocate(2, 3, 4), Progress.NONE))
                    .hasMessage("The output is [2, 3, 4], attention gives [2, 3, 6]");
        }
        assertThatThrownBy(() -> AttentionCase.input(AttentionMask.full(5), 2, 3, 2, 3, 5, 4, 6))
                .hasMessage("3 query heads cannot share 2 key heads");
        assertThatThrownBy(() -> HeadArray.headsFirst(new float[23], 2, 3, 4))
                .hasMessage("heads x rows x width needs 24 elements, the array has 23");
    }
}
