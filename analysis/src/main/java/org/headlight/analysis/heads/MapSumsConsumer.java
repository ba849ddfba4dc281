package org.headlight.analysis.heads;

import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.kernel.AttentionKernels;
import org.headlight.engine.sweep.RowBlock;
import org.headlight.engine.sweep.SweepConsumer;
import org.headlight.engine.sweep.Visibility;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Adds up {@link MapSums} from the blocks of a sweep over every row. */
public final class MapSumsConsumer implements SweepConsumer {
    private static final int LANES = RowBlock.LANES;
    private static final int PARTS = AttentionKernels.PARTS;
    private static final int ROOM = AttentionKernels.DIAGONAL_ROOM;

    /** Blocks after which sums of floats go into doubles. */
    private static final int FLUSH = 32;

    private final HeadAttention head;
    private final Visibility visibility;
    private final int offset;
    private final int lateFrom;
    private final @Nullable TokenIndex tokens;
    private final float[] ids;
    private final List<Totals> workers = new ArrayList<>();

    /**
     * Prepares the sums of a head.
     *
     * @param tokens the text of queries and keys; null where tokens are not comparable
     * @param lateFrom first row of the late rows
     */
    public MapSumsConsumer(HeadAttention head, @Nullable TokenIndex tokens, int lateFrom) {
        this.head = head;
        this.visibility = new Visibility(head, Set.of());
        this.offset = head.cols() - head.rows();
        this.lateFrom = lateFrom;
        this.tokens = tokens;
        this.ids = tokens == null ? new float[0] : tokens.ids();
    }

    @Override
    public Worker worker() {
        Totals totals = new Totals();
        workers.add(totals);
        return totals;
    }

    @Override
    public void finish() {
        workers.forEach(Totals::flush);
    }

    /** The sums, after the sweep. */
    public MapSums result() {
        double[] columns = new double[head.cols()];
        double[] late = new double[head.cols()];
        double[] diagonals = new double[head.rows() + head.cols() - 1];
        double[] lateDiagonals = new double[diagonals.length];
        MapSums.RowTotals totals = MapSums.RowTotals.NONE;
        for (Totals worker : workers) {
            totals = totals.plus(worker.rows());
            for (int i = 0; i < columns.length; i++) {
                late[i] += worker.late.columns[i];
                columns[i] += worker.early.columns[i] + worker.late.columns[i];
            }
            for (int i = 0; i < diagonals.length; i++) {
                lateDiagonals[i] += worker.late.diagonals[i];
                diagonals[i] += worker.early.diagonals[i] + worker.late.diagonals[i];
            }
        }
        return new MapSums(head, columns, late, diagonals, lateDiagonals, totals);
    }

    /** Sums over columns and diagonals of some of the rows. */
    private final class Lines {
        private final float[] parts = new float[head.cols() * PARTS];
        private final float[] paths = new float[head.rows() + head.cols() - 1 + 2 * ROOM];
        private final double[] columns = new double[head.cols()];
        private final double[] diagonals = new double[head.rows() + head.cols() - 1];
        private int blocks;

        void end() {
            if (++blocks == FLUSH) {
                flush();
            }
        }

        void flush() {
            blocks = 0;
            for (int key = 0; key < columns.length; key++) {
                float sum = 0;
                for (int part = 0; part < PARTS; part++) {
                    sum += parts[key * PARTS + part];
                }
                columns[key] += sum;
            }
            Arrays.fill(parts, 0);
            for (int i = 0; i < diagonals.length; i++) {
                diagonals[i] += paths[ROOM + i];
            }
            Arrays.fill(paths, 0);
        }
    }

    private final class Totals implements Worker {
        private final Lines early = new Lines();
        private final Lines late = new Lines();
        private final float[] largest = new float[LANES];
        private final float[] squares = new float[LANES];
        private final double[] square = new double[LANES];
        private final float[] queries = new float[LANES];
        private final float[] matches = new float[2 * LANES];
        private final float[] scratch = new float[AttentionKernels.DIAGONAL_SCRATCH];
        private long seen;
        private long lateSeen;
        private double mass;
        private double entropy;
        private double evenness;
        private long spread;
        private double support;
        private double participation;
        private double confidence;
        private double same;
        private double sameFirst;
        private double after;
        private double afterSelf;
        private double corner;
        private double second;

