package org.headlight.viz.raster;

import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.kernel.AttentionKernels;
import org.headlight.engine.kernel.KernelProvider;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.problem.TooLargeException;
import org.headlight.engine.sweep.HeadReader;
import org.headlight.engine.sweep.MapPooler;
import org.headlight.engine.sweep.PixelRows;
import org.headlight.engine.sweep.PooledMap;
import org.headlight.engine.sweep.Sweep;
import org.headlight.engine.sweep.SweepConsumer;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Makes maps of heads. A preview sees one row in every pixel of its finest level and is there
 * quickly; the full map sees every row. Both compute finer levels exactly, on demand. Where there
 * is a device that pools maps, large heads are pooled there, with no need of a preview; where that
 * fails, they are swept here as all others are.
 */
public final class MapBuilder {
    /** The finest level held in memory has at most this many pixels along a side. */
    static final int BASE_PIXELS = 2048;

    /** How much of the work the pooling elsewhere is, where a sweep here follows. */
    private static final double POOLING = 0.1;

    private final AttentionKernels kernels;
    private final int threads;
    private final TileCache cache;
    private final MapPooler pooler;
    private final Consumer<String> told;

    /**
     * @param kernels what computes
     * @param threads how many threads a sweep uses
     * @param cache where the tiles of all maps are kept
     */
    public MapBuilder(AttentionKernels kernels, int threads, TileCache cache) {
        this(kernels, threads, cache, MapPooler.NONE, reason -> {});
    }

    private MapBuilder(
            AttentionKernels kernels,
            int threads,
            TileCache cache,
            MapPooler pooler,
            Consumer<String> told) {
        this.kernels = kernels;
        this.threads = threads;
        this.cache = cache;
        this.pooler = pooler;
        this.told = told;
    }

    /**
     * The same, with large maps pooled elsewhere.
     *
     * @param told hears why a map was not pooled there though it could have been, one sentence; on
     *     the thread that makes the map
     */
    public MapBuilder on(MapPooler device, Consumer<String> told) {
        return new MapBuilder(kernels, threads, cache, device, told);
    }

    /** The fastest kernels, every processor, and a cache of 128 MiB. */
    public static MapBuilder standard() {
        return new MapBuilder(
                KernelProvider.best(),
                Runtime.getRuntime().availableProcessors(),
                new TileCache(128L << 20));
    }

    /** Begins to make the kernels fast, on a background thread; the first maps need not wait. */
    public void startWarmUp() {
        kernels.startWarmUp();
    }

    /** Whether the kernels run as fast as they ever will. */
    public boolean warm() {
        return kernels.warm();
    }

    /**
     * A quick map from sampled rows. When the head is small enough that this is no saving, or is
     * pooled on a device, it is the full map (and {@link AttentionMap#preview()} is false).
     *
     * @param dropped keys that are dropped, the rest of each row renormalised; empty for none
     */
    public HeadMap preview(HeadAttention head, Set<Integer> dropped, Progress progress) {
        return build(head, dropped, 1 << baseLevel(head), List.of(), progress);
    }

    /** The map from every row. */
    public HeadMap full(HeadAttention head, Set<Integer> dropped, Progress progress) {
        return build(head, dropped, 1, List.of(), progress);
    }

    /** The map from every row, by a sweep that other consumers share. */
    public HeadMap full(
            HeadAttention head,
            Set<Integer> dropped,
            List<? extends SweepConsumer> also,
            Progress progress) {
        return build(head, dropped, 1, also, progress);
    }

    private HeadMap build(
            HeadAttention head,
            Set<Integer> dropped,
            int rowStep,
            List<? extends SweepConsumer> also,
            Progress progress) {
        HeadReader reader = new HeadReader(head, dropped, kernels);
        int base = baseLevel(head);
        HeadMap.Levels levels =
                new HeadMap.Levels(base, Math.max(base, levelFor(head, TileKey.SIZE)));
        SweepOptions options = new SweepOptions(kernels, threads, rowStep, dropped);
        Optional<HeadMap> elsewhere =
                pooled(head, reader, levels, also.isEmpty() ? progress : progress.part(0, POOLING));
        if (elsewhere.isPresent()) {
            if (!also.isEmpty()) {
                Sweep.run(head, also, options, progress.part(POOLING, 1));
            }
            return elsewhere.get();
        }
        PyramidConsumer pixels =
                new PyramidConsumer(reader.visibility(), kernels, base, levels.top(), rowStep);
        List<SweepConsumer> consumers = new ArrayList<>(also);
        consumers.add(reader.learner());
        consumers.add(pixels);
        Sweep.run(head, consumers, options, progress);
        return new HeadMap(
                reader,
                pixels.pyramid(),
                cache,
                levels,
                new HeadMap.Facts(
                        rowStep > 1, pixels.least(), pixels.dropped(), MapPooler.NONE.device()));
    }

    /** The map from where maps are pooled; empty when they are not, or it fails there. */
    private Optional<HeadMap> pooled(
            HeadAttention head, HeadReader reader, HeadMap.Levels levels, Progress progress) {
        if (!(head instanceof QkHead qk) || !pooler.takes(head)) {
            return Optional.empty();
        }
        PixelRows pixels = new PixelRows(reader.visibility(), levels.base());
        PooledMap map;
        try {
            map = pooler.pool(qk, reader.visibility(), pixels, progress);
        } catch (BadInputException | TooLargeException e) {
            told.accept("A map is made on the CPU: " + e.getMessage());
            return Optional.empty();
        }
        reader.learn(map);
        return Optional.of(
                new HeadMap(
                        reader,
                        BaseLevel.of(reader.visibility(), pixels, map).pyramid(levels.top(), 1),
                        cache,
                        levels,
                        new HeadMap.Facts(false, map.least(), map.dropped(), pooler.device())));
    }

    private static int baseLevel(HeadAttention head) {
        return levelFor(head, BASE_PIXELS);
    }

    /** The finest level that has at most so many pixels along a side. */
    private static int levelFor(HeadAttention head, int pixels) {
        long longest = Math.max(head.rows(), head.cols());
        int level = 0;
        while (Math.ceilDiv(longest, 1L << level) > pixels) {
            level++;
        }
        return level;
    }
}
