package org.headlight.viz.raster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

class TileCacheTest {
    private static final long TILE = 100 * Float.BYTES + 64;

    private final AtomicInteger computed = new AtomicInteger();

    private float[] get(TileCache cache, Object owner, int col) {
        return cache.get(
                owner,
                new TileKey(0, 0, col),
                Pooling.MAX,
                () -> {
                    computed.incrementAndGet();
                    return new float[100];
                });
    }

    @Test
    void theLeastRecentlyUsedTileGoesFirst() {
        TileCache cache = new TileCache(2 * TILE);
        float[] first = get(cache, "map", 0);
        get(cache, "map", 1);
        assertThat(get(cache, "map", 0)).isSameAs(first);
        get(cache, "map", 2);
        assertThat(cache.bytes()).isEqualTo(2 * TILE);
        assertThat(get(cache, "map", 0)).isSameAs(first);
        assertThat(computed).hasValue(3);
        get(cache, "map", 1);
        assertThat(computed).hasValue(4);
    }

    @Test
    void aTileLargerThanTheCacheIsHandedOutButNotKept() {
        TileCache cache = new TileCache(TILE - 1);
        assertThat(get(cache, "map", 0)).hasSize(100);
        assertThat(cache.bytes()).isZero();
    }

    @Test
    void forgettingAMapDropsItsTilesAlone() {
        TileCache cache = new TileCache(10 * TILE);
        get(cache, "one", 0);
        get(cache, "two", 0);
        cache.forget("one");
        assertThat(cache.bytes()).isEqualTo(TILE);
        get(cache, "two", 0);
        assertThat(computed).hasValue(2);
    }

    @Test
    void twoThreadsThatWantOneTileComputeItOnce() {
        TileCache cache = new TileCache(10 * TILE);
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        CompletableFuture<float[]> one =
                CompletableFuture.supplyAsync(() ->
                        cache.get(
                                "map",
                                new TileKey(0, 0, 0),
                                Pooling.MAX,
                                () -> {
                                    computed.incrementAndGet();
                                    inside.countDown();
                                    awaitQuietly(go);
                                    return new float[100];
                                }));
        awaitQuietly(inside);
        CompletableFuture<float[]> two = CompletableFuture.supplyAsync(() -> get(cache, "map", 0));
        go.countDown();
        assertThat(two.join()).isSameAs(one.join());
        assertThat(computed).hasValue(1);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aFailureComesOutAndTheNextCallTriesAgain() {
        TileCache cache = new TileCache(10 * TILE);
        assertThatThrownBy(() ->
                        cache.get(
                                "map",
                                new TileKey(0, 0, 0),
                                Pooling.MAX,
                                () -> {
                                    throw new IllegalStateException("closed");
                                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("closed");
        assertThat(get(cache, "map", 0)).hasSize(100);
    }
}
