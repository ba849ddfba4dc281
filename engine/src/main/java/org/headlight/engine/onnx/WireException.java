package org.headlight.engine.onnx;

/** The bytes of a file do not follow the wire format; turned into a sentence by the opener. */
final class WireException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean cut;
    private final long position;
    private final long length;

    private WireException(boolean cut, long position, long length) {
        super((cut ? "cut at " : "malformed at ") + position, null, false, false);
        this.cut = cut;
        this.position = position;
        this.length = length;
    }

    /** What starts at a position runs past the end of the file. */
    static WireException cut(long position, long length, long fileSize) {
        return new WireException(true, Math.min(position, fileSize), length);
    }

    static WireException malformed(long position) {
        return new WireException(false, position, 0);
    }

    boolean isCut() {
        return cut;
    }

    long position() {
        return position;
    }

    long length() {
        return length;
    }
}
