package org.headlight.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.onnx.SharedFiles;
import org.headlight.engine.onnx.proto.Onnx.GraphProto;
import org.headlight.engine.onnx.proto.Onnx.ModelProto;
import org.headlight.engine.onnx.proto.Onnx.TensorProto;
import org.headlight.engine.onnx.proto.Onnx.ValueInfoProto;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The tests that ONNX has for its operator Attention, as the operator and written out: each is
 * opened and run, and what is recomputed in double from the captured queries, keys and values must
 * be the output that ONNX expects. A capture is of one input, so each is cut into its two.
 */
class OperatorConformanceTest {
    /** What the runtime itself does not run. */
    private static final Map<String, String> REFUSED =
            Map.of(
                    "test_attention_4d_diff_heads_mask4d_padded_kv",
                    "its node without a name (Attention) stops: inconsistent total_sequence_length"
                            + " (between attn_mask and past_key and past_value)");

    @TempDir private Path folder;

    @TestFactory
    Stream<DynamicTest> attentionGivesWhatOnnxExpects() throws IOException {
        Path root = SharedFiles.shared("fixtures/onnx-attention");
        try (Stream<Path> folders = Files.list(root)) {
            return folders
                    .filter(f -> f.getFileName().toString().startsWith("test_attention"))
                    .sorted()
                    .toList()
                    .stream()
                    .map(f -> DynamicTest.dynamicTest(f.getFileName().toString(), () -> check(f)));
        }
    }

    private void check(Path fixture) throws IOException {
        ModelProto model = ModelProto.parseFrom(Files.readAllBytes(fixture.resolve("model.onnx")));
        int batch = (int) tensor(fixture, "input", 0).getDims(0);
        assertThat(batch).isEqualTo(2);
        for (int b = 0; b < batch; b++) {
            check(fixture, model, b);
        }
    }

    private void check(Path fixture, ModelProto model, int batch) throws IOException {
        ModelProto single = single(model);
        Map<String, InputTensor> in = new HashMap<>();
        for (int i = 0; i < single.getGraph().getInputCount(); i++) {
            TensorProto given = tensor(fixture, "input", i);
            float[] part = part(given, batch);
            long[] shape = dims(given);
            shape[0] = part.length == values(given).length ? shape[0] : 1;
            in.put(single.getGraph().getInput(i).getName(), InputTensor.floats(part, shape));
        }
        Path file =
                Files.write(
                        folder.resolve(fixture.getFileName() + "-" + batch + ".onnx"),
                        single.toByteArray());
        String refused = REFUSED.get(String.valueOf(fixture.getFileName()));
        if (refused != null) {
            try (OnnxModel opened = Models.open(file)) {
                assertThatThrownBy(() -> opened.capture(in, Progress.NONE))
                        .isInstanceOf(BadInputException.class)
                        .hasMessageContaining(refused);
            }
            return;
        }
        try (OnnxModel opened = Models.open(file);
                Capture capture = opened.capture(in, Progress.NONE)) {
            assertThat(opened.info().unsupported()).isEmpty();
            assertThat(opened.info().sites()).hasSize(1);
            boolean expanded = fixture.toString().endsWith("_expanded");
            assertThat(opened.info().sites().getFirst().form())
                    .isEqualTo(expanded ? "sdpa" : "Attention");
            List<HeadAttention> heads = capture.sites().getFirst().heads();
            boolean half = fixture.toString().contains("fp16");
            assertThat(contextError(heads, tensor(fixture, "output", 0), batch))
                    .isLessThan(half ? 2e-3 : 1e-5);
            if (fixture.toString().contains("qk_matmul_softmax")) {
                TensorProto own = tensor(fixture, "output", 1);
                assertThat(probabilityError(heads, part(own, batch))).isLessThan(1e-6);
            }
        }
    }

    private static double probabilityError(List<HeadAttention> heads, float[] own) {
        double worst = 0;
        int at = 0;
        for (HeadAttention head : heads) {
            NaiveAttention naive = NaiveAttention.of((QkHead) head);
            for (int r = 0; r < head.rows(); r++) {
                for (double p : naive.probabilities(r)) {
                    worst = Math.max(worst, Math.abs(p - own[at++]));
                }
            }
        }
        assertThat(at).isEqualTo(own.length);
        return worst;
    }

    private static double contextError(List<HeadAttention> heads, TensorProto y, int batch) {
        float[] own = part(y, batch);
        boolean flat = y.getDimsCount() == 3;
        double worst = 0;
        for (int h = 0; h < heads.size(); h++) {
            NaiveAttention naive = NaiveAttention.of((QkHead) heads.get(h));
            int rows = naive.q.length;
            int width = naive.v[0].length;
            assertThat(own).hasSize(heads.size() * rows * width);
            for (int r = 0; r < rows; r++) {
                double[] mine = naive.context(r);
                int at = flat ? (r * heads.size() + h) * width : (h * rows + r) * width;
                for (int i = 0; i < width; i++) {
                    worst = Math.max(worst, Math.abs(mine[i] - own[at + i]));
                }
            }
        }
        return worst;
    }

    /** The model for one input: only masks of two axes have no batch. */
    private static ModelProto single(ModelProto model) {
        GraphProto.Builder graph = model.getGraph().toBuilder().clearValueInfo();
        for (ValueInfoProto.Builder input : graph.getInputBuilderList()) {
            var shape = input.getTypeBuilder().getTensorTypeBuilder().getShapeBuilder();
            if (shape.getDimCount() != 2) {
                shape.setDim(0, shape.getDim(0).toBuilder().setDimValue(1));
            }
        }
        for (ValueInfoProto.Builder output : graph.getOutputBuilderList()) {
            output.getTypeBuilder().getTensorTypeBuilder().clearShape();
        }
        return model.toBuilder().setGraph(graph).build();
    }

    private static TensorProto tensor(Path fixture, String kind, int i) throws IOException {
        Path file = fixture.resolve("test_data_set_0/" + kind + "_" + i + ".pb");
        return TensorProto.parseFrom(Files.readAllBytes(file));
    }

    private static long[] dims(TensorProto tensor) {
        return tensor.getDimsList().stream().mapToLong(Long::longValue).toArray();
    }

    /** What belongs to one input of the batch. */
    private static float[] part(TensorProto tensor, int batch) {
        float[] all = values(tensor);
        if (tensor.getDimsCount() == 2) {
            return all;
        }
        int size = all.length / (int) tensor.getDims(0);
        return Arrays.copyOfRange(all, batch * size, (batch + 1) * size);
    }

    private static float[] values(TensorProto tensor) {
        ByteBuffer raw = tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        int count =
                (int)
                        tensor.getDimsList().stream()
                                .mapToLong(Long::longValue)
                                .reduce(1, (a, b) -> a * b);
        int size = raw.remaining() / count;
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            int at = i * size;
            values[i] =
                    switch (tensor.getDataType()) {
                        case 1 -> raw.getFloat(at);
                        case 7 -> raw.getLong(at);
                        case 9 -> raw.get(at);
                        case 10 -> Float.float16ToFloat(raw.getShort(at));
                        default -> throw new IllegalArgumentException(tensor.getName());
                    };
        }
        return values;
    }
}
