package org.headlight.analysis.sinks;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.CaptureInfo;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.matrix.ArrayMatrix;
import org.headlight.engine.sweep.Sweep;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.junit.jupiter.api.Assumptions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Heads to try the analysis on. */
final class Maps {
    private Maps() {}

    static JsonObject vectors() throws IOException {
        Path file = Path.of("..", "..", "shared", "vectors", "analyses.json");
        Assumptions.assumeTrue(Files.exists(file), "the shared vectors are not there");
        return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    }

    static double[] numbers(JsonArray array) {
        double[] numbers = new double[array.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = array.get(i).getAsDouble();
        }
        return numbers;
    }

    /** A causal head whose scores are the given logits, row by row. */
    static QkHead ofLogits(JsonArray rows) {
        int n = rows.size();
        float[] q = new float[n * n];
        float[] k = new float[n * n];
        for (int row = 0; row < n; row++) {
            q[row * n + row] = 1;
            JsonArray values = rows.get(row).getAsJsonArray();
            for (int col = 0; col < values.size(); col++) {
                k[col * n + row] = values.get(col).getAsFloat();
            }
        }
        return new QkHead(
                new ArrayMatrix(q, n, n),
                new ArrayMatrix(k, n, n),
                null,
                1,
                AttentionMask.causal(0));
    }

    /** A head with random queries and keys. */
    static QkHead random(long seed, int rows, int cols, AttentionMask mask) {
        Random random = new Random(seed);
        int depth = 8;
        float[] q = new float[rows * depth];
        float[] k = new float[cols * depth];
        for (int i = 0; i < q.length; i++) {
            q[i] = (float) random.nextGaussian();
        }
        for (int i = 0; i < k.length; i++) {
            k[i] = (float) random.nextGaussian();
        }
        return new QkHead(
                new ArrayMatrix(q, rows, depth), new ArrayMatrix(k, cols, depth), null, 0.9f, mask);
    }

    /** The map in double precision, by its definition. */
    static double[][] naive(QkHead head) {
        double[][] map = new double[head.rows()][head.cols()];
        int depth = head.q().cols();
        float[] q = new float[head.rows() * depth];
        float[] k = new float[head.cols() * depth];
        head.q().copyRows(0, head.rows(), q, 0);
        head.k().copyRows(0, head.cols(), k, 0);
        for (int r = 0; r < head.rows(); r++) {
            double max = Double.NEGATIVE_INFINITY;
            for (int c = 0; c < head.cols(); c++) {
                double dot = 0;
                for (int d = 0; d < depth; d++) {
                    dot += (double) q[r * depth + d] * k[c * depth + d];
                }
                boolean seen =
                        c >= head.mask().firstKey(r)
                                && c < head.mask().endKey(r)
                                && !head.mask().masked(r, c);
                map[r][c] = seen ? dot * head.scale() : Double.NEGATIVE_INFINITY;
                max = Math.max(max, map[r][c]);
            }
            double sum = 0;
            for (int c = 0; c < head.cols(); c++) {
                map[r][c] = max == Double.NEGATIVE_INFINITY ? 0 : Math.exp(map[r][c] - max);
                sum += map[r][c];
            }
            for (int c = 0; c < head.cols(); c++) {
                map[r][c] = sum == 0 ? 0 : map[r][c] / sum;
            }
        }
        return map;
    }

    static ReceivedMass received(HeadAttention head) {
        return received(head, true, 2);
    }

    static ReceivedMass received(HeadAttention head, boolean ordered, int threads) {
        ReceivedMassConsumer consumer = new ReceivedMassConsumer(head, ordered);
        Sweep.run(
                head,
                List.of(consumer),
                SweepOptions.standard().withThreads(threads),
                Progress.NONE);
        return consumer.result();
    }

    static List<Token> tokens(int count) {
        List<Token> tokens = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tokens.add(new Token(i, i, "t" + i, i == 0));
        }
        return tokens;
    }

    /** A capture with one site of these heads. */
    static Capture capture(HeadAttention... heads) {
        List<Token> tokens = tokens(heads[0].cols());
        SiteCapture site =
                new SiteCapture(
                        3,
                        SiteKind.SELF,
                        "n",
                        List.of(heads),
                        heads.length,
                        8,
                        tokens(heads[0].rows()),
                        tokens);
        return new Capture() {
            @Override
            public CaptureInfo info() {
                return new CaptureInfo("made", "", "dump", "", 0);
            }

            @Override
            public List<Token> tokens() {
                return tokens;
            }

            @Override
            public List<SiteCapture> sites() {
                return List.of(site);
            }

            @Override
            public long bytes() {
                return 0;
            }

            @Override
            public void close() {}
        };
    }
}
