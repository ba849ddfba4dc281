package org.headlight.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.engine.attention.GraphMaker;
import org.headlight.engine.onnx.proto.Onnx.AttributeProto;
import org.headlight.engine.onnx.proto.Onnx.GraphProto;
import org.headlight.engine.onnx.proto.Onnx.ModelProto;
import org.headlight.engine.onnx.proto.Onnx.NodeProto;
import org.headlight.engine.onnx.proto.Onnx.ValueInfoProto;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Operators that do all of attention, inside the branches of a merged decoder. */
class MergedFusedTest {
    private static final int HEADS = 2;
    private static final int D = 16;

    @TempDir private Path folder;

    private final FusedGraph graph = new FusedGraph();
    private final GraphMaker g = graph.maker();

    private static GraphProto branch(boolean reads) {
        NodeProto.Builder node =
                NodeProto.newBuilder()
                        .setOpType("GroupQueryAttention")
                        .setDomain(FusedGraph.MICROSOFT)
                        .setName(reads ? "/later" : "/first")
                        .addAllInput(List.of("q", "k", "v"))
                        .addInput(reads ? "past_key_values.0.key" : "")
                        .addInput(reads ? "past_key_values.0.value" : "")
                        .addInput("seqlens_k")
                        .addInput("total_sequence_length")
                        .addAllOutput(List.of("attended", "keys", "values"))
                        .addAttribute(integer("num_heads"))
                        .addAttribute(integer("kv_num_heads"));
        GraphProto.Builder branch = GraphProto.newBuilder().setName("b").addNode(node);
        for (String output : node.getOutputList()) {
            branch.addOutput(ValueInfoProto.newBuilder().setName(output));
        }
        return branch.build();
    }

    private static AttributeProto integer(String name) {
        return AttributeProto.newBuilder().setName(name).setType(2).setI(HEADS).build();
    }

    @Test
    void theBranchWithACacheIsReadAndRunsInChunks() throws IOException {
        for (String part : List.of("q", "k", "v")) {
            graph.flat(part, HEADS * D);
        }
        graph.cache(HEADS, D);
        g.input("seqlens_k", GraphMaker.INT32, "batch");
        g.input("total_sequence_length", GraphMaker.INT32);
        g.input("use_cache_branch", GraphMaker.BOOL, 1);
        List<String> out = List.of(FusedGraph.RESULT, "present.0.key", "present.0.value");
        out.forEach(name -> g.output(name, GraphMaker.FLOAT, "a", "b", "c"));
        ModelProto model = g.model();
        GraphProto.Builder whole = model.getGraph().toBuilder().clearOutput();
        whole.addNode(GraphMaker.branching("use_cache_branch", out, branch(true), branch(false)));
        out.forEach(name -> whole.addOutput(ValueInfoProto.newBuilder().setName(name)));
        Path file =
                Files.write(
                        folder.resolve("merged.onnx"),
                        model.toBuilder().setGraph(whole).build().toByteArray());

        new FusedProof(
                        file,
                        "GroupQueryAttention",
                        ids ->
                                List.of(0, 1).stream()
                                        .map(h ->
                                                new NaiveAttention(
                                                        FusedGraph.head(
                                                                graph.rows("q", ids), h * D, D),
                                                        FusedGraph.head(
                                                                graph.rows("k", ids), h * D, D),
                                                        FusedGraph.head(
                                                                graph.rows("v", ids), h * D, D),
                                                        1 / Math.sqrt(D),
                                                        0,
                                                        Double.NEGATIVE_INFINITY,
                                                        (row, key) -> key > row ? -1e30 : 0))
                                        .toList())
                .chunked(9, 40);
        try (OnnxModel opened = Models.open(file)) {
            assertThat(opened.info().sites().getFirst().node()).isEqualTo("/later");
        }
    }
}
