package org.headlight.engine.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Reads protobuf wire format from a file of any size through one small window, so that what is
 * skipped is never loaded.
 */
final class WireReader {
    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int BYTES = 2;
    static final int FIXED32 = 5;

    private static final int WINDOW = 1 << 16;

    private final FileChannel channel;
    private final long size;
    private final ByteBuffer window = ByteBuffer.allocate(WINDOW).limit(0);
    private long windowStart;

    WireReader(FileChannel channel) throws IOException {
        this.channel = channel;
        this.size = channel.size();
    }

    long size() {
        return size;
    }

    long position() {
        return windowStart + window.position();
    }

    void seek(long position) {
        long inWindow = position - windowStart;
        if (inWindow >= 0 && inWindow <= window.limit()) {
            window.position((int) inWindow);
        } else {
            windowStart = position;
            window.limit(0);
        }
    }

    /** The next byte, 0 to 255. */
    int next() throws IOException, WireException {
        if (!window.hasRemaining()) {
            refill();
        }
        return window.get() & 0xFF;
    }

    /** An unsigned 64-bit varint of at most ten bytes. */
    long varint() throws IOException, WireException {
        long start = position();
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int b = next();
            value |= (long) (b & 0x7F) << shift;
            if (b < 0x80) {
                return value;
            }
        }
        throw WireException.malformed(start);
    }

    /** A copy of the next bytes; the caller has checked the count against what it can afford. */
    byte[] bytes(int count) throws IOException, WireException {
        long start = position();
        if (count > size - start) {
            throw WireException.cut(start, count, size);
        }
        byte[] copy = new byte[count];
        int done = Math.min(count, window.remaining());
        window.get(copy, 0, done);
        ByteBuffer rest = ByteBuffer.wrap(copy, done, count - done);
        while (rest.hasRemaining()) {
            if (channel.read(rest, start + rest.position()) < 0) {
                throw WireException.cut(start, count, size);
            }
        }
        seek(start + count);
        return copy;
    }

    private void refill() throws IOException, WireException {
        long start = position();
        window.clear();
        int read = channel.read(window, start);
        window.flip();
        windowStart = start;
        if (read <= 0) {
            window.limit(0);
            throw WireException.cut(start, 1, size);
        }
    }
}
