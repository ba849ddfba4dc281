package org.headlight.viz.raster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.kernel.AttentionKernels;
import org.headlight.engine.kernel.KernelProvider;
import org.headlight.engine.sweep.HeadReader;
import org.headlight.engine.sweep.HeadReader.Window;
import org.headlight.engine.task.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

class HeadMapTest {
    private static final int SIZE = TileKey.SIZE;

    private static MapBuilder builder(AttentionKernels kernels) {
        return new MapBuilder(kernels, 2, new TileCache(64L << 20));
    }

    private static AttentionMask mask(String kind, int rows, int cols) {
        return switch (kind) {
            case "causal" -> AttentionMask.causal(cols - rows);
            case "window" -> AttentionMask.window(cols - rows, 19);
            case "biased" -> TestHeads.biased(rows, 0.5, 3);
            default -> AttentionMask.full(cols);
        };
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 7, full", "2, 2, 1, causal", "63, 63, 32, causal", "64, 64, 64, window",
        "65, 65, 80, biased", "300, 300, 32, causal", "257, 513, 7, full", "70, 300, 7, causal",
        "1000, 1000, 32, window"
    })
    void cellsAreTheSoftmaxOfTheDefinition(int rows, int cols, int depth, String kind) {
        QkHead head = TestHeads.noise(rows, cols, depth, mask(kind, rows, cols), 4);
        for (AttentionKernels kernels :
                List.of(KernelProvider.scalar(), KernelProvider.lookup().kernels())) {
            for (int excluded : new int[] {-1, 0}) {
                Set<Integer> dropped = excluded < 0 ? Set.of() : Set.of(excluded);
                HeadMap map = builder(kernels).full(head, dropped, Progress.NONE);
                float[] cells = map.cells(0, rows, 0, cols);
                for (int row = 0; row < rows; row++) {
                    double[] truth = TestHeads.row(head, row, excluded);
                    for (int col = 0; col < cols; col++) {
                        assertSame(cells[row * cols + col], truth[col], row, col);
                    }
                }
            }
        }
    }

    private static void assertSame(float value, double truth, int row, int col) {
        boolean same = Double.isNaN(truth) ? Float.isNaN(value) : Math.abs(value - truth) <= 1e-5;
        if (!same) {
            assertThat((double) value).as("cell %d, %d", row, col).isEqualTo(truth);
        }
    }

    /** Pools level 0 by brute force; NaN where no cell exists. */
    private static float pooled(float[] cells, HeadMap map, int level, int y, int x, boolean mean) {
        long row1 = Math.min(map.rows(), (y + 1L) << level);
        long col1 = Math.min(map.cols(), (x + 1L) << level);
        double sum = 0;
        float max = Float.NaN;
        int count = 0;
        for (int row = y << level; row < row1; row++) {
            for (int col = x << level; col < col1; col++) {
                float p = cells[row * map.cols() + col];
                if (!Float.isNaN(p)) {
                    sum += p;
                    max = max >= p ? max : p;
                    count++;
                }
            }
        }
        return count == 0 ? Float.NaN : mean ? (float) (sum / count) : max;
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, full",
        "2, 2, causal",
        "64, 65, full",
        "300, 300, causal",
        "1000, 1000, causal",
        "1000, 1000, window",
        "520, 520, biased",
        "260, 700, full",
        "700, 260, full"
    })
    void everyTileOfEveryLevelPoolsLevelZero(int rows, int cols, String kind) {
        QkHead head = TestHeads.noise(rows, cols, 7, mask(kind, rows, cols), 5);
        for (Set<Integer> dropped : List.of(Set.<Integer>of(), Set.of(0))) {
            HeadMap map =
                    builder(KernelProvider.lookup().kernels()).full(head, dropped, Progress.NONE);
            float[] cells = map.cells(0, rows, 0, cols);
            for (int level = 0; level <= map.topLevel(); level++) {
                compareLevel(map, cells, level);
            }
            assertThat(Math.max(rows, cols) >> map.topLevel()).isLessThanOrEqualTo(SIZE);
        }
    }

    private static void compareLevel(HeadMap map, float[] cells, int level) {
        int height = Math.ceilDiv(map.rows(), 1 << level);
        int width = Math.ceilDiv(map.cols(), 1 << level);
        for (int tileRow = 0; tileRow * SIZE < height; tileRow++) {
            for (int tileCol = 0; tileCol * SIZE < width; tileCol++) {
                TileKey key = new TileKey(level, tileRow, tileCol);
                float[] max = map.tile(key, Pooling.MAX);
                float[] mean = map.tile(key, Pooling.MEAN);
                for (int i = 0; i < SIZE * SIZE; i++) {
                    int y = tileRow * SIZE + i / SIZE;
                    int x = tileCol * SIZE + i % SIZE;
                    assertPixel(max[i], pooled(cells, map, level, y, x, false), 0, key, i);
                    assertPixel(mean[i], pooled(cells, map, level, y, x, true), 1e-6, key, i);
                }
            }
        }
    }

    private static void assertPixel(
            float value, float truth, double tolerance, TileKey key, int i) {
        boolean same =
                Float.isNaN(truth) ? Float.isNaN(value) : Math.abs(value - truth) <= tolerance;
        if (!same) {
            assertThat(value).as("%s pixel %d, %d", key, i / SIZE, i % SIZE).isEqualTo(truth);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "300, 1, causal",
        "300, 2, causal",
        "300, 4, window",
        "600, 8, full",
        "600, 128, causal",
        "200, 16, biased"
    })
    void partsComputedOnDemandPoolLevelZero(int n, int cell, String kind) {
        QkHead head = TestHeads.noise(n, n, 32, mask(kind, n, n), 6);
        for (Set<Integer> dropped : List.of(Set.<Integer>of(), Set.of(0, 7))) {
            HeadReader reader = new HeadReader(head, dropped, KernelProvider.lookup().kernels());
            float[] cells = new float[n * n];
            reader.probabilities(0, n, 0, n, cells, 0, n);
            int level = Integer.numberOfTrailingZeros(cell);
            HeadMap map =
                    builder(KernelProvider.lookup().kernels()).full(head, dropped, Progress.NONE);
            int height = 20;
            int width = 30;
            float[] max = new float[height * width];
            float[] mean = new float[height * width];
            int y0 = cell > 16 ? 0 : 3;
            int x0 = cell > 16 ? 0 : 2;
            Window window = new Window(y0 * cell, x0 * cell, height, width);
            reader.pooled(window, cell, false, max);
            reader.pooled(window, cell, true, mean);
            for (int i = 0; i < height * width; i++) {
                int y = y0 + i / width;
                int x = x0 + i % width;
                TileKey key = new TileKey(level, 0, 0);
                assertPixel(max[i], pooled(cells, map, level, y, x, false), 1e-7, key, i);
                assertPixel(mean[i], pooled(cells, map, level, y, x, true), 1e-6, key, i);
            }
        }
    }

    @Test
    void aMapLargerThanItsPyramidIsTheSameAtEveryLevel() {
        int n = 4200;
        QkHead head = TestHeads.noise(n, n, 7, AttentionMask.causal(0), 8);
        HeadMap map =
                builder(KernelProvider.lookup().kernels()).full(head, Set.of(), Progress.NONE);
        assertThat(map.baseLevel()).isEqualTo(2);
        for (Pooling pooling : Pooling.values()) {
            for (int level = 1; level <= map.topLevel(); level++) {
                int pixels = Math.ceilDiv(n, 1 << level);
                int y = pixels - 3;
                for (int x = 0; x < pixels; x += 37) {
                    TileKey key = new TileKey(level, y / SIZE, x / SIZE);
                    float value = map.tile(key, pooling)[y % SIZE * SIZE + x % SIZE];
                    int row1 = Math.min(n, (y + 1) << level);
                    int col0 = x << level;
                    int col1 = Math.min(n, (x + 1) << level);
                    float[] cells = map.cells(y << level, row1, col0, col1);
                    double sum = 0;
                    float max = Float.NaN;
                    int count = 0;
                    for (float p : cells) {
                        if (!Float.isNaN(p)) {
                            sum += p;
                            max = max >= p ? max : p;
                            count++;
                        }
                    }
                    float truth =
                            count == 0
                                    ? Float.NaN
                                    : pooling == Pooling.MAX ? max : (float) (sum / count);
                    assertPixel(value, truth, pooling == Pooling.MAX ? 1e-7 : 1e-6, key, 0);
                }
            }
        }
    }

    @Test
    void aPreviewSeesOneRowInEveryPixelAndItsFineTilesAreExact() {
        int n = 4200;
        QkHead head = TestHeads.noise(n, n, 7, AttentionMask.causal(0), 9);
        MapBuilder builder = builder(KernelProvider.lookup().kernels());
        HeadMap preview = builder.preview(head, Set.of(), Progress.NONE);
        HeadMap full = builder.full(head, Set.of(), Progress.NONE);
        assertThat(preview.preview()).isTrue();
        assertThat(full.preview()).isFalse();
        TileKey exact = new TileKey(0, 10, 3);
        assertThat(preview.tile(exact, Pooling.MAX)).isEqualTo(full.tile(exact, Pooling.MAX));
        int y = 800;
        float[] sampled = preview.cells(y * 4, y * 4 + 1, 0, n);
        TileKey base = new TileKey(2, y / SIZE, 0);
        float[] tile = preview.tile(base, Pooling.MAX);
        for (int x = 0; x < SIZE; x++) {
            float truth = 0;
            for (int col = 4 * x; col < 4 * x + 4; col++) {
                truth = Math.max(truth, sampled[col]);
            }
            assertThat(tile[y % SIZE * SIZE + x]).isEqualTo(truth);
        }
        assertThat(
                        builder.preview(
                                        TestHeads.noise(9, 9, 3, AttentionMask.causal(0), 1),
                                        Set.of(),
                                        Progress.NONE)
                                .preview())
                .isFalse();
    }

    @Test
    void aReadingNamesTheRankAmongTheVisibleCells() {
        int n = 130;
        QkHead head = TestHeads.noise(n, n, 7, AttentionMask.causal(0), 10);
        HeadMap map =
                builder(KernelProvider.lookup().kernels()).full(head, Set.of(0), Progress.NONE);
        double[] truth = TestHeads.row(head, 100, 0);
        CellReading reading = map.read(100, 37);
        long larger = Arrays.stream(truth).filter(p -> p > truth[37]).count();
        assertThat(reading.rank()).isEqualTo((int) larger + 1);
        assertThat(reading.visible()).isEqualTo(100);
        assertThat((double) reading.probability()).isCloseTo(truth[37], within(1e-6));
        assertThat(reading.masked()).isFalse();
        assertThat(map.read(100, 101)).isEqualTo(new CellReading(100, 101, true, 0, 0, 100));
        assertThat(map.read(100, 0)).isEqualTo(new CellReading(100, 0, true, 0, 0, 100));
        float[] column = map.columnProfile(37);
        assertThat(column).hasSize(n);
        assertThat(column[100]).isEqualTo(reading.probability());
        assertThat(column[36]).isNaN();
    }

    @Test
    void aReadingSaysWhatASinkLogitTook() {
        int n = 130;
        QkHead plain = TestHeads.noise(n, n, 7, AttentionMask.causal(0), 15);
        QkHead head =
                new QkHead(
                        plain.q(), plain.k(), plain.v(), plain.scale(), plain.mask(), 2.5f, 1.25f);
        HeadMap map =
                builder(KernelProvider.lookup().kernels()).full(head, Set.of(), Progress.NONE);
        for (int row : new int[] {0, 1, 64, 129}) {
            double[] truth = TestHeads.row(head, row, -1);
            double keys = Arrays.stream(truth).filter(p -> p > 0).sum();
            CellReading reading = map.read(row, row / 2);
            assertThat((double) reading.probability()).isCloseTo(truth[row / 2], within(1e-5));
            assertThat(reading.sinkShare()).isCloseTo(1 - keys, within(1e-5));
        }
    }

    @Test
    void rangePercentilesAndDroppedMassDescribeTheWholeMap() {
        int n = 200;
        QkHead head = TestHeads.noise(n, n, 7, AttentionMask.causal(0), 11);
        HeadMap map =
                builder(KernelProvider.lookup().kernels()).full(head, Set.of(0), Progress.NONE);
        float[] cells = map.cells(0, n, 0, n);
        float[] visible = new float[cells.length];
        int count = 0;
        for (float p : cells) {
            if (!Float.isNaN(p)) {
                visible[count++] = p;
            }
        }
        Arrays.sort(visible, 0, count);
        assertThat(map.range()).containsExactly(visible[0], visible[count - 1]);
        for (double fraction : new double[] {0, 0.01, 0.5, 0.99, 1}) {
            int rank = Math.max(1, (int) Math.ceil(fraction * count));
            assertThat(map.percentile(fraction, Pooling.MAX)).isEqualTo(visible[rank - 1]);
        }
        double lost = 0;
        for (int row = 0; row < n; row++) {
            lost += TestHeads.row(head, row, -1)[0];
        }
        assertThat(map.droppedMass()).isCloseTo(lost / n, within(1e-6));
    }

    @Test
    void aSinkOneColumnWideIsInEveryThumbnail() {
        int n = 3000;
        QkHead head = TestHeads.noise(n, n, 7, AttentionMask.causal(0), 12);
        HeadMap map =
                builder(KernelProvider.lookup().kernels()).full(head, Set.of(), Progress.NONE);
        for (int px : new int[] {1, 16, 64, 100}) {
            float[] thumbnail = map.thumbnail(px);
            float[] cells = map.cells(n - 1, n, 0, n);
            assertThat(thumbnail).hasSize(px * px);
            for (int col = 0; col < n; col++) {
                int x = (int) ((long) col * px / n);
                assertThat(thumbnail[(px - 1) * px + x]).isGreaterThanOrEqualTo(cells[col]);
            }
        }
        float[] small =
                builder(KernelProvider.lookup().kernels())
                        .full(
                                TestHeads.noise(2, 2, 3, AttentionMask.causal(0), 1),
                                Set.of(),
                                Progress.NONE)
                        .thumbnail(4);
        assertThat(small[0]).isEqualTo(1f);
        assertThat(small[5]).isEqualTo(1f);
        assertThat(small[2]).isNaN();
        assertThat(small[8] + small[10]).isCloseTo(1f, within(1e-6f));
    }

    @Test
    void aSweepSharedWithAnotherConsumerMakesTheSameMap() {
        QkHead head = TestHeads.noise(300, 300, 7, AttentionMask.causal(0), 13);
        HeadReader other = new HeadReader(head, Set.of(), KernelProvider.lookup().kernels());
        MapBuilder builder = builder(KernelProvider.lookup().kernels());
        HeadMap map = builder.full(head, Set.of(), List.of(other.learner()), Progress.NONE);
        float[] learned = new float[300 * 300];
        other.probabilities(0, 300, 0, 300, learned, 0, 300);
        assertThat(learned).isEqualTo(map.cells(0, 300, 0, 300));
    }

    @Test
    void tilesOutsideTheMapAreNanAndOtherLevelsAreRefused() {
        QkHead head = TestHeads.noise(300, 300, 7, AttentionMask.causal(0), 14);
        HeadMap map =
                builder(KernelProvider.lookup().kernels()).full(head, Set.of(), Progress.NONE);
        float[] outside = map.tile(new TileKey(0, 7, 7), Pooling.MAX);
        for (float value : outside) {
            assertThat(value).isNaN();
        }
        assertThatThrownBy(() -> map.tile(new TileKey(2, 0, 0), Pooling.MAX))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "TileKey[level=2, row=0, col=0] is outside the levels 0 to 1 of the map");
        assertThatThrownBy(() -> map.cells(0, 301, 0, 1))
                .hasMessage("rows 0:301 and columns 0:1 do not lie in the map of 300 x 300");
    }
}
