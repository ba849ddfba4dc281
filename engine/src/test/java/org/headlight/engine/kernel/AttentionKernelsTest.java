package org.headlight.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;

/** Every implementation against double precision and against the scalar one. */
class AttentionKernelsTest {
    private static final int LANES = AttentionKernels.LANES;
    private static final float MASKED = Float.NEGATIVE_INFINITY;

    static List<AttentionKernels> kernels() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()
                ? List.of(new ScalarKernels())
                : List.of(
                        new ScalarKernels(),
                        KernelProvider.lookup().kernels(),
                        new NarrowVectorKernels());
    }

    private static float[] noise(int size, double sigma, long seed) {
        Random random = new Random(seed);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (sigma * random.nextGaussian());
        }
        return values;
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 7", "5, 32", "6, 64", "7, 80", "63, 7", "64, 1", "65, 32", "126, 64"})
    void scoresAreDotProducts(int keys, int depth) {
        float[] q = noise(depth * LANES, 1, 1);
        float[] k = noise((keys + 2) * depth, 1, 2);
        for (AttentionKernels kernels : kernels()) {
            float[] target = new float[(keys + 3) * LANES];
            Arrays.fill(target, 7);
            kernels.scores(q, depth, k, 2 * depth, keys, target, LANES);
            for (int key = 0; key < keys; key++) {
                for (int lane = 0; lane < LANES; lane++) {
                    double dot = 0;
                    for (int c = 0; c < depth; c++) {
                        dot += (double) q[c * LANES + lane] * k[(key + 2) * depth + c];
                    }
                    assertThat((double) target[(key + 1) * LANES + lane])
                            .as("%s, key %d, lane %d", kernels.name(), key, lane)
                            .isCloseTo(dot, within(1e-6 * Math.max(8, depth)));
                }
            }
            // Nothing before or after the tile is touched.
            assertThat(target[LANES - 1]).isEqualTo(7);
            assertThat(target[(keys + 1) * LANES]).isEqualTo(7);
        }
    }

    /** Scores of which some are masked; lane 5 sees nothing, lane 6 only the last key. */
    private static float[] masked(int keys, double sigma, long seed) {
        float[] s = noise(keys * LANES, sigma, seed);
        Random random = new Random(seed + 1);
        for (int key = 0; key < keys; key++) {
            for (int lane = 0; lane < LANES; lane++) {
                boolean hidden = lane == 6 ? key < keys - 1 : random.nextInt(4) == 0;
                if (hidden || lane == 5) {
                    s[key * LANES + lane] = MASKED;
                }
            }
        }
        return s;
    }

    @ParameterizedTest
    @CsvSource({"1, 3", "2, 3", "63, 3", "65, 40", "300, 3", "1000, 40"})
    void softmaxInPiecesIsTheSoftmaxOfTheWhole(int keys, double sigma) {
        for (AttentionKernels kernels : kernels()) {
            float[] s = masked(keys, sigma, keys);
            float[] original = s.clone();
            float[] max = new float[LANES];
            Arrays.fill(max, MASKED);
            float[] sum = new float[LANES];
            float[] weighted = new float[LANES];
            for (int key = 0; key < keys; key += 126) {
                int piece = Math.min(126, keys - key);
                kernels.accumulate(s, key * LANES, piece, max, sum, weighted);
            }
            assertThat(s).isEqualTo(original);
            assertThat(max[5]).isEqualTo(MASKED);
            float[] inverse = new float[LANES];
            for (int lane = 0; lane < LANES; lane++) {
                boolean empty = max[lane] == MASKED;
                inverse[lane] = empty ? 0 : 1 / sum[lane];
                max[lane] = empty ? 0 : max[lane];
            }
            float[] least = new float[LANES];
            Arrays.fill(least, Float.POSITIVE_INFINITY);
            kernels.normalize(s, 0, keys, max, inverse, least);
            for (int lane = 0; lane < LANES; lane++) {
                check(kernels, original, s, keys, lane, least[lane]);
                if (inverse[lane] > 0) {
                    double bits = Math.log(sum[lane]) / Math.log(2) - weighted[lane] / sum[lane];
                    assertThat(bits)
                            .as("%s entropy of lane %d", kernels.name(), lane)
                            .isCloseTo(entropy(original, keys, lane), within(5e-5));
                }
            }
        }
    }

    private static double[] exact(float[] scores, int keys, int lane) {
        double[] p = new double[keys];
        double max = MASKED;
        for (int key = 0; key < keys; key++) {
            max = Math.max(max, scores[key * LANES + lane]);
        }
        double sum = 0;
        for (int key = 0; key < keys; key++) {
            p[key] = max == MASKED ? 0 : Math.pow(2, scores[key * LANES + lane] - max);
            sum += p[key];
        }
        for (int key = 0; key < keys; key++) {
            p[key] = sum == 0 ? 0 : p[key] / sum;
        }
        return p;
    }

    private static double entropy(float[] scores, int keys, int lane) {
        double bits = 0;
        for (double p : exact(scores, keys, lane)) {
            bits -= p > 0 ? p * Math.log(p) / Math.log(2) : 0;
        }
        return bits;
    }

    /** Single precision: the difference of two scores is rounded in proportion to its size. */
    private static double tolerance(double p) {
        return p == 0 ? 1e-37 : (1e-6 - 1e-7 * Math.log(p)) * p + 1e-37;
    }

    private static void check(
            AttentionKernels kernels, float[] scores, float[] p, int keys, int lane, float least) {
        double[] truth = exact(scores, keys, lane);
        float smallest = Float.POSITIVE_INFINITY;
        for (int key = 0; key < keys; key++) {
            float value = p[key * LANES + lane];
            if (scores[key * LANES + lane] == MASKED) {
                assertThat(value).isZero();
            }
            smallest = value > 0 ? Math.min(smallest, value) : smallest;
            assertThat((double) value)
                    .as("%s, key %d, lane %d", kernels.name(), key, lane)
                    .isCloseTo(truth[key], within(tolerance(truth[key])));
        }
        assertThat(least).isEqualTo(smallest);
    }

    @ParameterizedTest
    @CsvSource({"1, 0, 1", "1, 3, 4", "64, 0, 16", "65, 15, 16", "63, 1, 2", "200, 100, 128"})
    void groupsArePooledFromAnyPhase(int keys, int phase, int group) {
        float[] s = masked(keys, 2, 3);
        int groups = Math.ceilDiv(phase + keys, group);
        float[] values = noise(keys * LANES, 1, 4);
        for (AttentionKernels kernels : kernels()) {
            float[] max = new float[groups * LANES];
            float[] sum = new float[groups * LANES];
            kernels.groupMax(s, 0, keys, phase, group, max);
            kernels.groupSum(values, 0, keys, phase, group, sum);
            float[] maxOfBoth = new float[groups * LANES];
            float[] sumOfBoth = new float[groups * LANES];
            kernels.groups(s, 0, keys, phase, group, maxOfBoth, new float[groups * LANES]);
            kernels.groups(values, 0, keys, phase, group, new float[groups * LANES], sumOfBoth);
            assertThat(maxOfBoth).isEqualTo(max);
            assertThat(sumOfBoth).isEqualTo(sum);
            for (int g = 0; g < groups; g++) {
                for (int lane = 0; lane < LANES; lane++) {
                    float top = MASKED;
                    double total = 0;
                    for (int key = 0; key < keys; key++) {
                        if ((key + phase) / group == g) {
                            top = Math.max(top, s[key * LANES + lane]);
                            total += values[key * LANES + lane];
                        }
                    }
                    assertThat(max[g * LANES + lane]).isEqualTo(top);
                    assertThat((double) sum[g * LANES + lane]).isCloseTo(total, within(1e-5));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void scoresFarBelowTheMaximumBecomeZeroAndNanStaysNan(AttentionKernels kernels) {
        float[] s = new float[3 * LANES];
        s[LANES] = -127;
        s[2 * LANES] = -1e30f;
        s[LANES + 1] = -125.5f;
        s[2 * LANES + 1] = Float.NaN;
        float[] max = new float[LANES];
        float[] inverse = new float[LANES];
        Arrays.fill(inverse, 0.5f);
        kernels.normalize(s, 0, 3, max, inverse, new float[LANES]);
        assertThat(s[0]).isEqualTo(0.5f);
        assertThat(s[LANES]).isZero();
        assertThat(s[2 * LANES]).isZero();
        assertThat(s[LANES + 1]).isPositive();
        assertThat(s[2 * LANES + 1]).isNaN();
    }

    @Test
    void powersOfTwoAreRightToTheLastDigits() {
        assertThat(Exp2.of(0)).isEqualTo(1);
        assertThat(Exp2.of(-126)).isEqualTo(Float.MIN_NORMAL);
        for (int i = 0; i <= 126_000; i++) {
            float x = -i / 1000f;
            double truth = Math.pow(2, x);
            assertThat((double) Exp2.of(x)).isCloseTo(truth, within(3e-7 * truth));
        }
    }

    /** The kernels that a program on this machine runs: one width of vectors in one process. */
    static List<AttentionKernels> used() {
        return List.of(new ScalarKernels(), KernelProvider.lookup().kernels());
    }

    // Not the narrow kernels beside the wide ones: once a process has used two widths, the compiler
    // no longer knows which one a shared method of the Vector API will meet, and boxes.
    @ParameterizedTest
    @MethodSource("used")
    void kernelsAllocateNothing(AttentionKernels kernels) {
        float[] q = noise(32 * LANES, 1, 5);
        float[] k = noise(65 * 32, 1, 6);
        float[] s = new float[65 * LANES];
        float[] groups = new float[65 * LANES];
        float[] max = new float[LANES];
        float[] sum = new float[LANES];
        float[] weighted = new float[LANES];
        Runnable pass =
                () -> {
                    Arrays.fill(max, MASKED);
                    Arrays.fill(sum, 1);
                    kernels.scores(q, 32, k, 0, 65, s, 0);
                    kernels.accumulate(s, 0, 65, max, sum, weighted);
                    kernels.normalize(s, 0, 65, max, sum, weighted);
                    kernels.groupMax(s, 0, 65, 3, 16, groups);
                    kernels.groupSum(s, 0, 65, 3, 16, groups);
                    kernels.groups(s, 0, 65, 3, 16, groups, groups);
                    kernels.moments(s, 0, 65, sum, 0, weighted, max);
                };
        com.sun.management.ThreadMXBean threads =
                (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        // Until it is compiled, a vector operation allocates; then nothing does. A busy machine
        // compiles late.
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (least > 0 && System.nanoTime() < deadline) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 50; i++) {
                pass.run();
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(least).as(kernels.name()).isZero();
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void momentsAreDistancesAndMaxima(AttentionKernels kernels) {
        float[] p = noise(65 * LANES, 1, 10);
        float[] position = noise(LANES, 40, 11);
        float[] distance = new float[LANES];
        float[] largest = new float[LANES];
        Arrays.fill(distance, 2);
        Arrays.fill(largest, 0.5f);
        kernels.moments(p, LANES, 64, position, 9, distance, largest);
        for (int lane = 0; lane < LANES; lane++) {
            double far = 2;
            float top = 0.5f;
            for (int key = 0; key < 64; key++) {
                float value = p[(key + 1) * LANES + lane];
                far += value * Math.abs((double) position[lane] - (9 + key));
                top = Math.max(top, value);
            }
            assertThat((double) distance[lane]).isCloseTo(far, within(1e-2));
            assertThat(largest[lane]).isEqualTo(top);
        }
    }

    @Test
    void theChoiceSaysWhy() {
        KernelProvider.Choice choice = KernelProvider.lookup();
        assertThat(choice.reason())
                .matches(
                        "Vector registers are (512|256|128) bits wide\\."
                                + "|There is no vector kernel for registers of \\d+ bits\\."
                                + "|The module jdk\\.incubator\\.vector is not loaded; .*"
                                + "|The virtual machine only interprets .*");
        assertThat(choice.kernels().name().startsWith("vector"))
                .isEqualTo(choice.reason().startsWith("Vector registers"));
    }

    @Test
    void adaptiveKernelsAreTheVectorKernelsOnceWarm() {
        AttentionKernels goal = KernelProvider.lookup().kernels();
        AdaptiveKernels adaptive = new AdaptiveKernels(new ScalarKernels(), goal);
        assertThat(adaptive.warm()).isFalse();
        float[] q = noise(7 * LANES, 1, 8);
        float[] k = noise(13 * 7, 1, 9);
        float[] cold = new float[13 * LANES];
        adaptive.scores(q, 7, k, 0, 13, cold, 0);
        if (!(goal instanceof ScalarKernels)) {
            assertThat(adaptive.warmUp()).isTrue();
        }
        float[] warm = new float[13 * LANES];
        adaptive.scores(q, 7, k, 0, 13, warm, 0);
        assertThat(warm).containsExactly(cold, within(1e-5f));
    }

    @Test
    void whoWaitsForTheWarmUpFindsTheVectorKernels() {
        AttentionKernels kernels = KernelProvider.best();
        kernels.awaitWarmUp(() -> false);
        assertThat(kernels.warm()).isTrue();
        FlashKernels flash = KernelProvider.flashBest();
        flash.awaitWarmUp(() -> false);
        assertThat(flash.warm()).isTrue();
    }

    @Test
    void whoIsCancelledDoesNotWaitForTheWarmUp() {
        CountDownLatch blocked = new CountDownLatch(1);
        BooleanSupplier endless =
                () -> {
                    try {
                        blocked.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return false;
                };
        Promotion<String> promotion = new Promotion<>("cold", "goal", endless, "endless", 1);
        promotion.await(() -> true);
        assertThat(promotion.now()).isEqualTo("cold");
        blocked.countDown();
        promotion.await(() -> false);
        assertThat(promotion.warm()).isFalse();
    }
}
