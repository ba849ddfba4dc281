package org.headlight.engine.kernel;

import java.util.Arrays;

/**
 * Runs vector kernels until the virtual machine has compiled them. Before that every vector
 * operation is a boxed method call, hundreds of times slower, and slower than plain Java. Takes
 * about half a second of one processor; meant for a background thread at start-up.
 */
public final class KernelWarmUp {
    private final AttentionKernels goal;
    private final AttentionKernels reference;

    /**
     * @param goal the kernels to warm up
     * @param reference the plain kernels that they must beat to count as warm
     */
    public KernelWarmUp(AttentionKernels goal, AttentionKernels reference) {
        this.goal = goal;
        this.reference = reference;
    }

    /**
     * Works until every kernel of the goal is compiled.
     *
     * @return whether they became faster than the reference; false when the thread was interrupted
     *     or they never did
     */
    public boolean run() {
        Trial small = new Trial(13, 3);
        Trial probe = new Trial(60, 32);
        return WarmUpLoop.run(
                () -> small.run(goal),
                () -> WarmUpLoop.best(() -> probe.run(goal)),
                () -> WarmUpLoop.best(() -> probe.run(reference)));
    }

    /** One small pass through every kernel. */
    private static final class Trial {
        private static final int LANES = AttentionKernels.LANES;
        private static final int DIAGONAL = AttentionKernels.DIAGONAL_ROOM;

        private final int keys;
        private final int depth;
        private final float[] queries;
        private final float[] k;
        private final float[] scores;
        private final float[] groups;
        private final float[] others;
        private final float[] max = new float[LANES];
        private final float[] sum = new float[LANES];
        private final float[] weighted = new float[LANES];
        private final float[] least = new float[LANES];
        private final float[] columns;
        private final float[] sums = new float[2 * LANES];
        private final float[] diagonals = new float[2 * DIAGONAL];
        private final float[] scratch = new float[AttentionKernels.DIAGONAL_SCRATCH];

        Trial(int keys, int depth) {
            this.keys = keys;
            this.depth = depth;
            this.queries = new float[depth * LANES];
            this.k = new float[keys * depth];
            this.scores = new float[keys * LANES];
            this.groups = new float[keys * LANES];
            this.others = new float[keys * LANES];
            this.columns = new float[keys * AttentionKernels.PARTS];
            for (int i = 0; i < queries.length; i++) {
                queries[i] = i % 7 - 3f;
            }
            for (int i = 0; i < k.length; i++) {
                k[i] = i % 5 * 0.25f;
            }
        }

        void run(AttentionKernels kernels) {
            Arrays.fill(max, Float.NEGATIVE_INFINITY);
            Arrays.fill(sum, 0);
            Arrays.fill(weighted, 0);
            kernels.scores(queries, depth, k, 0, keys, scores, 0);
            kernels.accumulate(scores, 0, keys, max, sum, weighted);
            kernels.normalize(scores, 0, keys, max, sum, least);
            kernels.groupMax(scores, 0, keys, 1, 4, groups);
            kernels.groupSum(scores, 0, keys, 1, 4, groups);
            kernels.groups(scores, 0, keys, 1, 4, groups, others);
            kernels.moments(scores, 0, keys, least, 0, weighted, max);
            kernels.shares(scores, 0, keys, max, sum, columns, 0);
            kernels.diagonals(scores, 0, keys, diagonals, DIAGONAL, scratch);
            kernels.matches(scores, 0, keys, queries, columns, 1, sums);
            kernels.weigh(scores, 0, groups, 0, max);
            kernels.addUp(scores, 0, keys, sum);
            kernels.columns(scores, 0, keys, sum, columns);
        }
    }
}
