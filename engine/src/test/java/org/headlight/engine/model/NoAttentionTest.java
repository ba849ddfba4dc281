package org.headlight.engine.model;

import org.assertj.core.api.Assertions;
import org.headlight.engine.onnx.proto.Onnx.GraphProto;
import org.headlight.engine.onnx.proto.Onnx.ModelProto;
import org.headlight.engine.onnx.proto.Onnx.NodeProto;
import org.headlight.engine.onnx.proto.Onnx.OperatorSetIdProto;
import org.headlight.engine.onnx.proto.Onnx.TypeProto;
import org.headlight.engine.onnx.proto.Onnx.ValueInfoProto;
import org.headlight.engine.problem.BadInputException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class NoAttentionTest {
    @TempDir private Path folder;

    @Test
    void aModelWithoutAttentionIsRefused() throws IOException {
        TypeProto floats =
                TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder().setElemType(1))
                        .build();
        ModelProto model =
                ModelProto.newBuilder()
                        .setIrVersion(8)
                        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
                        .setGraph(
                                GraphProto.newBuilder()
                                        .setName("g")
                                        .addNode(
                                                NodeProto.newBuilder()
                                                        .setOpType("Relu")
                                                        .addInput("x")
                                                        .addOutput("y"))
                                        .addInput(
                                                ValueInfoProto.newBuilder()
                                                        .setName("x")
                                                        .setType(floats))
                                        .addOutput(
                                                ValueInfoProto.newBuilder()
                                                        .setName("y")
                                                        .setType(floats)))
                        .build();
        Path file = Files.write(folder.resolve("relu.onnx"), model.toByteArray());

        Assertions.assertThatThrownBy(() -> Models.open(file))
                .isInstanceOf(BadInputException.class)
                .hasMessage(
                        file
                                + " has no attention: no softmax of a product of queries and keys"
                                + " was found in its graph; open a transformer.");
    }

    @Test
    void anUnknownFormIsNamedWithItsNode() {
        Path file = Path.of("../../shared/fixtures/graphs/fusion-tools__pruned_attention_opt.onnx");
        Assumptions.assumeTrue(Files.exists(file), file + " is not beside the repository");

        Assertions.assertThatThrownBy(() -> Models.open(file))
                .isInstanceOf(BadInputException.class)
                .hasMessageStartingWith(
                        file
                                + " has no attention in a form that is understood (node"
                                + " Attention_0: It is the fused operator Attention")
                .hasMessageEndingWith("); export it with eager attention.");
    }
}
