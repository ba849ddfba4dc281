package org.headlight.engine.onnx;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes protobuf wire format into memory. */
final class WireWriter {
    private static final int TENSOR_EXTERNAL_DATA = (13 << 3) | WireReader.BYTES;
    private static final int TENSOR_DATA_LOCATION = (14 << 3) | WireReader.VARINT;
    private static final int ENTRY_KEY = (1 << 3) | WireReader.BYTES;
    private static final int ENTRY_VALUE = (2 << 3) | WireReader.BYTES;
    private static final int EXTERNAL = 1;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    byte[] toByteArray() {
        return out.toByteArray();
    }

    void varint(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.write((int) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    void bytes(byte[] value) {
        out.writeBytes(value);
    }

    /** The length of a message and the message; its tag is already written. */
    void message(WireWriter inner) {
        varint(inner.out.size());
        out.writeBytes(inner.toByteArray());
    }

    /** The fields of a tensor that say where its bytes lie. */
    void reference(String location, long offset, long length) {
        entry("location", location);
        entry("offset", Long.toString(offset));
        entry("length", Long.toString(length));
        varint(TENSOR_DATA_LOCATION);
        varint(EXTERNAL);
    }

    private void entry(String key, String value) {
        WireWriter inner = new WireWriter();
        inner.text(ENTRY_KEY, key);
        inner.text(ENTRY_VALUE, value);
        varint(TENSOR_EXTERNAL_DATA);
        message(inner);
    }

    private void text(int tag, String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        varint(tag);
        varint(utf8.length);
        bytes(utf8);
    }
}
