package org.headlight.viz.control.map;

import org.headlight.viz.raster.MapPainter;
import org.headlight.viz.raster.Painting;
import org.headlight.viz.raster.TileKey;
import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Paints views on a worker, the latest request only, and paints again whenever a tile has arrived.
 * Coarse tiles are asked for before fine ones, so that there is always a picture.
 */
final class MapRenderer {
    private static final int SPARE_SURFACES = 3;

    private final Workers workers;
    private final long maxBytes;
    private final Consumer<Frame> onFrame;
    private final AtomicReference<@Nullable RenderRequest> wanted = new AtomicReference<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final Deque<Surface> spare = new ArrayDeque<>();
    private volatile boolean closed;

    // Belong to the painting worker.
    private @Nullable TileStore store;
    private int storedRefresh;
    private @Nullable MapPainter painter;

    /**
     * A renderer.
     *
     * @param onFrame takes each picture, on the painting worker
     */
    MapRenderer(Workers workers, long maxBytes, Consumer<Frame> onFrame) {
        this.workers = workers;
        this.maxBytes = maxBytes;
        this.onFrame = onFrame;
    }

    /** Paints this next; forgets what was asked for before. */
    void show(RenderRequest request) {
        wanted.set(request);
        schedule();
    }

    /** Gives a surface back that is not shown any more. */
    void recycle(Surface surface) {
        synchronized (spare) {
            if (spare.size() < SPARE_SURFACES) {
                spare.addLast(surface);
            }
        }
    }

    void close() {
        closed = true;
        wanted.set(null);
        schedule(workers.painter());
    }

    private void schedule() {
        if (!closed) {
            schedule(workers.painter());
        }
    }

    private void schedule(Executor executor) {
        if (scheduled.compareAndSet(false, true)) {
            executor.execute(this::paint);
        }
    }

    private void paint() {
        scheduled.set(false);
        RenderRequest request = wanted.get();
        if (request == null || closed) {
            forget();
            return;
        }
        TileStore tiles = storeFor(request);
        MapPainter with = painterFor(request);
        Surface surface = surface(request.view().width(), request.view().height());
        Painting painting = with.paint(tiles, request.view(), surface.pixels());
        tiles.request(order(painting, tiles));
        onFrame.accept(new Frame(surface, request.view(), painting));
    }

    private void forget() {
        if (store != null) {
            store.close();
            store = null;
        }
    }

    @SuppressWarnings("ReferenceEquality") // A map is itself and nothing else.
    private TileStore storeFor(RenderRequest request) {
        TileStore now = store;
        boolean same =
                now != null
                        && now.map() == request.map()
                        && now.pooling() == request.style().pooling()
                        && storedRefresh == request.refresh();
        if (now == null || !same) {
            forget();
            storedRefresh = request.refresh();
            now =
                    new TileStore(
                            request.map(),
                            request.style().pooling(),
                            workers.tiles(),
                            workers.width(),
                            maxBytes,
                            this::schedule);
            store = now;
        }
        return now;
    }

    private MapPainter painterFor(RenderRequest request) {
        MapPainter now = painter;
        if (now == null || !now.style().equals(request.style())) {
            now = new MapPainter(request.style());
            painter = now;
        }
        return now;
    }

    private Surface surface(int width, int height) {
        synchronized (spare) {
            while (!spare.isEmpty()) {
                Surface surface = spare.removeFirst();
                if (surface.width() == width && surface.height() == height) {
                    return surface;
                }
            }
        }
        return new Surface(width, height);
    }

    /** The whole map in one tile, then what is in memory above the view, then the view itself. */
    private static Collection<TileKey> order(Painting painting, TileStore tiles) {
        Set<TileKey> keys = new LinkedHashSet<>();
        if (painting.complete()) {
            return keys;
        }
        int top = tiles.topLevel();
        keys.add(new TileKey(top, 0, 0));
        int base = Math.min(top, tiles.map().baseLevel());
        int up = base - painting.level();
        if (up > 0) {
            for (TileKey key : painting.missing()) {
                keys.add(new TileKey(base, key.row() >> up, key.col() >> up));
            }
        }
        keys.addAll(painting.missing());
        return keys;
    }
}
