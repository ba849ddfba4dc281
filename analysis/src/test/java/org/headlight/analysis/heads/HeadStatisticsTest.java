package org.headlight.analysis.heads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.CaptureInfo;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.MaskReader;
import org.headlight.engine.capture.MaskTermReader;
import org.headlight.engine.capture.ProbabilityHead;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.dump.CaptureFiles;
import org.headlight.engine.matrix.Matrix;
import org.headlight.engine.problem.CancelledException;
import org.headlight.engine.sweep.Sweep;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

class HeadStatisticsTest {
    private static final int[] TOKENS = {9, 5, 6, 7, 5, 6, 6};

    private static JsonObject vectors() throws IOException {
        Path file = Path.of("..", "..", "shared", "vectors", "analyses.json");
        Assumptions.assumeTrue(Files.exists(file), "the shared vectors are not there");
        return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    }

    private static Matrix matrix(float[][] values, int cols) {
        return new Matrix() {
            @Override
            public int rows() {
                return values.length;
            }

            @Override
            public int cols() {
                return cols;
            }

            @Override
            public void copy(
                    int row0,
                    int row1,
                    int col0,
                    int col1,
                    float[] target,
                    int offset,
                    int stride) {
                for (int r = row0; r < row1; r++) {
                    System.arraycopy(
                            values[r], col0, target, offset + (r - row0) * stride, col1 - col0);
                }
            }
        };
    }

    private static List<Token> tokens(int... ids) {
        List<Token> tokens = new ArrayList<>();
        for (int id : ids) {
            tokens.add(new Token(tokens.size(), id, "t" + id, false));
        }
        return tokens;
    }

    private static HeadStatistics measure(HeadAttention head, int... ids) {
        HeadStatisticsConsumer consumer =
                new HeadStatisticsConsumer(head, new TokenIndex(tokens(ids)));
        Sweep.run(head, List.of(consumer), SweepOptions.standard(), Progress.NONE);
        return consumer.result(2, 1, "L2H1", HeadSurvey.SINK_EPSILON);
    }

    /** A head whose scores are the given logits: queries are one-hot, keys hold the columns. */
    private static QkHead ofLogits(JsonArray rows) {
        int n = rows.size();
        float[][] q = new float[n][n];
        float[][] k = new float[n][n];
        for (int row = 0; row < n; row++) {
            q[row][row] = 1;
            JsonArray values = rows.get(row).getAsJsonArray();
            for (int col = 0; col < values.size(); col++) {
                k[col][row] = values.get(col).getAsFloat();
            }
        }
        return new QkHead(matrix(q, n), matrix(k, n), null, 1, AttentionMask.causal(0));
    }

    private static double mean(JsonArray values) {
        double sum = 0;
        for (int i = 0; i < values.size(); i++) {
            sum += values.get(i).getAsDouble();
        }
        return sum / values.size();
    }

    @Test
    void theReferenceMatrixHasTheReferenceNumbers() throws IOException {
        JsonObject all = vectors();
        QkHead head = ofLogits(all.getAsJsonArray("matrix7_logits_rows_causal"));
        HeadStatistics s = measure(head, TOKENS);
        JsonObject scores =
                all.getAsJsonObject("head_detector").getAsJsonObject("scores_mul_abs_on_matrix7");
        assertThat(s.previousToken()).isCloseTo(score(scores, "previous"), within(1e-5));
        assertThat(s.duplicateToken()).isCloseTo(score(scores, "duplicate"), within(1e-5));
        assertThat(s.induction()).isCloseTo(score(scores, "induction"), within(1e-5));
        JsonObject rows = all.getAsJsonObject("row_metrics_on_matrix7");
        assertThat(s.entropy()).isCloseTo(mean(rows.getAsJsonArray("entropy_nats")), within(1e-5));
        assertThat(s.meanDistance())
                .isCloseTo(mean(rows.getAsJsonArray("mean_backward_distance")), within(1e-5));
        JsonObject sink = all.getAsJsonObject("sink_metric");
        assertThat(s.received0())
                .isCloseTo(sink.getAsJsonArray("alpha_k").get(0).getAsDouble(), within(1e-5));
        assertThat(s.sinkRate()).isEqualTo(sink.getAsJsonArray("indicator").get(0).getAsDouble());
    }

    private static double score(JsonObject scores, String pattern) {
        return scores.getAsJsonObject(pattern).getAsJsonArray("none").get(0).getAsDouble();
    }