        MapSums.RowTotals rows() {
            return new MapSums.RowTotals(
                    seen,
                    lateSeen,
                    mass,
                    entropy,
                    evenness,
                    spread,
                    support,
                    participation,
                    confidence,
                    same,
                    sameFirst,
                    after,
                    afterSelf,
                    corner,
                    second);
        }

        void flush() {
            early.flush();
            late.flush();
        }

        private Lines lines(RowBlock block) {
            return block.row0 < lateFrom ? early : late;
        }

        private void begin(RowBlock block) {
            if (block.rowStep != 1) {
                throw new IllegalArgumentException("every row must be read");
            }
            Arrays.fill(largest, 0);
            Arrays.fill(square, 0);
            int position = block.row0 + offset;
            for (int lane = 0; lane < LANES; lane++) {
                int q = position + lane;
                queries[lane] =
                        tokens != null && lane < block.count && q >= 0 ? ids[q + 1] : Float.NaN;
            }
        }

        @Override
        public void keys(RowBlock block, int from, int to) {
            if (from == block.key0) {
                begin(block);
            }
            Lines lines = lines(block);
            Arrays.fill(squares, 0);
            block.shares(from, to, largest, squares, lines.parts);
            for (int lane = 0; lane < LANES; lane++) {
                square[lane] += squares[lane];
            }
            int zero = ROOM + head.rows() - 1 + offset;
            block.diagonals(from, to, lines.paths, zero, scratch);
            int lined = Math.min(to, block.row0 + offset);
            if (tokens != null && from < lined) {
                earlier(block, from, lined);
            }
        }

        @Override
        public void accept(RowBlock block) {
            if (block.key0 == block.key1) {
                begin(block);
            }
            if (block.row0 < lateFrom && lateFrom < block.row0 + block.count) {
                moveLate(block);
            }
            for (int lane = 0; lane < block.count; lane++) {
                row(block, lane);
            }
            lines(block).end();
        }

        /** Keys that stand before every row of the block. */
        private void earlier(RowBlock block, int from, int to) {
            Arrays.fill(matches, 0);
            block.matches(from, to, queries, ids, matches);
            for (int lane = 0; lane < LANES; lane++) {
                same += matches[lane];
                after += matches[LANES + lane];
            }
        }

        /** Takes what belongs to late rows of a block from the early sums to the late ones. */
        private void moveLate(RowBlock block) {
            for (int lane = lateFrom - block.row0; lane < block.count; lane++) {
                int q = block.row0 + lane + offset;
                for (int key = block.key0; key < block.key1; key++) {
                    float value = cell(block, lane, key);
                    int at = q - key + head.rows() - 1;
                    early.columns[key] -= value;
                    late.columns[key] += value;
                    early.diagonals[at] -= value;
                    late.diagonals[at] += value;
                }
            }
        }

        private void row(RowBlock block, int lane) {
            if (block.lse[lane] == Float.NEGATIVE_INFINITY) {
                return;
            }
            int r = block.row0 + lane;
            int q = r + offset;
            seen++;
            lateSeen += r >= lateFrom ? 1 : 0;
            mass += block.mass[lane];
            entropy += block.entropy[lane];
            support += Math.exp(block.entropy[lane]);
            participation += square[lane] > 0 ? 1 / square[lane] : 0;
            confidence += largest[lane];
            int visible = visibility.count(r, 0, head.cols());
            if (visible > 1) {
                spread++;
                evenness += block.entropy[lane] / Math.log(visible);
            }
            corner += q == 0 ? cell(block, lane, 0) : 0;
            second += q == 1 ? cell(block, lane, 0) : 0;
            if (tokens != null && q >= 0 && q < tokens.size()) {
                repeats(block, lane, q);
            }
        }

        /** Keys within the positions of the block, and the cells that may be left out. */
        private void repeats(RowBlock block, int lane, int q) {
            float own = queries[lane];
            for (int key = block.row0 + offset; key <= q; key++) {
                if (key >= 0) {
                    float value = cell(block, lane, key);
                    same += key < q && ids[key + 1] == own ? value : 0;
                    after += ids[key] == own ? value : 0;
                }
            }
            sameFirst += q > 0 && ids[1] == own ? cell(block, lane, 0) : 0;
            afterSelf += ids[q] == own ? cell(block, lane, q) : 0;
        }

        private float cell(RowBlock block, int lane, int key) {
            return key >= block.key0 && key < block.key1
                    ? block.p[(key - block.key0) * LANES + lane]
                    : 0;
        }
    }
}
