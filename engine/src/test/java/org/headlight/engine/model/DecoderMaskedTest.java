package org.headlight.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OnnxTensor;

import org.headlight.engine.attention.GraphMaker;
import org.headlight.engine.attention.OrtRun;
import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/**
 * DecoderMaskedMultiHeadAttention of com.microsoft, one query a run: attention by its definition
 * from the numbers that went in, what the runtime gives, and what the capture stands for.
 */
class DecoderMaskedTest {
    private static final int HEADS = 3;
    private static final int D = 8;
    private static final int ID = 7;
    private static final double TOLERANCE = 2e-5;

    @TempDir private Path folder;

    private final FusedGraph graph = new FusedGraph(1L, 17);
    private final GraphMaker g = graph.maker();
    private final List<Object> attributes = new ArrayList<>(List.of("num_heads", HEADS));
    private final Random random = new Random(11);
    private String projection = "";
    private double scale = 1 / Math.sqrt(D);

    private Path written(List<String> in, List<String> out) {
        while (in.getLast().isEmpty()) {
            in.removeLast();
        }
        g.nodeOf(
                FusedGraph.MICROSOFT,
                "DecoderMaskedMultiHeadAttention",
                out,
                in,
                attributes.toArray());
        return graph.write(folder);
    }

    private float[] numbers(int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    private double[] query(int head) {
        double[] row = FusedGraph.head(graph.rows("q", new int[] {ID}), head * D, D)[0].clone();
        for (int i = 0; i < D; i++) {
            row[i] += projection.isEmpty() ? 0 : graph.table(projection)[0][head * D + i];
        }
        return row;
    }

    private static double[][] cells(float[] buffer, int from, int count) {
        double[][] rows = new double[count][D];
        for (int i = 0; i < count * D; i++) {
            rows[i / D][i % D] = buffer[from + i];
        }
        return rows;
    }

    private Path overAnEncoder() {
        for (String part : List.of("keys", "values")) {
            g.input("encoder_" + part, GraphMaker.FLOAT, 1, HEADS, "frames", D);
        }
        List<String> in = new ArrayList<>(List.of(graph.flat("q", HEADS * D)));
        in.addAll(List.of("encoder_keys", "encoder_values", "", "", "", "", "", "", ""));
        in.add(projection);
        return written(in, List.of(FusedGraph.RESULT));
    }

    private void prove(Path file, int frames) {
        float[] keys = numbers(HEADS * frames * D);
        float[] values = numbers(HEADS * frames * D);
        Map<String, InputTensor> given = new HashMap<>();
        given.put("input_ids", InputTensor.longs(new long[] {ID}, 1, 1));
        given.put("encoder_keys", InputTensor.floats(keys, 1, HEADS, frames, D));
        given.put("encoder_values", InputTensor.floats(values, 1, HEADS, frames, D));
        Map<String, OnnxTensor> feeds = new HashMap<>();
        feeds.put("input_ids", OrtRun.longs(new long[] {ID}, 1, 1));
        feeds.put("encoder_keys", OrtRun.floats(keys, 1, HEADS, frames, D));
        feeds.put("encoder_values", OrtRun.floats(values, 1, HEADS, frames, D));
        OrtRun.Numbers result = OrtRun.run(file, feeds).get(FusedGraph.RESULT);
        float[] own = Objects.requireNonNull(result).values();
        try (OnnxModel model = Models.open(file);
                Capture capture = model.capture(given, Progress.NONE)) {
            assertThat(model.info().unsupported()).isEmpty();
            assertThat(capture.sites().getFirst().kind()).isEqualTo(SiteKind.CROSS);
            List<HeadAttention> heads = capture.sites().getFirst().heads();
            assertThat(heads).hasSize(HEADS);
            for (int h = 0; h < HEADS; h++) {
                int from = h * frames * D;
                NaiveAttention wanted =
                        new NaiveAttention(
                                new double[][] {query(h)},
                                cells(keys, from, frames),
                                cells(values, from, frames),
                                scale,
                                0,
                                Double.NEGATIVE_INFINITY,
                                (row, key) -> 0);
                same(NaiveAttention.of((QkHead) heads.get(h)), wanted, own, h * D);
            }
        }
    }

    private static void same(NaiveAttention captured, NaiveAttention wanted, float[] own, int at) {
        near(captured.q[0], wanted.q[0]);
        assertThat(captured.k.length).isEqualTo(wanted.k.length);
        for (int key = 0; key < wanted.k.length; key++) {
            near(captured.k[key], wanted.k[key]);
            near(captured.v[key], wanted.v[key]);
        }
        double[] runtime = new double[D];
        for (int i = 0; i < D; i++) {
            runtime[i] = own[at + i];
        }
        near(captured.probabilities(0), wanted.probabilities(0));
        near(captured.context(0), wanted.context(0));
        near(runtime, wanted.context(0));
    }

    private static void near(double[] a, double[] b) {
        assertThat(a).hasSameSizeAs(b);
        for (int i = 0; i < a.length; i++) {
            assertThat(Math.abs(a[i] - b[i])).isLessThan(TOLERANCE);
        }
    }

    @Test
    void oneQueryOverTheKeysOfAnEncoder() {
        Path file = overAnEncoder();
        for (int frames : new int[] {1, 2, 63, 65}) {
            prove(file, frames);
        }
    }

    @Test
    void aBiasOfTheProjectionsAndAGivenScale() {
        projection = g.matrix("projection", 1, 3 * HEADS * D);
        scale = 0.2f;
        attributes.addAll(List.of("scale", 0.2f));
        prove(overAnEncoder(), 37);
    }

    /** Running it would corrupt the memory of the process. */
    @Test
    void aModelThatAttendsToACacheIsNotRun() {
        List<String> in = new ArrayList<>();
        for (String part : List.of("q", "k", "v")) {
            in.add(graph.flat(part, HEADS * D));
        }
        in.addAll(List.of("", ""));
        in.addAll(graph.cache(HEADS, D));
        in.add(g.input("past_sequence_length", GraphMaker.INT32, 1));
        attributes.addAll(List.of("past_present_share_buffer", 1));
        Path file = written(in, List.of(FusedGraph.RESULT, "present_key", "present_value"));
        assertThatThrownBy(() -> Models.open(file).close())
                .isInstanceOf(BadInputException.class)
                .hasMessage(
                        file
                                + " is not run: its node /out (DecoderMaskedMultiHeadAttention of"
                                + " com.microsoft) attends to a cache, and ONNX Runtime writes"
                                + " behind the end of it at the first token; export the model again"
                                + " with MultiHeadAttention in its place.");
    }
}
