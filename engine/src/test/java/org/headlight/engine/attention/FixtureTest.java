package org.headlight.engine.attention;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;

import org.headlight.engine.attention.OrtRun.Numbers;
import org.headlight.engine.onnx.GraphValue;
import org.headlight.engine.onnx.ModelSkeleton;
import org.headlight.engine.onnx.SharedFiles;
import org.headlight.engine.onnx.proto.Onnx.TensorProto;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Graphs made by others: the operator tests of ONNX, written out. */
class FixtureTest {

    /** The standard Attention operator written in elementary operators, with inputs and outputs. */
    @TestFactory
    Stream<DynamicTest> attentionWrittenOutGivesItsOwnProbabilities() throws IOException {
        Path root = SharedFiles.shared("fixtures/onnx-attention");
        try (Stream<Path> folders = Files.list(root)) {
            return folders
                    .filter(folder -> folder.toString().endsWith("_expanded"))
                    .filter(folder -> folder.getFileName().toString().startsWith("test_attention"))
                    .sorted()
                    .toList()
                    .stream()
                    .map(folder ->
                            DynamicTest.dynamicTest(
                                    folder.getFileName().toString(), () -> checkExpanded(folder)));
        }
    }

    private static void checkExpanded(Path folder) throws IOException {
        ModelSkeleton model = ModelSkeleton.open(folder.resolve("model.onnx"));
        AttentionFindings found = AttentionFinder.find(model);
        assertThat(found.unsupported()).isEmpty();
        assertThat(found.sites()).hasSize(1);
        assertThat(found.sites().getFirst().form()).isEqualTo("sdpa");
        Map<String, OnnxTensor> in = new HashMap<>();
        List<GraphValue> inputs = model.graphInputs();
        for (int i = 0; i < inputs.size(); i++) {
            Path data = folder.resolve("test_data_set_0/input_" + i + ".pb");
            in.put(inputs.get(i).name(), tensor(data));
        }
        boolean half = folder.toString().contains("fp16");
        assertThat(SiteTruth.error(model, found.sites(), in)).isLessThan(half ? 2e-3 : 1e-6);

        String output = model.graphOutputs().getFirst().name();
        Numbers own = requireNonNull(OrtRun.run(folder.resolve("model.onnx"), in).get(output));
        Numbers ours =
                requireNonNull(
                        OrtRun.run(model.withOutputs(List.of()), in, List.of(output)).get(output));
        assertThat(ours.values()).containsExactly(own.values());
    }

    private static OnnxTensor tensor(Path file) throws IOException {
        TensorProto proto = TensorProto.parseFrom(Files.readAllBytes(file));
        long[] shape = proto.getDimsList().stream().mapToLong(Long::longValue).toArray();
        byte[] raw = proto.getRawData().toByteArray();
        ByteBuffer direct = ByteBuffer.allocateDirect(raw.length).order(ByteOrder.nativeOrder());
        direct.put(raw).flip();
        OnnxJavaType type =
                switch (proto.getDataType()) {
                    case 1 -> OnnxJavaType.FLOAT;
                    case 7 -> OnnxJavaType.INT64;
                    case 9 -> OnnxJavaType.BOOL;
                    case 10 -> OnnxJavaType.FLOAT16;
                    default -> throw new IllegalArgumentException(file.toString());
                };
        return OrtRun.raw(direct, type, shape);
    }

    @ParameterizedTest
    @CsvSource({
        "test_rotary_embedding_3d_input_expanded",
        "test_rotary_embedding_interleaved_expanded",
        "test_rotary_embedding_with_rotary_dim_expanded"
    })
    void rotaryEmbeddingAloneIsNoAttention(String name) {
        Path file = SharedFiles.shared("fixtures/onnx-attention/" + name + "/model.onnx");
        AttentionFindings found = AttentionFinder.find(ModelSkeleton.open(file));
        assertThat(found.sites()).isEmpty();
        assertThat(found.unsupported()).isEmpty();
    }
}
