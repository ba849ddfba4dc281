package org.headlight.viz.raster;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

class MapPainterTest {
    private static final Palette PALETTE = ColorMap.VIRIDIS.palette(false);
    private static final Scale LOG = new Scale(Scale.Kind.LOG, 1e-4f, 1);
    private static final Scale LINEAR = new Scale(Scale.Kind.LINEAR, 0, 1);

    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "2, 2",
        "63, 64",
        "64, 65",
        "255, 256",
        "257, 256",
        "300, 40",
        "40, 300",
        "513, 513"
    })
    void everyPixelShowsThePooledValueOfExactlyTheCellsItCovers(int rows, int cols) {
        RandomGenerator random = random(rows * 31L + cols);
        for (boolean causal : new boolean[] {true, false}) {
            FormulaMap map = FormulaMap.distinct(rows, cols, causal);
            for (Pooling pooling : Pooling.values()) {
                MapPainter painter = new MapPainter(new PaintStyle(pooling, LOG, PALETTE));
                compare(painter, map, MapViewport.fit(rows, cols, 37, 41));
                for (int i = 0; i < 6; i++) {
                    double scale = Math.pow(2, random.nextDouble(-4, 1));
                    MapViewport view =
                            new MapViewport(
                                    random.nextDouble(-10, cols),
                                    random.nextDouble(-10, rows),
                                    scale,
                                    1 + random.nextInt(90),
                                    1 + random.nextInt(70));
                    compare(painter, map, view);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {2, 2.7, 3, 4, 5.9, 8, 11.3})
    void coarseMaximaAreTheMaximaOfAllTexelsUnderThePixel(double cellsPerPixel) {
        FormulaMap map = FormulaMap.distinct(700, 600, true);
        MapPainter painter = new MapPainter(new PaintStyle(Pooling.MAX, LOG, PALETTE));
        MapViewport view = new MapViewport(17.3, 40.8, cellsPerPixel, 50, 45);
        int[] argb = new int[50 * 45];
        painter.paint(map, view, argb);
        int texel = 1 << Math.min(view.level(), map.topLevel());
        for (int y = 0; y < 45; y++) {
            for (int x = 0; x < 50; x++) {
                int row0 = edge(40.8 + y * cellsPerPixel, texel);
                int row1 = edge(40.8 + (y + 1) * cellsPerPixel, texel);
                int col0 = edge(17.3 + x * cellsPerPixel, texel);
                int col1 = edge(17.3 + (x + 1) * cellsPerPixel, texel);
                assertThat(argb[y * 50 + x])
                        .as("pixel %d, %d", x, y)
                        .isEqualTo(
                                expected(
                                        map, new Share(row0, row1, col0, col1), Pooling.MAX, x, y));
            }
        }
    }

    @Test
    void aSinkOneColumnWideIsNeverLostAtAnyZoomOrSize() {
        RandomGenerator random = random(5);
        for (int i = 0; i < 400; i++) {
            int n = 2 + random.nextInt(3000);
            int sink = random.nextInt(n);
            FormulaMap map = new FormulaMap(n, n, false, (row, col) -> col == sink ? 1 : 1e-3);
            double scale = Math.pow(2, random.nextDouble(-3, 12));
            MapViewport view =
                    new MapViewport(0, 0, scale, 1 + random.nextInt(64), 1 + random.nextInt(8))
                            .clamp(n, n);
            double left = Math.max(0, Math.min(sink - random.nextInt(3), n - 1));
            view = new MapViewport(left, 0, view.cellsPerPixel(), view.width(), view.height());
            if (view.xOf(sink + 1) > view.width()) {
                continue;
            }
            int[] argb = new int[view.width() * view.height()];
            new MapPainter(new PaintStyle(Pooling.MAX, LINEAR, PALETTE))
                    .paint(cheap(map, sink), view, argb);
            int bright = PALETTE.entry(255);
            for (int y = 0; y < view.height() && view.rowAt(y) < n; y++) {
                boolean seen = false;
                for (int x = 0; x < view.width(); x++) {
                    seen |= argb[y * view.width() + x] == bright;
                }
                assertThat(seen).as("n %d, sink %d, row %d of %s", n, sink, y, view).isTrue();
            }
        }
    }

    @Test
    void aMissingTileIsReportedAndItsPlaceTakenByACoarserOne() {
        FormulaMap map = FormulaMap.distinct(600, 600, false);
        Set<TileKey> held = new HashSet<>();
        held.add(new TileKey(0, 0, 0));
        held.add(new TileKey(2, 0, 0));
        MapViewport view = new MapViewport(250, 250, 1, 12, 12);
        int[] argb = new int[144];
        Painting painting =
                new MapPainter(new PaintStyle(Pooling.MAX, LOG, PALETTE))
                        .paint(holding(map, held), view, argb);

        assertThat(painting.complete()).isFalse();
        assertThat(painting.missing())
                .containsExactlyInAnyOrder(
                        new TileKey(0, 0, 1), new TileKey(0, 1, 0), new TileKey(0, 1, 1));
        for (int y = 0; y < 12; y++) {
            for (int x = 0; x < 12; x++) {
                int row = 250 + y;
                int col = 250 + x;
                boolean exact = row < 256 && col < 256;
                int size = exact ? 1 : 4;
                int row0 = row / size * size;
                int col0 = col / size * size;
                assertThat(argb[y * 12 + x])
                        .isEqualTo(
                                expected(
                                        map,
                                        new Share(row0, row0 + size, col0, col0 + size),
                                        Pooling.MAX,
                                        x,
                                        y));
            }
        }
    }

    @Test
    void whereNothingIsAtHandThePixelsArePendingAndTheNearestTilesComeFirst() {
        FormulaMap map = FormulaMap.distinct(2000, 2000, false);
        MapViewport view = new MapViewport(0, 0, 1, 700, 200);
        int[] argb = new int[700 * 200];
        Painting painting =
                new MapPainter(new PaintStyle(Pooling.MAX, LOG, PALETTE))
                        .paint(holding(map, Set.of()), view, argb);

        assertThat(argb).containsOnly(PALETTE.pending());
        assertThat(painting.missing())
                .containsExactly(new TileKey(0, 0, 1), new TileKey(0, 0, 0), new TileKey(0, 0, 2));
    }

    @Test
    void droppedKeysLookDifferentFromMaskedOnes() {
        FormulaMap map =
                new FormulaMap(8, 8, false, (row, col) -> col == 0 || col > row ? Double.NaN : 0.5);
        int[] argb = new int[64];
        new MapPainter(new PaintStyle(Pooling.MAX, LINEAR, PALETTE, 1))
                .paint(map, new MapViewport(0, 0, 1, 8, 8), argb);
        assertThat(argb[3 * 8]).isEqualTo(PALETTE.dropped(0, 3));
        assertThat(argb[3 * 8 + 3]).isEqualTo(PALETTE.argb(0.5f));
        assertThat(argb[3 * 8 + 5]).isEqualTo(PALETTE.masked(5, 3));
        assertThat(PALETTE.dropped()).isNotEqualTo(PALETTE.masked());
    }

    @ParameterizedTest
    @EnumSource(Scale.Kind.class)
    void tableLookUpGivesExactlyTheColorOfTheScale(Scale.Kind kind) {
        RandomGenerator random = random(9);
        for (float high : new float[] {1, 0.05f, 0.7312f}) {
            Scale scale = new Scale(kind, 2e-5f, high);
            Colorizer colorizer = new Colorizer(scale, PALETTE);
            for (int i = 0; i < 20000; i++) {
                float value = (float) Math.exp(random.nextDouble(Math.log(1e-7), 0));
                int wanted =
                        value < scale.low()
                                ? PALETTE.under()
                                : value > high
                                        ? PALETTE.over()
                                        : PALETTE.argb(scale.position(value));
                assertThat(colorizer.color(value)).as("value %s", value).isEqualTo(wanted);
            }
            assertThat(colorizer.color(0)).isEqualTo(PALETTE.under());
            assertThat(colorizer.color(high)).isEqualTo(PALETTE.entry(255));
        }
    }

    private static void compare(MapPainter painter, FormulaMap map, MapViewport view) {
        int[] argb = new int[view.width() * view.height()];
        Painting painting = painter.paint(map, view, argb);
        assertThat(painting.complete()).isTrue();
        if (view.level() > 0) {
            return;
        }
        for (int y = 0; y < view.height(); y++) {
            for (int x = 0; x < view.width(); x++) {
                int row0 = view.rowAt(y);
                int col0 = view.colAt(x);
                int row1 = Math.max(row0 + 1, view.rowAt(y + 1));
                int col1 = Math.max(col0 + 1, view.colAt(x + 1));
                Pooling pooling = painter.style().pooling();
                assertThat(argb[y * view.width() + x])
                        .as("pixel %d, %d of %s", x, y, view)
                        .isEqualTo(expected(map, new Share(row0, row1, col0, col1), pooling, x, y));
            }
        }
    }

    /** The cells under a pixel: rows and columns from, inclusive, to, exclusive. */
    private record Share(int row0, int row1, int col0, int col1) {}

    private static int expected(FormulaMap map, Share share, Pooling pooling, int x, int y) {
        if (share.row1 <= 0
                || share.col1 <= 0
                || share.row0 >= map.rows()
                || share.col0 >= map.cols()) {
            return PALETTE.outside();
        }
        float value =
                map.pooled(
                        Math.max(0, share.row0),
                        share.row1,
                        Math.max(0, share.col0),
                        share.col1,
                        pooling);
        if (Float.isNaN(value)) {
            return PALETTE.masked(x, y);
        }
        return value < LOG.low() ? PALETTE.under() : PALETTE.argb(LOG.position(value));
    }

    private static int edge(double cell, int texel) {
        return (int) Math.floor(cell / texel) * texel;
    }

    /** A source whose pooled tiles follow from the position of the sink. */
    private static TileSource cheap(FormulaMap map, int sink) {
        return new TileSource() {
            @Override
            public int rows() {
                return map.rows();
            }

            @Override
            public int cols() {
                return map.cols();
            }

            @Override
            public int topLevel() {
                return map.topLevel();
            }

            @Override
            public float[] tileIfPresent(TileKey key, Pooling pooling) {
                float[] tile = new float[TileKey.SIZE * TileKey.SIZE];
                int col = (sink >> key.level()) - key.col() * TileKey.SIZE;
                for (int row = 0; row < TileKey.SIZE && col >= 0 && col < TileKey.SIZE; row++) {
                    tile[row * TileKey.SIZE + col] = 1;
                }
                return tile;
            }
        };
    }

    private static TileSource holding(FormulaMap map, Set<TileKey> held) {
        return new TileSource() {
            @Override
            public int rows() {
                return map.rows();
            }

            @Override
            public int cols() {
                return map.cols();
            }

            @Override
            public int topLevel() {
                return map.topLevel();
            }

            @Override
            public float @Nullable [] tileIfPresent(TileKey key, Pooling pooling) {
                return held.contains(key) ? map.tile(key, pooling) : null;
            }
        };
    }

    private static RandomGenerator random(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }
}