    @Test
    void duplicateAndInductionMarkExactlyTheReferenceCells() throws IOException {
        JsonObject detector = vectors().getAsJsonObject("head_detector");
        for (int q = 0; q < TOKENS.length; q++) {
            for (int k = 0; k <= q; k++) {
                float[][] p = new float[TOKENS.length][TOKENS.length];
                p[q][k] = 1;
                HeadAttention head =
                        new ProbabilityHead(matrix(p, TOKENS.length), AttentionMask.causal(0));
                HeadStatistics s = measure(head, TOKENS);
                assertThat(s.duplicateToken())
                        .as("duplicate %d, %d", q, k)
                        .isEqualTo(contains(detector.getAsJsonArray("duplicate_ones"), q, k));
                assertThat(s.induction())
                        .as("induction %d, %d", q, k)
                        .isEqualTo(contains(detector.getAsJsonArray("induction_ones"), q, k));
                assertThat(s.previousToken()).isEqualTo(k == q - 1 ? 1 : 0);
            }
        }
    }

    private static double contains(JsonArray cells, int q, int k) {
        for (int i = 0; i < cells.size(); i++) {
            JsonArray cell = cells.get(i).getAsJsonArray();
            if (cell.get(0).getAsInt() == q && cell.get(1).getAsInt() == k) {
                return 1;
            }
        }
        return 0;
    }

    @Test
    void aUniformCausalHeadReceivesTheHarmonicMean() {
        HeadStatistics s = measure(uniform(64), new int[64]);
        double harmonic = 0;
        for (int i = 1; i <= 64; i++) {
            harmonic += 1.0 / i;
        }
        assertThat(s.received0()).isCloseTo(harmonic / 64, within(1e-6));
        assertThat(s.sinkRate()).isZero();
        assertThat(s.confidence()).isCloseTo(harmonic / 64, within(1e-6));
    }

    private static QkHead uniform(int n) {
        float[][] zero = new float[n][1];
        return new QkHead(matrix(zero, 1), matrix(zero, 1), null, 1, AttentionMask.causal(0));
    }

    @ParameterizedTest
    @CsvSource({"1, true", "2, true", "65, true", "65, false", "300, true"})
    void everyNumberIsItsFormula(int n, boolean causal) {
        Random random = new Random(n);
        float[][] q = new float[n][7];
        float[][] k = new float[n][7];
        int[] ids = new int[n];
        for (int i = 0; i < n; i++) {
            ids[i] = random.nextInt(5);
            for (int c = 0; c < 7; c++) {
                q[i][c] = (float) random.nextGaussian();
                k[i][c] = (float) random.nextGaussian();
            }
        }
        AttentionMask mask = causal ? AttentionMask.causal(0) : AttentionMask.full(n);
        HeadStatistics s = measure(new QkHead(matrix(q, 7), matrix(k, 7), null, 0.7f, mask), ids);
        double[] sums = new double[8];
        for (int row = 0; row < n; row++) {
            addRow(softmax(q[row], k, causal ? row + 1 : n), row, ids, sums);
        }
        double[] found = {
            s.entropy(),
            s.meanDistance(),
            s.received0(),
            s.previousToken(),
            s.duplicateToken(),
            s.induction(),
            s.locality(),
            s.confidence()
        };
        for (int i = 0; i < sums.length; i++) {
            double truth = sums[i] / n;
            assertThat(found[i]).as("number %d", i).isCloseTo(truth, within(1e-5 * (1 + truth)));
        }
    }

    private static double[] softmax(float[] q, float[][] k, int visible) {
        double[] p = new double[visible];
        double sum = 0;
        for (int col = 0; col < visible; col++) {
            double dot = 0;
            for (int c = 0; c < 7; c++) {
                dot += (double) q[c] * k[col][c];
            }
            p[col] = Math.exp(dot * 0.7f);
            sum += p[col];
        }
        for (int col = 0; col < visible; col++) {
            p[col] /= sum;
        }
        return p;
    }

    private static void addRow(double[] p, int row, int[] ids, double[] sums) {
        sums[2] += p[0];
        sums[3] += row > 0 ? p[row - 1] : 0;
        sums[7] += Arrays.stream(p).max().orElseThrow();
        for (int col = 0; col < p.length; col++) {
            sums[0] -= p[col] * Math.log(p[col]);
            sums[1] += p[col] * Math.abs(row - col);
            sums[4] += col < row && ids[col] == ids[row] ? p[col] : 0;
            boolean follows = col >= 1 && col - 1 < row && ids[col - 1] == ids[row];
            sums[5] += follows ? p[col] : 0;
            sums[6] += Math.abs(row - col) <= 4 ? p[col] : 0;
        }
    }

