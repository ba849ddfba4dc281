package org.headlight.engine.onnx;

import org.jspecify.annotations.Nullable;

/** The messages on the way from a model to its tensors, and which of their fields lead there. */
enum MessageKind {
    MODEL,
    GRAPH,
    NODE,
    ATTRIBUTE,
    FUNCTION,
    TENSOR;

    static final int NODE_OP_TYPE = 4;
    static final int TENSOR_DATA_TYPE = 2;
    static final int TENSOR_FLOATS = 4;
    static final int TENSOR_RAW = 9;
    static final int TENSOR_DOUBLES = 10;
    static final int TENSOR_DATA_LOCATION = 14;

    /** The kind of message in a field; null for everything that is copied as it is. */
    @Nullable MessageKind child(int field) {
        return switch (this) {
            case MODEL -> field == 7 ? GRAPH : field == 25 ? FUNCTION : null;
            case GRAPH -> field == 1 ? NODE : field == 5 ? TENSOR : null;
            case NODE -> field == 5 ? ATTRIBUTE : null;
            case FUNCTION -> field == 7 ? NODE : null;
            case ATTRIBUTE -> field == 5 ? TENSOR : field == 6 || field == 11 ? GRAPH : null;
            case TENSOR -> null;
        };
    }
}
