package org.headlight.engine.kernel;

import java.util.function.BooleanSupplier;

/**
 * Plain kernels at first, vector kernels as soon as they are compiled: so that the first picture
 * does not wait for the compiler. The warm-up starts by itself, on a background thread, with the
 * first scores that are asked for, or earlier by {@link #startWarmUp}. Share one object: each warms
 * up on its own.
 */
public final class AdaptiveKernels implements AttentionKernels {
    /** Products of plain work after which the warm-up pays: about half a second. */
    private static final long PAYS = 2_000_000_000L;

    private final AttentionKernels goal;
    private final Promotion<AttentionKernels> promotion;

    AdaptiveKernels(AttentionKernels cold, AttentionKernels goal) {
        this.goal = goal;
        this.promotion =
                new Promotion<>(
                        cold, goal, new KernelWarmUp(goal, cold)::run, "kernel-warm-up", PAYS);
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
    public void scores(
            float[] queries,
            int depth,
            float[] k,
            int kOffset,
            int keys,
            float[] target,
            int offset) {
        promotion.work((long) keys * depth * LANES);
        promotion.now().scores(queries, depth, k, kOffset, keys, target, offset);
    }

    @Override
    public void accumulate(
            float[] s, int offset, int keys, float[] max, float[] sum, float[] weighted) {
        promotion.now().accumulate(s, offset, keys, max, sum, weighted);
    }

    @Override
    public void normalize(
            float[] s, int offset, int keys, float[] max, float[] inverse, float[] least) {
        promotion.now().normalize(s, offset, keys, max, inverse, least);
    }

    @Override
    public void groupMax(float[] s, int offset, int keys, int phase, int group, float[] target) {
        promotion.now().groupMax(s, offset, keys, phase, group, target);
    }

    @Override
    public void groupSum(float[] s, int offset, int keys, int phase, int group, float[] target) {
        promotion.now().groupSum(s, offset, keys, phase, group, target);
    }

    @Override
    public void groups(
            float[] s, int offset, int keys, int phase, int group, float[] max, float[] sum) {
        promotion.now().groups(s, offset, keys, phase, group, max, sum);
    }

    @Override
    public void moments(
            float[] p,
            int offset,
            int keys,
            float[] position,
            int key,
            float[] distance,
            float[] largest) {
        promotion.now().moments(p, offset, keys, position, key, distance, largest);
    }

    @Override
    public void shares(
            float[] p,
            int offset,
            int keys,
            float[] largest,
            float[] squares,
            float[] columns,
            int at) {
        promotion.now().shares(p, offset, keys, largest, squares, columns, at);
    }

    @Override
    public void diagonals(
            float[] p, int offset, int keys, float[] target, int at, float[] scratch) {
        promotion.now().diagonals(p, offset, keys, target, at, scratch);
    }

    @Override
    public void matches(
            float[] p,
            int offset,
            int keys,
            float[] queries,
            float[] tokens,
            int at,
            float[] sums) {
        promotion.now().matches(p, offset, keys, queries, tokens, at, sums);
    }

    @Override
    public void weigh(float[] p, int offset, float[] weights, int at, float[] sums) {
        promotion.now().weigh(p, offset, weights, at, sums);
    }

    @Override
    public void columns(float[] p, int offset, int keys, float[] weights, float[] target) {
        promotion.now().columns(p, offset, keys, weights, target);
    }

    @Override
    public void addUp(float[] p, int offset, int keys, float[] sums) {
        promotion.now().addUp(p, offset, keys, sums);
    }
}
