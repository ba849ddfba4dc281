package org.headlight.viz.raster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.ProbabilityHead;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.kernel.KernelProvider;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.problem.CancelledException;
import org.headlight.engine.problem.Problem;
import org.headlight.engine.problem.TooLargeException;
import org.headlight.engine.sweep.MapPooler;
import org.headlight.engine.sweep.PixelRows;
import org.headlight.engine.sweep.PooledMap;
import org.headlight.engine.sweep.RowBlock;
import org.headlight.engine.sweep.SweepConsumer;
import org.headlight.engine.sweep.Visibility;
import org.headlight.engine.task.Progress;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** Maps that are pooled on a device, which is played here in double precision. */
class MapBuilderTest {
    /** Longer than the base level has pixels, so that pixels have several cells. */
    private static final int LONG = 2100;

    private static final QkHead HEAD = TestHeads.noise(LONG, 130, 4, AttentionMask.causal(0), 7);

    private final List<String> told = new ArrayList<>();

    /** A device that computes by the definition. */
    private static class Played implements MapPooler {
        private final boolean takes;
        private final @Nullable Problem failure;
        private int asked;

        Played(boolean takes, @Nullable Problem failure) {
            this.takes = takes;
            this.failure = failure;
        }

        @Override
        public boolean takes(HeadAttention head) {
            return takes;
        }

        @Override
        public String device() {
            return "cuda:3";
        }

        @Override
        public PooledMap pool(
                QkHead head, Visibility visibility, PixelRows pixels, Progress progress) {
            asked++;
            if (failure != null) {
                throw failure;
            }
            int excluded = visibility.excludedCount() == 0 ? -1 : visibility.excluded(0);
            float[][] max = new float[pixels.rows()][];
            float[][] sum = new float[pixels.rows()][];
            for (int y = 0; y < max.length; y++) {
                max[y] = new float[pixels.length(y)];
                sum[y] = pixels.level() == 0 ? max[y] : new float[pixels.length(y)];
            }
            float[] top = new float[head.rows()];
            float[] inverse = new float[head.rows()];
            float least = Float.POSITIVE_INFINITY;
            for (int row = 0; row < head.rows(); row++) {
                double[] p = TestHeads.row(head, row, excluded);
                int y = row >> pixels.level();
                for (int col = 0; col < p.length; col++) {
                    if (p[col] > 0) {
                        int x = (col >> pixels.level()) - pixels.start(y);
                        max[y][x] = Math.max(max[y][x], (float) p[col]);
                        sum[y][x] += pixels.level() == 0 ? 0 : (float) p[col];
                        least = Math.min(least, (float) p[col]);
                    }
                }
                norm(head, row, p, top, inverse);
            }
            return new PooledMap(max, sum, top, inverse, least, 0.25);
        }

        /** The norms that give the row its probabilities: 2^(score - top) x inverse. */
        private static void norm(QkHead head, int row, double[] p, float[] top, float[] inverse) {
            for (int col = 0; col < p.length; col++) {
                if (p[col] > 0) {
                    float[] q = new float[head.q().cols()];
                    float[] k = new float[head.q().cols()];
                    head.q().copyRows(row, row + 1, q, 0);
                    head.k().copyRows(col, col + 1, k, 0);
                    double dot = 0;
                    for (int i = 0; i < q.length; i++) {
                        dot += (double) q[i] * k[i];
                    }
                    top[row] = (float) (dot * head.scale() / Math.log(2));
                    inverse[row] = (float) p[col];
                    return;
                }
            }
        }
    }

    private static final class RowCounter implements SweepConsumer {
        private final AtomicInteger rows = new AtomicInteger();

        @Override
        public Worker worker() {
            return (RowBlock block) -> rows.addAndGet(block.count);
        }

        @Override
        public void finish() {
            // Counted as they came.
        }
    }

    private static MapBuilder processor() {
        return new MapBuilder(KernelProvider.lookup().kernels(), 2, new TileCache(64L << 20));
    }

    private MapBuilder on(MapPooler pooler) {
        return processor().on(pooler, told::add);
    }

