package org.headlight.analysis.antidiagonal;

import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.matrix.ArrayMatrix;
import org.headlight.engine.token.Token;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Heads for the tests, and the truth about them in double precision. */
final class Heads {
    private Heads() {}

    /** The heads of the shared vectors. */
    static QkHead vector(int head, int length) {
        int width = 8;
        float[] q = new float[length * width];
        float[] k = new float[length * width];
        for (int i = 0; i < length; i++) {
            for (int c = 0; c < width; c++) {
                double forQuery = 0.37 * (i + 1) * (c + 1) + 1.3 * head;
                double forKey = 0.23 * (i + 1) * (c + 2) - 0.7 * head;
                q[i * width + c] = (float) (2 * Math.sin(forQuery));
                k[i * width + c] = (float) (2 * Math.cos(forKey));
            }
        }
        return new QkHead(
                new ArrayMatrix(q, length, width),
                new ArrayMatrix(k, length, width),
                null,
                (float) (1 / Math.sqrt(width)),
                AttentionMask.causal(0));
    }

    /** Random queries and keys. */
    static QkHead random(int queries, int keys, int width, AttentionMask mask, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return new QkHead(
                noise(random, queries, width),
                noise(random, keys, width),
                null,
                (float) (1 / Math.sqrt(width)),
                mask);
    }

    private static ArrayMatrix noise(SplittableRandom random, int rows, int width) {
        float[] values = new float[rows * width];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble(-2, 2);
        }
        return new ArrayMatrix(values, rows, width);
    }

    /** A site of one head. */
    static SiteCapture site(HeadAttention head) {
        List<Token> queries = tokens(head.rows());
        List<Token> keys = tokens(head.cols());
        return new SiteCapture(2, SiteKind.SELF, "n", List.of(head), 1, 8, queries, keys);
    }

    private static List<Token> tokens(int count) {
        List<Token> tokens = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tokens.add(new Token(i, i, "t", false));
        }
        return tokens;
    }

    static float[][] rows(ArrayMatrix matrix) {
        float[][] rows = new float[matrix.rows()][matrix.cols()];
        for (int row = 0; row < rows.length; row++) {
            matrix.copyRows(row, row + 1, rows[row], 0);
        }
        return rows;
    }

    /** The map itself, [N][M]. */
    static double[][] map(QkHead head) {
        float[][] q = rows((ArrayMatrix) head.q());
        float[][] k = rows((ArrayMatrix) head.k());
        double[][] map = new double[q.length][k.length];
        for (int row = 0; row < q.length; row++) {
            double sum = 0;
            for (int col = 0; col < k.length; col++) {
                if (!head.mask().masked(row, col)) {
                    map[row][col] = Math.exp(dot(q[row], k[col]) * head.scale());
                    sum += map[row][col];
                }
            }
            for (int col = 0; col < k.length; col++) {
                map[row][col] /= sum;
            }
        }
        return map;
    }

    static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int c = 0; c < a.length; c++) {
            sum += (double) a[c] * b[c];
        }
        return sum;
    }

    /** Sums of a map over blocks. */
    static double[][] sums(double[][] map, int block) {
        double[][] sums =
                new double[Math.ceilDiv(map.length, block)][Math.ceilDiv(map[0].length, block)];
        for (int row = 0; row < map.length; row++) {
            for (int col = 0; col < map[0].length; col++) {
                sums[row / block][col / block] += map[row][col];
            }
        }
        return sums;
    }

    /** A table of given numbers. */
    static BlockTable table(double[][] values) {
        int cols = values[0].length;
        double[] all = new double[values.length * cols];
        for (int row = 0; row < values.length; row++) {
            System.arraycopy(values[row], 0, all, row * cols, cols);
        }
        return new BlockTable(all, values.length, cols);
    }

    /** Which blocks are in a set, as 0 and 1. */
    static int[][] mask(BlockSet set) {
        int[][] mask = new int[set.rows()][set.cols()];
        for (int row = 0; row < set.rows(); row++) {
            for (int col = 0; col < set.cols(); col++) {
                mask[row][col] = set.contains(row, col) ? 1 : 0;
            }
        }
        return mask;
    }
}
