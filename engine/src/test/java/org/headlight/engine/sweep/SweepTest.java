package org.headlight.engine.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.ProbabilityHead;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.kernel.AttentionKernels;
import org.headlight.engine.kernel.KernelProvider;
import org.headlight.engine.problem.CancelledException;
import org.headlight.engine.task.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

class SweepTest {
    private static final List<AttentionKernels> KERNELS =
            List.of(KernelProvider.scalar(), KernelProvider.lookup().kernels());

    /** Compares every row with the definition and counts the rows. */
    private static final class Check implements SweepConsumer {
        private final HeadAttention head;
        private final Set<Integer> excluded;
        private final double tolerance;
        private final List<Integer> rows = new ArrayList<>();
        private boolean finished;

        Check(HeadAttention head, Set<Integer> excluded, double tolerance) {
            this.head = head;
            this.excluded = excluded;
            this.tolerance = tolerance;
        }

        @Override
        public Worker worker() {
            return this::check;
        }

        private synchronized void check(RowBlock block) {
            for (int lane = 0; lane < RowBlock.LANES; lane++) {
                if (lane >= block.count) {
                    for (int key = block.key0; key < block.key1; key++) {
                        assertThat(block.p[(key - block.key0) * 64 + lane]).isZero();
                    }
                    continue;
                }
                int row = block.row0 + lane * block.rowStep;
                rows.add(row);
                NaiveHead.Row truth = NaiveHead.row(head, row, excluded);
                double sum = 0;
                double entropy = 0;
                for (int col = 0; col < head.cols(); col++) {
                    boolean inside = col >= block.key0 && col < block.key1;
                    float p = inside ? block.p[(col - block.key0) * 64 + lane] : 0;
                    if (Math.abs(p - truth.p()[col]) > tolerance
                            || (!truth.visible()[col] && p != 0)) {
                        assertThat((double) p)
                                .as("row %d, key %d", row, col)
                                .isCloseTo(truth.p()[col], within(tolerance));
                        assertThat(p).as("masked cell %d, %d", row, col).isZero();
                    }
                    sum += p;
                    entropy -= truth.p()[col] > 0 ? truth.p()[col] * Math.log(truth.p()[col]) : 0;
                }
                double share = truth.lse() == Double.NEGATIVE_INFINITY ? 1 : truth.sinkShare();
                assertThat((double) block.mass[lane]).isCloseTo(1 - share, within(1e-5));
                if (truth.lse() == Double.NEGATIVE_INFINITY) {
                    assertThat(sum).isZero();
                    assertThat(block.lse[lane]).isEqualTo(Float.NEGATIVE_INFINITY);
                } else {
                    assertThat(sum).isCloseTo(1 - share, within(share == 0 ? 2e-6 : tolerance));
                    assertThat((double) block.lse[lane])
                            .isCloseTo(truth.lse(), within(tolerance * 4));
                }
                assertThat((double) block.entropy[lane]).isCloseTo(entropy, within(5e-5));
                assertThat((double) block.dropped[lane]).isCloseTo(truth.dropped(), within(1e-5));
            }
        }

        @Override
        public void finish() {
            finished = true;
        }
    }

    private static void compare(HeadAttention head, Set<Integer> excluded, double tolerance) {
        for (AttentionKernels kernels : KERNELS) {
            Check check = new Check(head, excluded, tolerance);
            SweepOptions options = new SweepOptions(kernels, 2, 1, excluded);
            Sweep.run(head, List.of(check), options, Progress.NONE);
            assertThat(check.finished).isTrue();
            assertThat(check.rows).hasSize(head.rows()).doesNotHaveDuplicates();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 1",
        "1, 7, 32",
        "2, 2, 7",
        "63, 63, 32",
        "64, 64, 64",
        "65, 65, 80",
        "65, 3, 7",
        "3, 200, 1",
        "1000, 1000, 32"
    })
    void everyRowIsTheSoftmaxOfItsDefinition(int rows, int cols, int depth) {
        compare(NaiveHead.head(rows, cols, depth, 2, AttentionMask.full(cols), 1), Set.of(), 1e-5);
        if (rows <= cols) {
            compare(
                    NaiveHead.head(rows, cols, depth, 2, AttentionMask.causal(cols - rows), 2),
                    Set.of(),
                    1e-5);
            compare(
                    NaiveHead.head(rows, cols, depth, 2, AttentionMask.window(cols - rows, 17), 3),
                    Set.of(),
                    1e-5);
        }
    }

