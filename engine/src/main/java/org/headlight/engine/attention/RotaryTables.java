package org.headlight.engine.attention;

import org.headlight.engine.onnx.Attributes;
import org.headlight.engine.onnx.GraphIndex;
import org.headlight.engine.onnx.ModelSkeleton;
import org.headlight.engine.onnx.proto.Onnx.NodeProto;

import java.util.List;
import java.util.OptionalLong;

/**
 * Finds the tables of cosines that operators look rotary embeddings up in: a row a position, and
 * the runtime stops on a text that is longer than the shortest of them.
 */
public final class RotaryTables {
    private static final int TABLE_AXES = 2;

    /** An operator, where it has its table, and the attribute that says whether it looks there. */
    private record Reader(String domain, String operator, int table, String flag) {
        boolean reads(NodeProto node) {
            boolean same = domain.isEmpty() ? Ops.standard(node) : node.getDomain().equals(domain);
            return same
                    && node.getOpType().equals(operator)
                    && node.getInputCount() > table
                    && !node.getInput(table).isEmpty()
                    && (flag.isEmpty() || Attributes.of(node).integer(flag, 0) != 0);
        }
    }

    private static final List<Reader> READERS =
            List.of(
                    new Reader(FusedOperators.MICROSOFT, "GroupQueryAttention", 7, "do_rotary"),
                    new Reader(FusedOperators.MICROSOFT, "SparseAttention", 9, "do_rotary"),
                    new Reader(FusedOperators.MICROSOFT, "RotaryEmbedding", 2, ""),
                    new Reader("", "RotaryEmbedding", 1, ""));

    private RotaryTables() {}

    /** Rows of the shortest table; 0 when the graph has none, or does not say how long it is. */
    public static int rows(ModelSkeleton skeleton) {
        GraphIndex index = skeleton.index();
        TensorTypes types = new TensorTypes(skeleton.model().getGraph(), index);
        long shortest =
                index.nodes().stream()
                        .flatMap(node ->
                                READERS.stream()
                                        .filter(reader -> reader.reads(node))
                                        .map(reader -> node.getInput(reader.table)))
                        .map(table -> rows(types, table))
                        .flatMapToLong(OptionalLong::stream)
                        .filter(rows -> rows > 0)
                        .min()
                        .orElse(0);
        return (int) Math.min(shortest, Integer.MAX_VALUE);
    }

    private static OptionalLong rows(TensorTypes types, String table) {
        return types.rank(table).orElse(TABLE_AXES) == TABLE_AXES
                ? types.size(table, 0)
                : OptionalLong.empty();
    }
}
