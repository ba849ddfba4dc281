package org.headlight.viz.raster;

import org.headlight.engine.problem.CancelledException;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/**
 * Raw tiles of any number of maps, weighed in bytes; the least recently used go first. Thread-safe:
 * two threads that want the same tile at once compute it once.
 */
public final class TileCache {
    private static final long OVERHEAD = 64;

    private final long capacity;
    private final Map<Key, float[]> tiles = new LinkedHashMap<>(64, 0.75f, true);
    private final Map<Key, FutureTask<float[]>> running = new HashMap<>();
    private long bytes;

    private record Key(Object owner, TileKey tile, Pooling pooling) {}

    /**
     * @param capacity most bytes to keep
     */
    public TileCache(long capacity) {
        this.capacity = capacity;
    }

    /** Bytes kept now. */
    public synchronized long bytes() {
        return bytes;
    }

    /** Most bytes that are kept. */
    public long capacity() {
        return capacity;
    }

    /** Drops every tile of one map. */
    public synchronized void forget(Object owner) {
        for (Iterator<Map.Entry<Key, float[]>> all = tiles.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<Key, float[]> entry = all.next();
            if (entry.getKey().owner.equals(owner)) {
                bytes -= weight(entry.getValue());
                all.remove();
            }
        }
    }

    /**
     * The tile, computed when it is not there; a tile larger than the whole cache is not kept.
     *
     * @param owner the map
     * @throws CancelledException when the thread is interrupted while another computes the tile
     */
    float[] get(Object owner, TileKey tile, Pooling pooling, Supplier<float[]> compute) {
        Key key = new Key(owner, tile, pooling);
        FutureTask<float[]> task;
        boolean mine = false;
        synchronized (this) {
            float[] held = tiles.get(key);
            if (held != null) {
                return held;
            }
            FutureTask<float[]> other = running.get(key);
            if (other == null) {
                other = new FutureTask<>(compute::get);
                running.put(key, other);
                mine = true;
            }
            task = other;
        }
        if (!mine) {
            return await(task);
        }
        task.run();
        try {
            float[] made = await(task);
            keep(key, made);
            return made;
        } finally {
            synchronized (this) {
                running.remove(key);
            }
        }
    }

    private synchronized void keep(Key key, float[] tile) {
        if (weight(tile) > capacity) {
            return;
        }
        tiles.put(key, tile);
        bytes += weight(tile);
        Iterator<Map.Entry<Key, float[]>> oldest = tiles.entrySet().iterator();
        while (bytes > capacity) {
            bytes -= weight(oldest.next().getValue());
            oldest.remove();
        }
    }

    private static long weight(float[] tile) {
        return (long) tile.length * Float.BYTES + OVERHEAD;
    }

    private static float[] await(FutureTask<float[]> task) {
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
