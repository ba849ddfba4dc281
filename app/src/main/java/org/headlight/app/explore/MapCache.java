package org.headlight.app.explore;

import org.headlight.viz.control.grid.HeadRef;
import org.headlight.viz.raster.AttentionMap;
import org.jspecify.annotations.Nullable;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** The maps looked at last, weighed by the memory of their pyramids. Thread-safe. */
final class MapCache {
    record Key(HeadRef head, boolean dropSink) {}

    private final long budget;
    private final LinkedHashMap<Key, HeadView> maps = new LinkedHashMap<>(16, 0.75f, true);

    MapCache(long budgetBytes) {
        this.budget = budgetBytes;
    }

    synchronized @Nullable HeadView get(Key key) {
        return maps.get(key);
    }

    synchronized void put(Key key, HeadView view) {
        maps.put(key, view);
        long weight = maps.values().stream().mapToLong(held -> bytes(held.map())).sum();
        Iterator<Map.Entry<Key, HeadView>> oldest = maps.entrySet().iterator();
        while (weight > budget && maps.size() > 1 && oldest.hasNext()) {
            HeadView next = oldest.next().getValue();
            if (!next.equals(view)) {
                weight -= bytes(next.map());
                oldest.remove();
            }
        }
    }

    synchronized void clear() {
        maps.clear();
    }

    /** Two pyramids of floats from the base level up. */
    private static long bytes(AttentionMap map) {
        long rows = (map.rows() >> map.baseLevel()) + 1L;
        long cols = (map.cols() >> map.baseLevel()) + 1L;
        return rows * cols * 2 * Float.BYTES * 4 / 3;
    }
}
