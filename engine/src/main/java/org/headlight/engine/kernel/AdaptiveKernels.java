package org.headlight.engine.kernel;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Plain kernels at first, vector kernels as soon as they are compiled: so that the first picture
 * does not wait for the compiler. The warm-up starts by itself, on a background thread, with the
 * first scores that are asked for, or earlier by {@link #startWarmUp}. Share one object: each warms
 * up on its own.
 */
public final class AdaptiveKernels implements AttentionKernels {
    /** Products of plain work after which the warm-up pays: about half a second. */
    private static final long PAYS = 2_000_000_000L;

    private final AttentionKernels cold;
    private final AttentionKernels goal;
    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicLong products = new AtomicLong();
    private volatile AttentionKernels now;

    AdaptiveKernels(AttentionKernels cold, AttentionKernels goal) {
        this.cold = cold;
        this.goal = goal;
        this.now = cold;
    }

    @Override
    public void startWarmUp() {
        if (started.compareAndSet(false, true)) {
            Thread.ofPlatform().name("kernel-warm-up").daemon().start(this::warmUp);
        }
    }

    /** Warms up on this thread; returns whether the vector kernels run from now on. */
    boolean warmUp() {
        started.set(true);
        if (new KernelWarmUp(goal, cold).run()) {
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
    public void scores(
            float[] queries,
            int depth,
            float[] k,
            int kOffset,
            int keys,
            float[] target,
            int offset) {
        if (!started.get() && products.addAndGet((long) keys * depth * LANES) > PAYS) {
            startWarmUp();
        }
        now.scores(queries, depth, k, kOffset, keys, target, offset);
    }

    @Override
    public void accumulate(
            float[] s, int offset, int keys, float[] max, float[] sum, float[] weighted) {
        now.accumulate(s, offset, keys, max, sum, weighted);
    }

    @Override
    public void normalize(
            float[] s, int offset, int keys, float[] max, float[] inverse, float[] least) {
        now.normalize(s, offset, keys, max, inverse, least);
    }

    @Override
    public void groupMax(float[] s, int offset, int keys, int phase, int group, float[] target) {
        now.groupMax(s, offset, keys, phase, group, target);
    }

    @Override
    public void groupSum(float[] s, int offset, int keys, int phase, int group, float[] target) {
        now.groupSum(s, offset, keys, phase, group, target);
    }

    @Override
    public void groups(
            float[] s, int offset, int keys, int phase, int group, float[] max, float[] sum) {
        now.groups(s, offset, keys, phase, group, max, sum);
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
        now.moments(p, offset, keys, position, key, distance, largest);
    }
}
