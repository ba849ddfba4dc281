package org.headlight.viz.control.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.headlight.viz.control.FormulaMap;
import org.headlight.viz.raster.CellReading;
import org.headlight.viz.raster.MapViewport;
import org.headlight.viz.raster.Pooling;
import org.headlight.viz.raster.TileKey;
import org.junit.jupiter.api.Test;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

class PiecesTest {

    @Test
    void theBadgeNamesThePoolingAndItsFactor() {
        MapViewport exact = new MapViewport(0, 0, 0.5, 10, 10);
        MapViewport little = new MapViewport(0, 0, 1.44, 10, 10);
        MapViewport much = new MapViewport(0, 0, 128, 10, 10);
        assertThat(BadgeText.of(exact, Pooling.MAX, false)).isEqualTo("exact");
        assertThat(BadgeText.of(little, Pooling.MEAN, false)).isEqualTo("mean-pooled 1.4\u00d7");
        assertThat(BadgeText.of(much, Pooling.MAX, true))
                .isEqualTo("preview, max-pooled 128\u00d7");
    }

    @Test
    void probabilitiesAreWrittenSoThatTheyReadBackAsTheSameFloat() {
        for (float p : new float[] {0.1f, 1 / 3f, Float.MIN_NORMAL, 0.99999994f, 4.2e-5f}) {
            CellText text =
                    CellText.of(new CellReading(7, 2, false, p, 1, 8), List.of(), List.of());
            assertThat(Float.parseFloat(text.probability())).isEqualTo(p);
            assertThat(text.rank()).isEqualTo("rank 1 of 8");
            assertThat(text.query()).isEqualTo("7");
        }
    }

    @Test
    void whatASinkLogitTakesIsSaid() {
        CellReading taken = new CellReading(7, 2, false, 0.25f, 1, 8, 0.125);
        CellText text = CellText.of(taken, List.of(), List.of());
        assertThat(text.sink()).isEqualTo("sink logit: 0.125");
        assertThat(text.spoken()).isEqualTo("query 7, key 2, 0.25, rank 1, sink logit: 0.125");
        CellReading none = new CellReading(7, 2, false, 0.25f, 1, 8);
        assertThat(CellText.of(none, List.of(), List.of()).sink()).isEmpty();
    }

    @Test
    void aSurfaceIsNeverLargerThanOneTexture() {
        assertThat(Surface.density(1000, 700, 2)).isEqualTo(2);
        assertThat(Surface.density(3000, 700, 2) * 3000).isEqualTo(Surface.MAX_SIDE);
        assertThatThrownBy(() -> new Surface(Surface.MAX_SIDE + 1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a surface of 4097 x 1 pixels is not 1 to 4096");
    }

    @Test
    void aNewerRequestReplacesWhatHasNotBegun() {
        Deque<Runnable> waiting = new ArrayDeque<>();
        int[] arrivals = new int[1];
        TileStore store =
                new TileStore(
                        new FormulaMap(1000),
                        Pooling.MAX,
                        waiting::add,
                        1,
                        1L << 24,
                        () -> arrivals[0]++);
        TileKey old = new TileKey(0, 0, 0);
        TileKey fresh = new TileKey(0, 1, 1);
        store.request(List.of(old));
        store.request(List.of(fresh));
        waiting.forEach(Runnable::run);
        assertThat(arrivals[0]).isEqualTo(1);
        assertThat(store.tileIfPresent(old, Pooling.MAX)).isNull();
        assertThat(store.tileIfPresent(fresh, Pooling.MAX))
                .isEqualTo(new FormulaMap(1000).tile(fresh, Pooling.MAX));
        assertThat(store.tileIfPresent(fresh, Pooling.MEAN)).isNull();
    }

    @Test
    void theStoreHoldsNoMoreThanItMayAndAlwaysTheTopTile() {
        Deque<Runnable> waiting = new ArrayDeque<>();
        FormulaMap map = new FormulaMap(4000);
        TileStore store = new TileStore(map, Pooling.MAX, waiting::add, 1, 4L << 18, () -> {});
        TileKey top = new TileKey(map.topLevel(), 0, 0);
        store.request(List.of(top));
        for (int col = 0; col < 9; col++) {
            waiting.forEach(Runnable::run);
            waiting.clear();
            store.request(List.of(new TileKey(0, 9, col)));
        }
        assertThat(store.size()).isEqualTo(4);
        assertThat(store.tileIfPresent(top, Pooling.MAX)).isNotNull();
    }

    @Test
    void aClosedStoreReportsNothing() {
        Deque<Runnable> waiting = new ArrayDeque<>();
        int[] arrivals = new int[1];
        TileStore store =
                new TileStore(
                        new FormulaMap(300),
                        Pooling.MAX,
                        waiting::add,
                        1,
                        1L << 24,
                        () -> arrivals[0]++);
        store.request(List.of(new TileKey(0, 0, 0)));
        store.close();
        waiting.forEach(Runnable::run);
        assertThat(arrivals[0]).isZero();
    }
}
