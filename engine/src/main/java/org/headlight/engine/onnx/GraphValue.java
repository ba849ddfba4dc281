package org.headlight.engine.onnx;

import org.headlight.engine.onnx.proto.Onnx.TensorShapeProto;
import org.headlight.engine.onnx.proto.Onnx.ValueInfoProto;

import java.util.List;

/**
 * An input or output of a graph.
 *
 * @param name its tensor name
 * @param type its element type
 * @param dims its dimensions as written: a number, a name such as "batch_size", or "?"; empty for a
 *     scalar and where the graph states no shape
 */
public record GraphValue(String name, ElementType type, List<String> dims) {

    /** Such as "[batch_size, 3, past_sequence_length, 32]". */
    public String shape() {
        return "[" + String.join(", ", dims) + "]";
    }

    static GraphValue of(ValueInfoProto info) {
        return new GraphValue(
                info.getName(),
                ElementType.of(info.getType().getTensorType().getElemType()),
                info.getType().getTensorType().getShape().getDimList().stream()
                        .map(GraphValue::dim)
                        .toList());
    }

    private static String dim(TensorShapeProto.Dimension dim) {
        if (dim.hasDimValue()) {
            return Long.toString(dim.getDimValue());
        }
        return dim.getDimParam().isEmpty() ? "?" : dim.getDimParam();
    }
}
