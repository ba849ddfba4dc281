package org.headlight.engine.onnx;

import java.io.IOException;

/**
 * Whether a file starts as an ONNX model does: with the format's version, or with another field of
 * a model under its own wire type. Other kinds of file fail this within a few bytes.
 */
final class StartsLikeAModel {
    private static final int VERSION = 1;
    private static final int LAST_VERSION = 1000;
    private static final int GRAPH = 7;
    private static final int OPSETS = 8;

    private StartsLikeAModel() {}

    static boolean test(WireReader in) throws IOException, WireException {
        try {
            return isModelField(in);
        } catch (WireException e) {
            if (e.isCut()) {
                throw e;
            }
            return false;
        }
    }

    private static boolean isModelField(WireReader in) throws IOException, WireException {
        long tag = in.varint();
        int type = (int) (tag & 7);
        long field = tag >>> 3;
        if (field == VERSION && type == WireReader.VARINT) {
            long version = in.varint();
            return version > 0 && version <= LAST_VERSION;
        }
        boolean text = field >= 2 && field <= 6 && field != 5;
        boolean message = field == GRAPH || field == OPSETS;
        if (type != WireReader.BYTES || !(text || message)) {
            return false;
        }
        long length = in.varint();
        return length >= 0 && length <= in.size() - in.position();
    }
}