    @Test
    void peakyScoresKeepSinglePrecision() {
        compare(NaiveHead.head(200, 200, 64, 25, AttentionMask.causal(0), 5), Set.of(), 4e-5);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 65, 130})
    void droppedKeysAreMaskedAndTheRestRenormalised(int n) {
        compare(NaiveHead.head(n, n, 32, 2, AttentionMask.causal(0), 7), Set.of(0), 1e-5);
        compare(NaiveHead.head(n, n, 7, 2, AttentionMask.full(n), 8), Set.of(0, 5, 64), 1e-5);
        compare(NaiveHead.head(n, n, 7, 2, AttentionMask.window(0, 3), 9), Set.of(0, 1), 1e-5);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 64, 65, 150})
    void biasesAndArbitraryMasksAreFollowed(int n) {
        compare(NaiveHead.head(n, n, 7, 2, biased(n, 0.4, 11), 12), Set.of(), 1e-5);
        compare(NaiveHead.head(n, n, 7, 2, biased(n, 0.9, 13), 14), Set.of(0), 1e-5);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "2, 2, 7", "63, 63, 32", "64, 64, 64", "65, 65, 80", "3, 200, 1"})
    void softCapsAndSinkLogitsAreFollowed(int rows, int cols, int depth) {
        AttentionMask causal = AttentionMask.causal(cols - rows);
        for (float sink : new float[] {QkHead.NO_SINK, -40, 0.5f, 7, 300}) {
            QkHead head = NaiveHead.head(rows, cols, depth, 8, causal, 40);
            compare(NaiveHead.with(head, 0, sink), Set.of(), 1e-5);
            compare(NaiveHead.with(head, 5, sink), Set.of(), 1e-5);
            compare(NaiveHead.with(head, 50, sink), Set.of(0), 2e-5);
        }
    }

    @Test
    void softCapsOfPeakyScoresAndBiasesAfterThem() {
        QkHead head = NaiveHead.head(1000, 1000, 32, 25, AttentionMask.window(0, 300), 41);
        compare(NaiveHead.with(head, 30, 2), Set.of(), 4e-5);
        QkHead biased = NaiveHead.head(65, 65, 7, 6, biased(65, 0.5, 42), 43);
        compare(NaiveHead.with(biased, 3, -1), Set.of(1, 64), 1e-5);
    }

    @Test
    void partsOfAMapWithSoftCapAndSinkAreExactAndSayWhatTheSinkTook() {
        int n = 130;
        QkHead plain = NaiveHead.head(n, n, 32, 6, AttentionMask.causal(0), 44);
        QkHead head = NaiveHead.with(plain, 4, 1.5f);
        HeadReader reader = new HeadReader(head, Set.of(), KernelProvider.best());
        float[] row = new float[n];
        for (int r : new int[] {0, 1, 63, 64, 129}) {
            reader.probabilities(r, r + 1, 0, n, row, 0, n);
            NaiveHead.Row truth = NaiveHead.row(head, r, Set.of());
            for (int c = 0; c <= r; c++) {
                assertThat((double) row[c]).isCloseTo(truth.p()[c], within(1e-5));
            }
            assertThat(reader.sinkShare(row)).isCloseTo(truth.sinkShare(), within(1e-5));
        }
        assertThat(new HeadReader(plain, Set.of(), KernelProvider.best()).sinkShare(row)).isZero();
    }

    @Test
    void aSoftCapIsTheHyperbolicTangent() {
        float cap = 50;
        float[] scores = new float[20_001];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = (i - 10_000) * 0.1f;
        }
        float[] capped = scores.clone();
        new SoftCap(cap).apply(capped, 1, scores.length);
        assertThat(capped[0]).isEqualTo(scores[0]);
        for (int i = 1; i < scores.length; i++) {
            double truth = cap * Math.tanh(scores[i] / AttentionKernels.LOG2E / cap);
            assertThat((double) capped[i] / AttentionKernels.LOG2E)
                    .isCloseTo(truth, within(4e-7 * cap));
        }
    }

    /** A mask of random biases of which a share is masked, every seventh row whole. */
    static AttentionMask biased(int n, double share, long seed) {
        Random random = new Random(seed);
        float[][] bias = new float[n][n];
        for (int r = 0; r < n; r++) {
            for (int c = 0; c < n; c++) {
                boolean hidden = r % 7 == 3 || random.nextDouble() < share;
                bias[r][c] = hidden ? AttentionMask.MASKED : (float) random.nextGaussian();
            }
        }
        return new AttentionMask() {
            @Override
            public int firstKey(int row) {
                return 0;
            }

            @Override
            public int endKey(int row) {
                return n;
            }

            @Override
            public boolean unbiased() {
                return false;
            }

            @Override
            public float bias(int row, int col) {
                return bias[row][col];
            }

            @Override
            public boolean causal() {
                return false;
            }
        };
    }

    @ParameterizedTest
    @CsvSource({"1000, 16", "65, 4", "129, 128"})
    void aSampledSweepSeesEveryStepthRowExactly(int n, int step) {
        HeadAttention head = NaiveHead.head(n, n, 32, 2, AttentionMask.causal(0), 20);
        Check check = new Check(head, Set.of(), 1e-5);
        Sweep.run(head, List.of(check), SweepOptions.standard().withRowStep(step), Progress.NONE);
        assertThat(check.rows).hasSize(Math.ceilDiv(n, step)).allMatch(row -> row % step == 0);
    }

    @Test
    void aDumpOfProbabilitiesIsPassedOnAsItIs() {
        float[][] p = {{1, 0, 0}, {0.25f, 0.75f, 0}, {0.5f, 0.125f, 0.375f}};
        HeadAttention head = new ProbabilityHead(NaiveHead.matrix(p, 3), AttentionMask.causal(0));
        List<Float> seen = new ArrayList<>();
        Sweep.run(head, List.of(collect(seen)), SweepOptions.standard(), Progress.NONE);
        assertThat(seen).containsExactly(1f, 0f, 0f, 0.25f, 0.75f, 0f, 0.5f, 0.125f, 0.375f);
        seen.clear();
        SweepOptions dropped = new SweepOptions(KernelProvider.best(), 1, 1, Set.of(0));
        Sweep.run(head, List.of(collect(seen)), dropped, Progress.NONE);
        assertThat(seen).containsExactly(0f, 0f, 0f, 0f, 1f, 0f, 0f, 0.25f, 0.75f);
    }

    private static SweepConsumer collect(List<Float> target) {
        return new SweepConsumer() {
            @Override
            public Worker worker() {
                return block -> {
                    for (int lane = 0; lane < block.count; lane++) {
                        for (int key = block.key0; key < block.key1; key++) {
                            target.add(block.p[(key - block.key0) * 64 + lane]);
                        }
                    }
                };
            }

            @Override
            public void finish() {
                // Everything was collected on the way.
            }
        };
    }

    @Test
    void cancellingEndsTheSweepAndFinishesNobody() {
        HeadAttention head = NaiveHead.head(1000, 1000, 7, 2, AttentionMask.causal(0), 30);
        AtomicInteger blocks = new AtomicInteger();
        AtomicBoolean finished = new AtomicBoolean();
        SweepConsumer counting = counting(blocks::incrementAndGet, finished);
        Progress afterTwo =
                new Progress() {
                    @Override
                    public void at(double fraction, String stage) {
                        assertThat(fraction).isBetween(0.0, 1.0);
                    }

                    @Override
                    public boolean cancelled() {
                        return blocks.get() >= 2;
                    }
                };
        assertThatThrownBy(() ->
                        Sweep.run(
                                head,
                                List.of(counting),
                                SweepOptions.standard().withThreads(2),
                                afterTwo))
                .isInstanceOf(CancelledException.class);
        assertThat(blocks.get()).isBetween(2, 4);
        assertThat(finished).isFalse();
    }

    @Test
    void whatAConsumerThrowsComesOut() {
        HeadAttention head = NaiveHead.head(200, 200, 7, 2, AttentionMask.causal(0), 31);
        AtomicBoolean finished = new AtomicBoolean();
        SweepConsumer failing =
                counting(
                        () -> {
                            throw new IllegalStateException("the consumer broke");
                        },
                        finished);
        assertThatThrownBy(() ->
                        Sweep.run(
                                head,
                                List.of(failing),
                                SweepOptions.standard().withThreads(2),
                                Progress.NONE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the consumer broke");
        assertThat(finished).isFalse();
    }

    private static SweepConsumer counting(Runnable onBlock, AtomicBoolean finished) {
        return new SweepConsumer() {
            @Override
            public Worker worker() {
                return block -> onBlock.run();
            }

            @Override
            public void finish() {
                finished.set(true);
            }
        };
    }
}