    @Test
    void unknownTokensMatchNothing() {
        HeadStatistics s = measure(uniform(5), -1, -1, -1, -1, -1);
        assertThat(s.duplicateToken()).isZero();
        assertThat(s.induction()).isZero();
        assertThat(s.previousToken()).isPositive();
    }

    @Test
    void aSurveyGoesThroughEveryHeadAndLeavesPositionsOutOfCrossAttention() {
        List<Token> text = tokens(1, 2, 1);
        SiteCapture self =
                new SiteCapture(
                        0,
                        SiteKind.SELF,
                        "softmax_0",
                        List.of(uniform(3), uniform(3)),
                        1,
                        1,
                        text,
                        text);
        float[][] one = {{1}, {1}, {1}};
        HeadAttention across = new ProbabilityHead(matrix(one, 1), AttentionMask.full(1));
        SiteCapture cross =
                new SiteCapture(
                        1, SiteKind.CROSS, "softmax_1", List.of(across), 1, 0, text, tokens(4));
        Capture capture = new ListCapture(List.of(self, cross), text);
        List<HeadStatistics> found =
                HeadSurvey.of(capture, SweepOptions.standard(), 0.3, Progress.NONE);
        assertThat(found).extracting(HeadStatistics::name).containsExactly("L0H0", "L0H1", "L1X0");
        assertThat(found.get(2).received0()).isEqualTo(1);
        assertThat(found.get(2).sinkRate()).isEqualTo(1);
        assertThat(found.get(2).meanDistance()).isNaN();
        assertThat(found.get(2).induction()).isNaN();
        assertThat(found.get(0).duplicateToken()).isCloseTo(1.0 / 9, within(1e-6));
        Progress cancelled =
                new Progress() {
                    @Override
                    public void at(double fraction, String stage) {
                        assertThat(fraction).isBetween(0.0, 1.0);
                    }

                    @Override
                    public boolean cancelled() {
                        return true;
                    }
                };
        assertThatThrownBy(() -> HeadSurvey.of(capture, SweepOptions.standard(), 0.3, cancelled))
                .isInstanceOf(CancelledException.class);
    }

    @Test
    void aFirstRowThatSeesNothingMeasuresTheSameOutOfAFile(@TempDir Path folder) {
        int n = 7;
        MaskTermReader strict = new MaskTermReader();
        float[] bias = new float[n * n];
        for (int i = 0; i < bias.length; i++) {
            bias[i] = i % n < i / n ? 0 : Float.NEGATIVE_INFINITY;
        }
        strict.accept(n, n, bias, 1, n, n);
        int[] all = {n, n, n, n, n, n, n};
        AttentionMask mask = new MaskReader(List.of(strict), all, n).read(1).getFirst();
        float[][] zeros = new float[n][4];
        QkHead head = new QkHead(matrix(zeros, 4), matrix(zeros, 4), null, 1, mask);
        List<Token> text = tokens(TOKENS);
        SiteCapture site = new SiteCapture(0, SiteKind.SELF, "n", List.of(head), 1, 4, text, text);
        Capture capture = new ListCapture(List.of(site), text);
        Path file = folder.resolve("c.safetensors");
        CaptureFiles.write(capture, file, Progress.NONE);

        List<HeadStatistics> before =
                HeadSurvey.of(capture, SweepOptions.standard(), 0.3, Progress.NONE);
        try (Capture read = CaptureFiles.read(file, Progress.NONE)) {
            assertThat(HeadSurvey.of(read, SweepOptions.standard(), 0.3, Progress.NONE))
                    .isEqualTo(before);
        }
        // Row r sees keys 0 to r - 1 alike: 1 + ... + r over r is (r + 1) / 2 away on average.
        double distance = (2 + 3 + 4 + 5 + 6 + 7) / 2.0 / 6;
        assertThat(before.getFirst().meanDistance()).isCloseTo(distance, within(1e-6));
    }

    private record ListCapture(List<SiteCapture> sites, List<Token> tokens) implements Capture {
        @Override
        public CaptureInfo info() {
            return new CaptureInfo("test", "", "dump", "", 0);
        }

        @Override
        public long bytes() {
            return 0;
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
