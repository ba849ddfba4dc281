package org.headlight.viz.bench;

import org.headlight.engine.capture.QkHead;
import org.headlight.engine.kernel.AttentionKernels;
import org.headlight.engine.task.Progress;
import org.headlight.viz.bench.MapTiming.TileTiming;
import org.headlight.viz.raster.HeadMap;
import org.headlight.viz.raster.MapBuilder;
import org.headlight.viz.raster.Pooling;
import org.headlight.viz.raster.TileCache;
import org.headlight.viz.raster.TileKey;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.DoubleSupplier;

/** Times the map of a synthetic head: from the capture to the first picture, and tile by tile. */
public final class MapBenchmark {
    private static final int VIEW_WIDTH = 1280;
    private static final int VIEW_HEIGHT = 800;
    private static final long SEED = 20261121;

    private final AttentionKernels kernels;
    private final int threads;
    private final int repeats;

    /**
     * @param repeats how often each thing is timed
     */
    public MapBenchmark(AttentionKernels kernels, int threads, int repeats) {
        this.kernels = kernels;
        this.threads = threads;
        this.repeats = repeats;
    }

    /**
     * Times one size.
     *
     * @param tokens queries and keys
     * @param depth width of a query
     * @throws org.headlight.engine.problem.CancelledException when the progress says so
     */
    public MapTiming run(int tokens, int depth, Progress progress) {
        QkHead head = SyntheticHead.of(tokens, depth, SEED);
        // Nothing is kept, so that every tile is computed.
        MapBuilder builder = new MapBuilder(kernels, threads, new TileCache(0));
        double firstPreview = time(() -> picture(builder.preview(head, Set.of(), progress)));
        double firstFull = time(() -> picture(builder.full(head, Set.of(), progress)));
        progress.at(0.1, "Warming up");
        double preview =
                median(() -> time(() -> picture(builder.preview(head, Set.of(), Progress.NONE))));
        progress.check();
        progress.at(0.3, "Timing the whole map");
        double full =
                median(() -> time(() -> picture(builder.full(head, Set.of(), Progress.NONE))));
        HeadMap map = builder.full(head, Set.of(), Progress.NONE);
        List<TileTiming> tiles = new ArrayList<>();
        for (int level = 0; level < map.baseLevel(); level++) {
            progress.check();
            progress.at(0.5 + 0.5 * level / map.baseLevel(), "Timing tiles of level " + level);
            tiles.add(tiles(map, level));
        }
        return new MapTiming(
                tokens,
                depth,
                kernels.name(),
                threads,
                firstPreview,
                preview,
                firstFull,
                full,
                map.bytes(),
                map.baseLevel(),
                tiles);
    }

    /** Reads the tiles of the whole map at about 1,024 pixels a side: what a window shows first. */
    private static void picture(HeadMap map) {
        int longest = Math.max(map.rows(), map.cols());
        int level = map.baseLevel();
        while (level < map.topLevel() && (longest >> level) > 1024) {
            level++;
        }
        int side = Math.ceilDiv(Math.ceilDiv(longest, 1 << level), TileKey.SIZE);
        for (int row = 0; row < side; row++) {
            for (int col = 0; col < side; col++) {
                map.tile(new TileKey(level, row, col), Pooling.MAX);
            }
        }
    }

    private TileTiming tiles(HeadMap map, int level) {
        int last = (map.rows() >> level) / TileKey.SIZE - 1;
        TileKey off = new TileKey(level, last, last / 2);
        double max = median(() -> time(() -> map.tile(off, Pooling.MAX)));
        double mean = median(() -> time(() -> map.tile(off, Pooling.MEAN)));
        return new TileTiming(level, max, mean, frames(map, level, last));
    }

    private double frames(HeadMap map, int level, int last) {
        int across = VIEW_WIDTH / TileKey.SIZE + 1;
        int down = VIEW_HEIGHT / TileKey.SIZE + 1;
        List<Double> times = new ArrayList<>();
        try (ExecutorService pool =
                Executors.newFixedThreadPool(
                        threads, Thread.ofPlatform().name("tile-", 0).daemon().factory())) {
            for (int i = 0; i < 2 * repeats; i++) {
                int row0 = (int) ((long) Math.max(0, last - down) * (i + 1) / (2L * repeats));
                int col0 = Math.max(0, Math.min(row0, last - across) / (1 + i % 3));
                times.add(time(() -> frame(map, level, row0, col0, pool)));
            }
        }
        times.sort(null);
        return times.get((int) Math.ceil(0.95 * times.size()) - 1);
    }

    private static void frame(HeadMap map, int level, int row0, int col0, ExecutorService pool) {
        List<Future<?>> parts = new ArrayList<>();
        for (int row = row0; row < row0 + VIEW_HEIGHT / TileKey.SIZE + 1; row++) {
            for (int col = col0; col < col0 + VIEW_WIDTH / TileKey.SIZE + 1; col++) {
                TileKey key = new TileKey(level, row, col);
                parts.add(pool.submit(() -> map.tile(key, Pooling.MAX)));
            }
        }
        for (Future<?> part : parts) {
            await(part);
        }
    }

    private static void await(Future<?> part) {
        try {
            part.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private static double time(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e6;
    }

    private double median(DoubleSupplier sample) {
        double[] times = new double[repeats];
        // The compiler has seen the loops a few times before anything counts.
        for (int i = -repeats; i < repeats; i++) {
            double at = sample.getAsDouble();
            if (i >= 0) {
                times[i] = at;
            }
        }
        Arrays.sort(times);
        return times[repeats / 2];
    }
}
