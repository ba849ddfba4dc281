package org.headlight.engine.kernel;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Plain kernels of whole attention at first, vector kernels as soon as they are compiled. The
 * warm-up starts by itself, on a background thread, when it pays, or earlier by {@link
 * #startWarmUp}. Share one object: each warms up on its own.
 */
final class AdaptiveFlashKernels implements FlashKernels {
    /** Products of plain work after which the warm-up pays: some tenths of a second. */
    private static final long PAYS = 1_000_000_000L;

    private final FlashKernels cold;
    private final FlashKernels goal;
    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicLong products = new AtomicLong();
    private volatile FlashKernels now;

    AdaptiveFlashKernels(FlashKernels cold, FlashKernels goal) {
        this.cold = cold;
        this.goal = goal;
        this.now = cold;
    }

    @Override
    public void startWarmUp() {
        if (started.compareAndSet(false, true)) {
            Thread.ofPlatform().name("attention-warm-up").daemon().start(this::warmUp);
        }
    }

    /** Warms up on this thread; returns whether the vector kernels run from now on. */
    boolean warmUp() {
        started.set(true);
        if (new FlashWarmUp(goal, cold).run()) {
            now = goal;
        }
        return warm();
    }

    @Override
    public boolean warm() {
        return now.equals(goal);
    }

    @Override
    public String name() {
        return goal.name();
    }

    @Override
    public void scores(FlashTile tile, float[] k, int offset, int stride, int keys) {
        if (!started.get()) {
            long work = (long) keys * tile.depth() * FlashTile.LANES;
            if (products.addAndGet(work) > PAYS) {
                startWarmUp();
            }
        }
        now.scores(tile, k, offset, stride, keys);
    }

    @Override
    public void cap(float[] s, int count, float cap) {
        now.cap(s, count, cap);
    }

    @Override
    public void hide(FlashTile tile, int key, int keys) {
        now.hide(tile, key, keys);
    }

    @Override
    public void soften(FlashTile tile, int keys) {
        now.soften(tile, keys);
    }

    @Override
    public void weigh(FlashTile tile, float[] v, int offset, int stride, int keys) {
        now.weigh(tile, v, offset, stride, keys);
    }

    @Override
    public void dots(FlashRow row, float[] k, int offset, int stride, int count) {
        if (!started.get() && products.addAndGet((long) count * row.depth()) > PAYS) {
            startWarmUp();
        }
        now.dots(row, k, offset, stride, count);
    }

    @Override
    public void soften(FlashRow row, int count) {
        now.soften(row, count);
    }

    @Override
    public void weigh(FlashRow row, float[] v, int offset, int stride, int count) {
        now.weigh(row, v, offset, stride, count);
    }
}
