package org.headlight.viz.raster;

import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.kernel.AttentionKernels;
import org.headlight.engine.kernel.KernelProvider;
import org.headlight.engine.sweep.HeadReader;
import org.headlight.engine.sweep.Sweep;
import org.headlight.engine.sweep.SweepConsumer;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Makes maps of heads. A preview sees one row in every pixel of its finest level and is there
 * quickly; the full map sees every row. Both compute finer levels exactly, on demand.
 */
public final class MapBuilder {
    /** The finest level held in memory has at most this many pixels along a side. */
    static final int BASE_PIXELS = 2048;

    private final AttentionKernels kernels;
    private final int threads;
    private final TileCache cache;

    /**
     * @param kernels what computes
     * @param threads how many threads a sweep uses
     * @param cache where the tiles of all maps are kept
     */
    public MapBuilder(AttentionKernels kernels, int threads, TileCache cache) {
        this.kernels = kernels;
        this.threads = threads;
        this.cache = cache;
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
     * A quick map from sampled rows. When the head is small enough that this is no saving, it is
     * the full map (and {@link AttentionMap#preview()} is false).
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
        int top = Math.max(base, levelFor(head, TileKey.SIZE));
        PyramidConsumer pixels =
                new PyramidConsumer(reader.visibility(), kernels, base, top, rowStep);
        List<SweepConsumer> consumers = new ArrayList<>(also);
        consumers.add(reader.learner());
        consumers.add(pixels);
        Sweep.run(head, consumers, new SweepOptions(kernels, threads, rowStep, dropped), progress);
        return new HeadMap(
                reader,
                pixels.pyramid(),
                cache,
                new HeadMap.Levels(base, top),
                new HeadMap.Facts(rowStep > 1, pixels.least(), pixels.dropped()));
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
