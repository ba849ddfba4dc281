package org.headlight.analysis.heads;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.ProbabilityHead;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.matrix.ArrayMatrix;
import org.headlight.engine.matrix.Matrix;
import org.headlight.engine.token.Token;
import org.junit.jupiter.api.Assumptions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Small heads for tests, and their maps by plain loops of doubles. */
public final class TestMaps {
    private static final int DEPTH = 7;

    private TestMaps() {}

    /** The reference vectors; the test is skipped where they are not there. */
    public static JsonObject vectors() {
        Path file = Path.of("..", "..", "shared", "vectors", "analyses.json");
        Assumptions.assumeTrue(Files.exists(file), "the shared vectors are not there");
        try {
            return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static double[] doubles(JsonArray array) {
        double[] values = new double[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).getAsDouble();
        }
        return values;
    }

    public static double[][] rows(JsonArray array) {
        double[][] rows = new double[array.size()][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = doubles(array.get(i).getAsJsonArray());
        }
        return rows;
    }

    public static Matrix matrix(double[][] rows) {
        int cols = rows[0].length;
        float[] cells = new float[rows.length * cols];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = (float) rows[i / cols][i % cols];
        }
        return new ArrayMatrix(cells, rows.length, cols);
    }

    public static List<Token> tokens(int... ids) {
        List<Token> tokens = new ArrayList<>();
        for (int id : ids) {
            tokens.add(new Token(tokens.size(), id, "t" + id, false));
        }
        return tokens;
    }

    /** Ids 0 to 4 in any order. */
    public static int[] anyIds(int count) {
        return new Random(count).ints(count, 0, 5).toArray();
    }

    public static double[][] gaussian(int rows, long seed) {
        Random random = new Random(seed);
        double[][] values = new double[rows][DEPTH];
        for (double[] row : values) {
            for (int c = 0; c < DEPTH; c++) {
                row[c] = (float) random.nextGaussian();
            }
        }
        return values;
    }

    /** A random head with values, causal or not. */
    public static QkHead random(int n, boolean causal, long seed) {
        AttentionMask mask = causal ? AttentionMask.causal(0) : AttentionMask.full(n);
        return new QkHead(
                matrix(gaussian(n, seed)),
                matrix(gaussian(n, seed + 1)),
                matrix(gaussian(n, seed + 2)),
                0.7f,
                mask);
    }

    /** A causal head with exactly these probabilities. */
    public static HeadAttention dumped(double[][] p) {
        return new ProbabilityHead(matrix(p), AttentionMask.causal(0));
    }

    /** The map of a head of queries and keys, [N][M], 0 where masked. */
    public static double[][] map(QkHead head) {
        int n = head.rows();
        int m = head.cols();
        int depth = head.q().cols();
        float[] q = new float[n * depth];
        float[] k = new float[m * depth];
        head.q().copyRows(0, n, q, 0);
        head.k().copyRows(0, m, k, 0);
        double[][] map = new double[n][m];
        for (int row = 0; row < n; row++) {
            double sum = 0;
            for (int col = 0; col < m; col++) {
                double dot = 0;
                for (int c = 0; c < depth; c++) {
                    dot += (double) q[row * depth + c] * k[col * depth + c];
                }
                boolean seen = col >= head.mask().firstKey(row) && col < head.mask().endKey(row);
                map[row][col] = seen ? Math.exp(dot * head.scale()) : 0;
                sum += map[row][col];
            }
            for (int col = 0; col < m; col++) {
                map[row][col] /= sum;
            }
        }
        return map;
    }
}
