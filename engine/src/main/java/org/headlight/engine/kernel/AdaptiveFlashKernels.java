package org.headlight.engine.kernel;

import java.util.function.BooleanSupplier;

/**
 * Plain kernels of whole attention at first, vector kernels as soon as they are compiled. The
 * warm-up starts by itself, on a background thread, when it pays, or earlier by {@link
 * #startWarmUp}. Share one object: each warms up on its own.
 */
final class AdaptiveFlashKernels implements FlashKernels {
    /** Products of plain work after which the warm-up pays: some tenths of a second. */
    private static final long PAYS = 1_000_000_000L;

    private final FlashKernels goal;
    private final Promotion<FlashKernels> promotion;

    AdaptiveFlashKernels(FlashKernels cold, FlashKernels goal) {
        this.goal = goal;
        this.promotion =
                new Promotion<>(
                        cold, goal, new FlashWarmUp(goal, cold)::run, "attention-warm-up", PAYS);
    }

    @Override
    public void startWarmUp() {
        promotion.start();
    }

    @Override
    public void awaitWarmUp(BooleanSupplier cancelled) {
        promotion.await(cancelled);
    }

    /** Warms up on this thread; returns whether the vector kernels run from now on. */
    boolean warmUp() {
        return promotion.run();
    }

    @Override
    public boolean warm() {
        return promotion.warm();
    }

    @Override
    public String name() {
        return goal.name();
    }

    @Override
    public void scores(FlashTile tile, float[] k, int offset, int stride, int keys) {
        promotion.work((long) keys * tile.depth() * FlashTile.LANES);
        promotion.now().scores(tile, k, offset, stride, keys);
    }

    @Override
    public void cap(float[] s, int count, float cap) {
        promotion.now().cap(s, count, cap);
    }

    @Override
    public void hide(FlashTile tile, int key, int keys) {
        promotion.now().hide(tile, key, keys);
    }

    @Override
    public void hide(FlashTile tile, long[] seen, int at, int keys) {
        promotion.now().hide(tile, seen, at, keys);
    }

    @Override
    public void soften(FlashTile tile, int keys) {
        promotion.now().soften(tile, keys);
    }

    @Override
    public void weigh(FlashTile tile, float[] v, int offset, int stride, int keys) {
        promotion.now().weigh(tile, v, offset, stride, keys);
    }

    @Override
    public void dots(FlashRow row, float[] k, int offset, int stride, int count) {
        promotion.work((long) count * row.depth());
        promotion.now().dots(row, k, offset, stride, count);
    }

    @Override
    public void soften(FlashRow row, int count) {
        promotion.now().soften(row, count);
    }

    @Override
    public void weigh(FlashRow row, float[] v, int offset, int stride, int count) {
        promotion.now().weigh(row, v, offset, stride, count);
    }
}