    private static void assertSame(HeadMap map, HeadMap expected) {
        assertThat(map.baseLevel()).isEqualTo(expected.baseLevel());
        assertThat(map.topLevel()).isEqualTo(expected.topLevel());
        for (int level = 0; level <= map.topLevel(); level++) {
            int last = (LONG >> level) / TileKey.SIZE;
            for (Pooling pooling : Pooling.values()) {
                for (int at = 0; at <= last; at += Math.max(1, last)) {
                    for (TileKey key :
                            List.of(new TileKey(level, at, at), new TileKey(level, last, 0))) {
                        assertSame(key, map.tile(key, pooling), expected.tile(key, pooling));
                    }
                }
            }
        }
        assertThat(map.range()).containsExactly(expected.range(), within(1e-6f));
    }

    private static void assertSame(TileKey key, float[] tile, float[] expected) {
        for (int i = 0; i < tile.length; i++) {
            boolean none = Float.isNaN(expected[i]);
            boolean same = none ? Float.isNaN(tile[i]) : Math.abs(tile[i] - expected[i]) <= 1e-6f;
            if (!same) {
                assertThat(tile[i]).as("%s, pixel %d", key, i).isEqualTo(expected[i]);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aMapThatWasPooledOnADeviceIsTheOneThatASweepMakes(boolean dropSink) {
        Set<Integer> dropped = dropSink ? Set.of(0) : Set.of();
        Played device = new Played(true, null);
        HeadMap map = on(device).full(HEAD, dropped, Progress.NONE);
        assertThat(device.asked).isEqualTo(1);
        assertThat(map.device()).isEqualTo("cuda:3");
        assertThat(map.droppedMass()).isEqualTo(0.25);
        assertSame(map, processor().full(HEAD, dropped, Progress.NONE));
        assertThat(told).isEmpty();
    }

    @Test
    void aDeviceNeedsNoPreview() {
        Played device = new Played(true, null);
        HeadMap map = on(device).preview(HEAD, Set.of(), Progress.NONE);
        assertThat(map.preview()).isFalse();
        assertThat(processor().preview(HEAD, Set.of(), Progress.NONE).preview()).isTrue();
    }

    @Test
    void othersThatReadTheMapStillSeeEveryRowOnce() {
        RowCounter counter = new RowCounter();
        Played device = new Played(true, null);
        HeadMap map = on(device).full(HEAD, Set.of(), List.of(counter), Progress.NONE);
        assertThat(counter.rows).hasValue(LONG);
        assertThat(map.device()).isEqualTo("cuda:3");
    }

    @Test
    void whatTheDeviceDoesNotTakeIsSwept() {
        Played device = new Played(false, null);
        HeadMap map = on(device).full(HEAD, Set.of(), Progress.NONE);
        assertThat(device.asked).isZero();
        assertThat(map.device()).isEqualTo("cpu");
        assertThat(told).isEmpty();
    }

    @Test
    void probabilitiesOfADumpAreSwept() {
        Played device = new Played(true, null);
        ProbabilityHead dump =
                new ProbabilityHead(TestHeads.matrix(5, 5, 1), AttentionMask.causal(0));
        assertThat(on(device).full(dump, Set.of(), Progress.NONE).device()).isEqualTo("cpu");
        assertThat(device.asked).isZero();
    }

    @Test
    void aDeviceThatFailsLeavesTheMapToTheProcessorAndSaysWhy() {
        HeadMap swept = processor().full(HEAD, Set.of(), Progress.NONE);
        for (Problem failure :
                List.of(
                        new TooLargeException("The map needs 9 MB more.", 9, 1),
                        new BadInputException("The GPU has fallen off the bus."))) {
            told.clear();
            RowCounter counter = new RowCounter();
            HeadMap map =
                    on(new Played(true, failure))
                            .full(HEAD, Set.of(), List.of(counter), Progress.NONE);
            assertThat(told).containsExactly("A map is made on the CPU: " + failure.getMessage());
            assertThat(map.device()).isEqualTo("cpu");
            assertThat(counter.rows).hasValue(LONG);
            assertSame(map, swept);
        }
    }

    @Test
    void aMapThatIsCancelledOnADeviceIsNotMadeAtAll() {
        MapBuilder builder = on(new Played(true, new CancelledException()));
        assertThatThrownBy(() -> builder.full(HEAD, Set.of(), Progress.NONE))
                .isInstanceOf(CancelledException.class);
        assertThat(told).isEmpty();
    }
}
