package org.headlight.engine.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells whether a file that is not called .onnx starts like one. */
final class OnnxSniffer {
    /** Protobuf tag of {@code ModelProto.ir_version}: field 1, a varint. */
    private static final int IR_VERSION_TAG = 0x08;

    private static final int NEWEST_IR = 64;

    /** ONNX writers put the format version first: tag 0x08, a small number, then another tag. */
    boolean looksLike(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] head = in.readNBytes(3);
            if (head.length < 3 || head[0] != IR_VERSION_TAG) {
                return false;
            }
            int field = head[2] >> 3;
            return head[1] >= 1 && head[1] <= NEWEST_IR && field >= 2 && field <= 20;
        } catch (IOException e) {
            return false;
        }
    }
}
