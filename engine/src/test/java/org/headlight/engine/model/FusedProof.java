package org.headlight.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.task.Progress;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Holds a model of one operator against attention by its definition: three ways must agree, what
 * the runtime gives, what a test works out from the numbers that it put in, and what the capture
 * stands for.
 */
final class FusedProof {
    /** Largest difference, of values of size 1 to 4. */
    private static final double TOLERANCE = 2e-5;

    private double tolerance = TOLERANCE;

    private final Path file;
    private final String form;
    private final Function<int[], List<NaiveAttention>> truth;

    /**
     * @param truth the heads for these tokens
     */
    FusedProof(Path file, String form, Function<int[], List<NaiveAttention>> truth) {
        this.file = file;
        this.form = form;
        this.truth = truth;
    }

    /** With this largest difference. */
    FusedProof within(double difference) {
        tolerance = difference;
        return this;
    }

    /** In one piece, for these numbers of tokens. */
    void whole(int... counts) {
        try (OnnxModel model = Models.open(file)) {
            for (int count : counts) {
                prove(model, count);
            }
        }
    }

    /** In chunks of 16 tokens. */
    void chunked(int... counts) {
        try (OnnxModel model =
                OnnxModels.open(file, ModelOptions.defaults().withChunkBytes(1), Progress.NONE)) {
            assertThat(model.need(100).feeding()).isEqualTo(MemoryNeed.Feeding.CHUNKS);
            for (int count : counts) {
                prove(model, count);
            }
        }
    }

    private void prove(OnnxModel model, int count) {
        assertThat(model.info().unsupported()).isEmpty();
        assertThat(model.info().sites()).hasSize(1);
        assertThat(model.info().sites().getFirst().form()).isEqualTo(form);
        List<org.headlight.engine.token.Token> tokens = Models.tokens(count, FusedGraph.VOCABULARY);
        int[] ids = tokens.stream().mapToInt(org.headlight.engine.token.Token::id).toArray();
        List<NaiveAttention> expected = truth.apply(ids);
        int width = expected.size() * expected.getFirst().v[0].length;
        float[] own = new float[count * width];
        try (Capture capture =
                model.capture(
                        tokens,
                        Set.of(FusedGraph.RESULT),
                        (row, result) -> {
                            float[] chunk =
                                    TensorValues.floats(
                                            FusedGraph.RESULT,
                                            RunRecorder.tensor(result, FusedGraph.RESULT));
                            System.arraycopy(chunk, 0, own, row * width, chunk.length);
                        },
                        Progress.NONE)) {
            List<HeadAttention> heads = capture.sites().getFirst().heads();
            assertThat(heads).hasSameSizeAs(expected);
            for (int h = 0; h < expected.size(); h++) {
                prove(expected.get(h), (QkHead) heads.get(h), own, h * width / heads.size(), width);
            }
        }
    }

    private void prove(NaiveAttention expected, QkHead head, float[] own, int at, int width) {
        NaiveAttention captured = NaiveAttention.of(head);
        assertThat(error(captured.q, expected.q)).as("queries").isLessThan(tolerance);
        assertThat(error(captured.v, expected.v)).as("values").isLessThan(tolerance);
        assertThat(error(captured.k, expected.k)).as("keys").isLessThan(tolerance);
        for (int r = 0; r < expected.q.length; r++) {
            double[] wanted = expected.context(r);
            double[] mine = captured.context(r);
            double[] runtime = new double[wanted.length];
            for (int i = 0; i < runtime.length; i++) {
                runtime[i] = own[r * width + at + i];
            }
            assertThat(error(runtime, wanted)).as("runtime, row " + r).isLessThan(tolerance);
            assertThat(error(mine, wanted)).as("capture, row " + r).isLessThan(tolerance);
            assertThat(error(captured.probabilities(r), expected.probabilities(r)))
                    .as("probabilities, row " + r)
                    .isLessThan(tolerance);
        }
    }

    private static double error(double[][] a, double[][] b) {
        assertThat(a.length).isEqualTo(b.length);
        double worst = 0;
        for (int i = 0; i < a.length; i++) {
            worst = Math.max(worst, error(a[i], b[i]));
        }
        return worst;
    }

    private static double error(double[] a, double[] b) {
        assertThat(a).as(Arrays.toString(b)).hasSameSizeAs(b);
        double worst = 0;
        for (int i = 0; i < a.length; i++) {
            double difference = Math.abs(a[i] - b[i]);
            worst = Double.isNaN(difference) ? Double.NaN : Math.max(worst, difference);
        }
        return worst;
    }
}
