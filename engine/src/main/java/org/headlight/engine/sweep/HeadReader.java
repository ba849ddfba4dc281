package org.headlight.engine.sweep;

import static org.headlight.engine.kernel.AttentionKernels.LANES;

import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.ProbabilityHead;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.kernel.AttentionKernels;

import java.util.Arrays;
import java.util.Set;

/**
 * Exact probabilities of any part of a head's map, on demand. What the rows are divided by is kept
 * once it is known (2 floats a row), whether a sweep brought it or it was computed here.
 * Thread-safe.
 */
public final class HeadReader {
    private static final double ROUNDING = 1e-6;

    private final HeadAttention head;
    private final Visibility visibility;
    private final AttentionKernels kernels;
    private final RowNorms norms;

    /**
     * @param excludedKeys keys treated as masked, after which rows are renormalised
     */
    public HeadReader(HeadAttention head, Set<Integer> excludedKeys, AttentionKernels kernels) {
        this.head = head;
        this.visibility = new Visibility(head, excludedKeys);
        this.kernels = kernels;
        this.norms = new RowNorms(head.rows());
    }

    /** Which cells exist. */
    public Visibility visibility() {
        return visibility;
    }

    private BlockReader reader() {
        return switch (head) {
            case QkHead qk -> new QkBlockReader(qk, visibility, kernels, KeyRows.onDemand(qk.k()));
            case ProbabilityHead p -> new ProbabilityBlockReader(p, visibility);
        };
    }

    /**
     * Probabilities of a rectangle, row-major, NaN where masked: cell (r, c) goes to {@code
     * target[offset + (r - row0) * stride + (c - col0)]}.
     */
    public void probabilities(
            int row0, int row1, int col0, int col1, float[] target, int offset, int stride) {
        BlockReader reader = reader();
        float[] lanes = new float[BlockReader.CHUNK * LANES];
        float[] max = new float[LANES];
        float[] inverse = new float[LANES];
        for (int row = row0; row < row1; row += LANES - row % LANES) {
            int count = Math.min(LANES - row % LANES, row1 - row);
            reader.select(row, count, 1);
            norms.load(reader, row, count, max, inverse);
            for (int col = col0; col < col1; col += BlockReader.CHUNK) {
                int keys = Math.min(BlockReader.CHUNK, col1 - col);
                reader.scores(col, col + keys, lanes, 0);
                reader.finish(lanes, 0, keys, max, inverse);
                int at = offset + (row - row0) * stride + (col - col0);
                for (int lane = 0; lane < count; lane++) {
                    for (int key = 0; key < keys; key++) {
                        target[at + lane * stride + key] = lanes[key * LANES + lane];
                    }
                }
            }
        }
        for (int row = row0; row < row1; row++) {
            hide(row, col0, col1, target, offset + (row - row0) * stride);
        }
    }

    /** Writes NaN over the masked cells of one row. */
    private void hide(int row, int col0, int col1, float[] target, int offset) {
        int first = Math.clamp(visibility.first(row), col0, col1);
        int end = Math.clamp(visibility.end(row), first, col1);
        Arrays.fill(target, offset, offset + first - col0, Float.NaN);
        Arrays.fill(target, offset + end - col0, offset + col1 - col0, Float.NaN);
        if (!visibility.intervals()) {
            for (int col = first; col < end; col++) {
                if (!visibility.visible(row, col)) {
                    target[offset + col - col0] = Float.NaN;
                }
            }
        }
    }

    /**
     * Pooled probabilities: pixel (y, x) covers cells [row0 + y * cell, + cell) x [col0 + x * cell,
     * + cell), cut at the edges of the map. NaN where every cell is masked or outside.
     *
     * @param mean whether the mean over the existing cells is taken, else the largest
     * @param target receives [height, width], row-major
     */
    public void pooled(Window window, int cell, boolean mean, float[] target) {
        PoolBuffer pool = new PoolBuffer(visibility, window, cell, mean, target);
        BlockReader reader = reader();
        int span = Math.max(cell, BlockReader.CHUNK / cell * cell);
        float[] lanes = new float[Math.multiplyExact(span, LANES)];
        float[] groups = new float[span / cell * LANES];
        float[] max = new float[LANES];
        float[] inverse = new float[LANES];
        int row1 = (int) Math.min(visibility.rows(), window.row0 + (long) window.height * cell);
        int col1 = (int) Math.min(visibility.cols(), window.col0 + (long) window.width * cell);
        // Blocks end where the norms' blocks end.
        for (int row = window.row0; row < row1; row += LANES - row % LANES) {
            int count = Math.min(LANES - row % LANES, row1 - row);
            int end = Math.min(col1, pool.end(row, count));
            int begin = pool.begin(row, count);
            if (begin >= end) {
                continue;
            }
            reader.select(row, count, 1);
            norms.load(reader, row, count, max, inverse);
            for (int col = begin; col < end; col += span) {
                int keys = Math.min(span, end - col);
                reader.scores(col, col + keys, lanes, 0);
                int made = Math.ceilDiv(keys, cell);
                if (mean) {
                    reader.finish(lanes, 0, keys, max, inverse);
                    kernels.groupSum(lanes, 0, keys, 0, cell, groups);
                } else {
                    kernels.groupMax(lanes, 0, keys, 0, cell, groups);
                    reader.finish(groups, 0, made, max, inverse);
                }
                pool.add(row, count, (col - window.col0) / cell, made, groups);
            }
        }
        pool.finish();
    }

    /**
     * The part of a map that is pooled.
     *
     * @param row0 first row of cells
     * @param col0 first column of cells
     * @param height pixels down
     * @param width pixels across
     */
    public record Window(int row0, int col0, int height, int width) {}

    /**
     * Share of a row's attention that goes to the head's sink logit, out of the row's
     * probabilities: what they lack of 1. 0 where the head has no sink logit, the row sees nothing,
     * or the share is less than the rounding of a row of floats.
     *
     * @param row the row's probabilities, NaN where masked
     */
    public double sinkShare(float[] row) {
        if (!(head instanceof QkHead qk) || qk.sink() == QkHead.NO_SINK) {
            return 0;
        }
        double sum = 0;
        boolean any = false;
        for (float p : row) {
            any |= !Float.isNaN(p);
            sum += Float.isNaN(p) ? 0 : p;
        }
        return any && 1 - sum > ROUNDING ? 1 - sum : 0;
    }

    /** Takes the norms that were found where the map was pooled. */
    public void learn(PooledMap map) {
        norms.learn(map.top(), map.inverse());
    }

    /** Takes the norms that a sweep over every row found: hand this to the sweep as a consumer. */
    public SweepConsumer learner() {
        return norms.learner();
    }
}
