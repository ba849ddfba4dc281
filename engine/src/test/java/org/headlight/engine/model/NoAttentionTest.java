package org.headlight.engine.model;

import org.assertj.core.api.Assertions;
import org.headlight.engine.attention.GraphMaker;
import org.headlight.engine.onnx.proto.Onnx.GraphProto;
import org.headlight.engine.onnx.proto.Onnx.ModelProto;
import org.headlight.engine.onnx.proto.Onnx.NodeProto;
import org.headlight.engine.onnx.proto.Onnx.OperatorSetIdProto;
import org.headlight.engine.onnx.proto.Onnx.TypeProto;
import org.headlight.engine.onnx.proto.Onnx.ValueInfoProto;
import org.headlight.engine.problem.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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
        TextGraph graph = TextGraph.text();
        GraphMaker g = graph.maker().withDomain("com.microsoft");
        g.nodeOf("com.microsoft", "LongformerAttention", "y", List.of("x", "x"));
        Path file = graph.write(folder, "y");

        Assertions.assertThatThrownBy(() -> Models.open(file))
                .isInstanceOf(BadInputException.class)
                .hasMessage(
                        file
                                + " has no attention in a form that is understood (node /y: It is"
                                + " the fused operator LongformerAttention, which the runtime has"
                                + " no kernel for on the processor); export it with eager"
                                + " attention.");
    }
}
