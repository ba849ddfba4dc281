package org.headlight.viz.control.map;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads behind a map: one paints, one reads cells, the rest compute tiles. All are daemons
 * that end by themselves when there is nothing to do.
 */
final class Workers {
    private static final int IDLE_SECONDS = 5;

    private final int width = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
    private final Executor painter = pool("map painter", 1);
    private final Executor reader = pool("map reader", 1);
    private final Executor tiles = pool("map tiles", width);

    Executor painter() {
        return painter;
    }

    Executor reader() {
        return reader;
    }

    Executor tiles() {
        return tiles;
    }

    /** How many tiles may be computed at once. */
    int width() {
        return width;
    }

    private static Executor pool(String name, int threads) {
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(
                        threads,
                        threads,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        task -> Thread.ofPlatform().daemon().name(name).unstarted(task));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
