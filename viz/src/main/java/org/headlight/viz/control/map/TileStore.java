package org.headlight.viz.control.map;

import org.headlight.engine.problem.Problem;
import org.headlight.viz.raster.AttentionMap;
import org.headlight.viz.raster.Pooling;
import org.headlight.viz.raster.TileKey;
import org.headlight.viz.raster.TileSource;
import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * The tiles of one map and one pooling: what is held and what is on its way. A newer request
 * replaces an older one that has not begun. Thread-safe.
 */
final class TileStore implements TileSource {
    private static final int SIZE = TileKey.SIZE;
    private static final long TILE_BYTES = 4L * SIZE * SIZE;

    private final AttentionMap map;
    private final Pooling pooling;
    private final Executor workers;
    private final int width;
    private final int capacity;
    private final Runnable onTile;

    private final Map<TileKey, float[]> held = new LinkedHashMap<>(64, 0.75f, true);
    private final Deque<TileKey> queue = new ArrayDeque<>();
    private final Set<TileKey> inFlight = new HashSet<>();
    private boolean closed;

    /**
     * A store.
     *
     * @param workers where tiles are computed
     * @param width how many tiles may be computed at once
     * @param maxBytes how much to hold; the tile of the top level is held besides
     * @param onTile called on a worker after each tile
     */
    TileStore(
            AttentionMap map,
            Pooling pooling,
            Executor workers,
            int width,
            long maxBytes,
            Runnable onTile) {
        this.map = map;
        this.pooling = pooling;
        this.workers = workers;
        this.width = width;
        this.capacity = (int) Math.max(4, maxBytes / TILE_BYTES);
        this.onTile = onTile;
    }

    AttentionMap map() {
        return map;
    }

    Pooling pooling() {
        return pooling;
    }

    /** Replaces what is waiting by these tiles, the first ones first. */
    void request(Collection<TileKey> wanted) {
        int starts;
        synchronized (this) {
            queue.clear();
            for (TileKey key : wanted) {
                if (!held.containsKey(key) && !inFlight.contains(key)) {
                    queue.add(key);
                }
            }
            starts = closed ? 0 : Math.min(width - inFlight.size(), queue.size());
        }
        for (int i = 0; i < starts; i++) {
            workers.execute(this::work);
        }
    }

    /** Ends the work after the tiles that have begun; nothing is reported any more. */
    synchronized void close() {
        closed = true;
        queue.clear();
        held.clear();
    }

    private void work() {
        for (TileKey key = next(); key != null; key = next()) {
            float[] tile = compute(key);
            boolean report;
            synchronized (this) {
                inFlight.remove(key);
                report = !closed && tile != null;
                if (report && tile != null) {
                    put(key, tile);
                }
            }
            if (report) {
                onTile.run();
            }
        }
    }

    private synchronized @Nullable TileKey next() {
        if (closed || inFlight.size() >= width) {
            return null;
        }
        TileKey key = queue.poll();
        if (key != null) {
            inFlight.add(key);
        }
        return key;
    }

    private float @Nullable [] compute(TileKey key) {
        try {
            return map.tile(key, pooling);
        } catch (Problem | IllegalStateException e) {
            // The capture was closed below us: the application sets another map next.
            return null;
        }
    }

    private void put(TileKey key, float[] tile) {
        held.put(key, tile);
        var eldest = held.entrySet().iterator();
        while (held.size() > capacity && eldest.hasNext()) {
            if (eldest.next().getKey().level() != map.topLevel()) {
                eldest.remove();
            }
        }
    }

    /** How many tiles are held. */
    synchronized int size() {
        return held.size();
    }

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
    public synchronized float @Nullable [] tileIfPresent(TileKey key, Pooling wanted) {
        return wanted == pooling ? held.get(key) : null;
    }
}
