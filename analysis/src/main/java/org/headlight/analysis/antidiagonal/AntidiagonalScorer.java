package org.headlight.analysis.antidiagonal;

import org.headlight.engine.attend.AntidiagonalScores;
import org.headlight.engine.attend.HeadArray;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.ProbabilityHead;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.kernel.AttentionKernels;
import org.headlight.engine.matrix.Matrix;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Scores the blocks of heads, one at a time: strided products of queries and keys, softmax, sums
 * over blocks. It costs about 1 / S of the map; biases, soft caps and sink logits are no part of
 * the estimate. A full block row sums to B / S.
 */
public final class AntidiagonalScorer implements AutoCloseable {
    private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 16;

    private final AntidiagonalScores scores;

    /**
     * A scorer.
     *
     * @param kernels what computes
     * @param threads how many threads, at least 1
     */
    public AntidiagonalScorer(AttentionKernels kernels, int threads) {
        this.scores = new AntidiagonalScores(kernels, threads);
    }

    /**
     * The block scores of a head, [rows, cols] of its grid.
     *
     * @throws BadInputException when only the probabilities of the head are known
     * @throws org.headlight.engine.problem.CancelledException when the progress says so
     */
    public BlockTable score(HeadAttention head, XAttentionOptions options, Progress progress) {
        QkHead qk =
                switch (head) {
                    case QkHead known -> known;
                    case ProbabilityHead dumped -> throw noQueries(dumped);
                };
        int stride = options.stride();
        int width = qk.q().cols();
        HeadArray q = padded(qk.q(), stride);
        HeadArray k = padded(qk.k(), stride);
        if (options.variant() != ScoreVariant.ANTIDIAGONAL) {
            q = HeadArray.headsFirst(paired(q, stride, pairing(options)), 1, q.rows(), width);
        }
        int rows = Math.ceilDiv(head.rows(), options.block());
        int cols = Math.ceilDiv(head.cols(), options.block());
        float[] sums = new float[Math.multiplyExact(rows, cols)];
        scores.run(q, k, qk.scale(), groups(qk, options), sums, progress);
        double[] values = new double[sums.length];
        for (int i = 0; i < sums.length; i++) {
            values[i] = sums[i];
        }
        return new BlockTable(values, rows, cols);
    }

    private static BadInputException noQueries(ProbabilityHead head) {
        return new BadInputException(
                "This dump holds probabilities ("
                        + head.rows()
                        + " x "
                        + head.cols()
                        + ") and no queries and keys, which the antidiagonal scores are made of;"
                        + " open the model itself, a capture, or a dump with layers.N.q and"
                        + " layers.N.k.");
    }

    private static AntidiagonalScores.Groups groups(QkHead head, XAttentionOptions options) {
        AttentionMask mask = head.mask();
        int last = head.rows() - 1;
        int first = Math.max(0, mask.firstKey(last));
        boolean window = mask.causal() && mask.unbiased() && first > 0 && last == head.cols() - 1;
        return new AntidiagonalScores.Groups(
                options.stride(),
                options.block(),
                mask.causal(),
                window ? mask.endKey(last) - first : 0);
    }

    /** The rows, and rows of zeros until the last group is full. */
    private static HeadArray padded(Matrix matrix, int stride) {
        int rows = Math.ceilDiv(matrix.rows(), stride) * stride;
        if ((long) rows * matrix.cols() > LARGEST_ARRAY) {
            throw new BadInputException(
                    matrix.rows()
                            + " tokens of "
                            + matrix.cols()
                            + " numbers do not fit into one array; use a shorter text.");
        }
        float[] values = new float[rows * matrix.cols()];
        matrix.copyRows(0, matrix.rows(), values, 0);
        return HeadArray.headsFirst(values, 1, rows, matrix.cols());
    }

    /**
     * Which query of a group goes with key t of a group, [S].
     *
     * @return S - 1 - t for the antidiagonal, t for the diagonal, a permutation for random
     */
    static int[] pairing(XAttentionOptions options) {
        int stride = options.stride();
        int[] query = new int[stride];
        Arrays.setAll(
                query,
                options.variant() == ScoreVariant.ANTIDIAGONAL ? t -> stride - 1 - t : t -> t);
        if (options.variant() == ScoreVariant.RANDOM) {
            SplittableRandom random = new SplittableRandom(options.seed());
            for (int i = stride - 1; i > 0; i--) {
                int other = random.nextInt(i + 1);
                int swap = query[i];
                query[i] = query[other];
                query[other] = swap;
            }
        }
        return query;
    }

    /** The queries in such an order that the antidiagonal of the new is the pairing of the old. */
    private static float[] paired(HeadArray q, int stride, int[] pairing) {
        int width = q.width();
        float[] values = new float[q.rows() * width];
        for (int group = 0; group < q.rows(); group += stride) {
            for (int t = 0; t < stride; t++) {
                System.arraycopy(
                        q.values(),
                        q.at(0, group + pairing[t]),
                        values,
                        (group + stride - 1 - t) * width,
                        width);
            }
        }
        return values;
    }

    /** Ends the threads. */
    @Override
    public void close() {
        scores.close();
    }
}
