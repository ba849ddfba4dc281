package org.headlight.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.headlight.engine.attention.GraphMaker;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.onnx.proto.Onnx.TensorProto;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * SparseAttention of com.microsoft: two layouts of blocks of 16, in one buffer for past and
 * present.
 */
class SparseAttentionTest {
    private static final int HEADS = 4;
    private static final int KV = 2;
    private static final int D = 16;
    private static final int BLOCK = 16;
    private static final int[][] ROWS = {{0, 1, 3, 5, 8, 10}, {0, 1, 2, 4, 6, 9}};
    private static final int[][] COLUMNS = {
        {0, 0, 1, 0, 2, 0, 1, 3, 0, 4}, {0, 1, 1, 2, 0, 3, 1, 2, 4, -1}
    };

    @TempDir private Path folder;

    private final FusedGraph graph = new FusedGraph();
    private final GraphMaker g = graph.maker();
    private boolean rotary;
    private boolean packed;

    private static TensorProto integers(String name, int[][] values) {
        TensorProto.Builder tensor =
                TensorProto.newBuilder().setName(name).setDataType(GraphMaker.INT32);
        tensor.addDims(values.length).addDims(values[0].length);
        for (int[] row : values) {
            for (int value : row) {
                tensor.addInt32Data(value);
            }
        }
        return tensor.build();
    }

    private Path write() {
        List<String> in = new ArrayList<>();
        if (packed) {
            in.addAll(List.of(graph.flat("qkv", (HEADS + 2 * KV) * D), "", ""));
        } else {
            in.add(graph.flat("q", HEADS * D));
            in.add(graph.flat("k", KV * D));
            in.add(graph.flat("v", KV * D));
        }
        in.addAll(graph.cache(KV, D));
        g.initializer(integers("block_rows", ROWS));
        g.initializer(integers("block_columns", COLUMNS));
        in.addAll(List.of("block_rows", "block_columns"));
        in.add(g.input("total_sequence_length", GraphMaker.INT32));
        in.add(g.input("key_total_sequence_lengths", GraphMaker.INT32, "batch"));
        if (rotary) {
            g.matrix("angles", 2, 128, D / 2);
            in.add(g.node("Cos", "cos_made", List.of("angles")));
            in.add(g.node("Sin", "sin_made", List.of("angles")));
        }
        g.nodeOf(
                FusedGraph.MICROSOFT,
                "SparseAttention",
                List.of(FusedGraph.RESULT, "present.0.key", "present.0.value"),
                in,
                "num_heads",
                HEADS,
                "kv_num_heads",
                KV,
                "sparse_block_size",
                BLOCK,
                "do_rotary",
                rotary ? 1 : 0);
        g.output("present.0.key", GraphMaker.FLOAT, "b", KV, "t", D);
        g.output("present.0.value", GraphMaker.FLOAT, "b", KV, "t", D);
        return graph.write(folder);
    }

    private FusedProof proof() {
        return new FusedProof(write(), "SparseAttention", this::truth);
    }

    private double[][] turned(double[][] rows) {
        if (!rotary) {
            return rows;
        }
        double[][] cos = graph.table("angles");
        double[][] sin = graph.table("angles");
        for (int r = 0; r < cos.length; r++) {
            for (int i = 0; i < cos[r].length; i++) {
                cos[r][i] = Math.cos(cos[r][i]);
                sin[r][i] = Math.sin(sin[r][i]);
            }
        }
        return FusedGraph.rotated(rows, cos, sin, false);
    }

    private static boolean sees(int head, int row, int key) {
        int layout = head % 2;
        boolean listed = false;
        for (int i = ROWS[layout][row / BLOCK]; i < ROWS[layout][row / BLOCK + 1]; i++) {
            listed |= COLUMNS[layout][i] == key / BLOCK;
        }
        return listed && key <= row;
    }

    private List<NaiveAttention> truth(int[] ids) {
        double[][] all = packed ? graph.rows("qkv", ids) : new double[0][];
        double[][] q = packed ? all : graph.rows("q", ids);
        double[][] k = packed ? FusedGraph.head(all, HEADS * D, KV * D) : graph.rows("k", ids);
        double[][] v =
                packed ? FusedGraph.head(all, (HEADS + KV) * D, KV * D) : graph.rows("v", ids);
        List<NaiveAttention> heads = new ArrayList<>();
        for (int h = 0; h < HEADS; h++) {
            int head = h;
            int shared = h / (HEADS / KV) * D;
            heads.add(
                    new NaiveAttention(
                            turned(FusedGraph.head(q, h * D, D)),
                            turned(FusedGraph.head(k, shared, D)),
                            FusedGraph.head(v, shared, D),
                            1 / Math.sqrt(D),
                            0,
                            Double.NEGATIVE_INFINITY,
                            (row, key) -> sees(head, row, key) ? 0 : Double.NEGATIVE_INFINITY));
        }
        return heads;
    }

    @Test
    void blocksOfTwoLayouts() {
        proof().whole(1, 9, 16, 17, 65, 80);
    }

    @Test
    void packedTensorsWithRotaryEmbeddingInside() {
        packed = true;
        rotary = true;
        proof().whole(9, 65);
    }

    @Test
    void theMaskIsTheLayout() {
        try (OnnxModel model = Models.open(write());
                Capture capture =
                        model.capture(Models.tokens(80, FusedGraph.VOCABULARY), Progress.NONE)) {
            for (int h = 0; h < HEADS; h++) {
                AttentionMask mask = capture.sites().getFirst().heads().get(h).mask();
                assertThat(mask.causal()).isTrue();
                assertThat(mask.unbiased()).isFalse();
                for (int row = 0; row < 80; row++) {
                    for (int key = 0; key < 80; key++) {
                        boolean inside = key >= mask.firstKey(row) && key < mask.endKey(row);
                        assertThat(!mask.masked(row, key)).isEqualTo(sees(h, row, key));
                        assertThat(inside || !sees(h, row, key)).isTrue();
                    }
                    assertThat(sees(h, row, mask.firstKey(row))).isTrue();
                    assertThat(sees(h, row, mask.endKey(row) - 1)).isTrue();
                }
            }
        }
    }

    @Test
    void aTextThatIsLongerThanTheLayoutIsRefused() {
        try (OnnxModel model = Models.open(write())) {
            assertThat(model.need(100).feeding()).isEqualTo(MemoryNeed.Feeding.WHOLE);
            assertThat(model.check(16).maxAbsLogitDiff()).isLessThan(1e-6);
            assertThatThrownBy(() ->
                            model.capture(Models.tokens(81, FusedGraph.VOCABULARY), Progress.NONE))
                    .isInstanceOf(BadInputException.class);
        }
    }
}
