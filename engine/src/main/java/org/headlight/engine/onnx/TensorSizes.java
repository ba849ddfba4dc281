package org.headlight.engine.onnx;

import org.headlight.engine.onnx.proto.Onnx.TensorProto;

/** How many elements and bytes a tensor's shape and type ask for. */
final class TensorSizes {
    private static final long TOO_MANY = Long.MAX_VALUE / 256;

    private TensorSizes() {}

    /** Elements of the shape; a number beyond any file where the shape is absurd. */
    static long elements(TensorProto tensor) {
        long count = 1;
        for (long dim : tensor.getDimsList()) {
            if (dim < 0) {
                return TOO_MANY;
            }
            count = dim != 0 && count > TOO_MANY / dim ? TOO_MANY : count * dim;
        }
        return count;
    }

    /** Bytes of the data; -1 when elements of its type have no fixed size. */
    static long bytes(TensorProto tensor) {
        int bits = ElementType.of(tensor.getDataType()).bits();
        return bits == 0 ? -1 : (elements(tensor) * bits + 7) / 8;
    }
}
