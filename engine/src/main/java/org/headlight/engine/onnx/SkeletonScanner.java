package org.headlight.engine.onnx;

import org.headlight.engine.problem.TooLargeException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Copies a model without its weights: every large tensor is replaced by a reference to where its
 * bytes lie in the file, and all else is copied byte by byte. What is copied is bounded, so that a
 * hostile file cannot exhaust memory.
 */
final class SkeletonScanner {
    /** Tensors up to this size stay inside, so that constants and shapes can be read. */
    static final int INLINE_BYTES = 1024;

    private static final int MAX_DEPTH = 60;
    private static final int FLOAT = 1;
    private static final int DOUBLE = 11;

    /** Rough heap cost of one parsed message, and of one copied byte once it is parsed. */
    private static final long MESSAGE_COST = 160;

    private static final long BYTE_COST = 6;

    private final WireReader in;
    private final String self;
    private final long budget;
    private long cost;

    /**
     * @param self name that the references give to the file itself
     * @param budget bytes of heap that the skeleton may take
     */
    SkeletonScanner(WireReader in, String self, long budget) {
        this.in = in;
        this.self = self;
        this.budget = budget;
    }

    /** The model's bytes without its weights. */
    byte[] scan() throws IOException, WireException {
        return copy(MessageKind.MODEL, in.size(), 0, false).toByteArray();
    }

    /**
     * @param constant whether this is an attribute of a Constant node, whose tensor may be taken
     *     out
     */
    private WireWriter copy(MessageKind kind, long end, int depth, boolean constant)
            throws IOException, WireException {
        if (depth > MAX_DEPTH) {
            throw WireException.malformed(in.position());
        }
        charge(MESSAGE_COST);
        WireWriter out = new WireWriter();
        Scope scope = new Scope(kind, end, depth, constant);
        while (in.position() < end) {
            copyField(scope, out);
        }
        if (in.position() > end) {
            throw WireException.malformed(end);
        }
        return out;
    }

    private void copyField(Scope scope, WireWriter out) throws IOException, WireException {
        long start = in.position();
        long tag = in.varint();
        int field = (int) (tag >>> 3);
        if (tag >>> 3 == 0 || tag >>> 3 > 0x1FFFFFFF) {
            throw WireException.malformed(start);
        }
        switch ((int) (tag & 7)) {
            case WireReader.VARINT -> {
                long value = in.varint();
                scope.varint(field, value);
                charge(8 * BYTE_COST);
                if (!scope.placed(field)) {
                    out.varint(tag);
                    out.varint(value);
                }
            }
            case WireReader.FIXED32 -> copyFixed(out, tag, 4);
            case WireReader.FIXED64 -> copyFixed(out, tag, 8);
            case WireReader.BYTES -> copyBytes(scope, out, tag, start);
            default -> throw WireException.malformed(start);
        }
    }

    private void copyFixed(WireWriter out, long tag, int count) throws IOException, WireException {
        charge(2 * BYTE_COST * count);
        out.varint(tag);
        out.bytes(in.bytes(count));
    }

    private void copyBytes(Scope scope, WireWriter out, long tag, long start)
            throws IOException, WireException {
        int field = (int) (tag >>> 3);
        long length = in.varint();
        long from = in.position();
        if (length < 0 || length > scope.end - from) {
            throw scope.depth == 0 && length > 0
                    ? WireException.cut(start, length, in.size())
                    : WireException.malformed(start);
        }
        MessageKind child = scope.kind.child(field);
        if (child != null) {
            boolean constant = scope.kind == MessageKind.NODE ? scope.isConstant : scope.constant;
            boolean keep = scope.kind == MessageKind.ATTRIBUTE && !scope.constant;
            WireWriter inner =
                    child == MessageKind.TENSOR && keep
                            ? verbatim(length)
                            : copy(child, from + length, scope.depth + 1, constant);
            out.varint(tag);
            out.message(inner);
        } else if (scope.kind == MessageKind.TENSOR && scope.isWeight(field, length)) {
            in.seek(from + length);
            scope.taken = true;
            out.reference(self, from, length);
        } else {
            charge(BYTE_COST * (length + 8));
            byte[] value = in.bytes((int) length);
            if (scope.kind == MessageKind.NODE && field == MessageKind.NODE_OP_TYPE) {
                scope.isConstant = new String(value, StandardCharsets.UTF_8).equals("Constant");
            }
            out.varint(tag);
            out.varint(length);
            out.bytes(value);
        }
    }

    private WireWriter verbatim(long length) throws IOException, WireException {
        charge(MESSAGE_COST + BYTE_COST * length);
        WireWriter out = new WireWriter();
        out.bytes(in.bytes((int) length));
        return out;
    }

    private void charge(long bytes) {
        cost += bytes;
        if (cost > budget) {
            throw new TooLargeException(
                    "The graph itself, without its weights, needs more than "
                            + (budget >> 20)
                            + " MB of memory; start with a larger heap (-Xmx).",
                    cost,
                    budget);
        }
    }

    /** One message while it is copied, and what has been learnt of it. */
    private static final class Scope {
        private final MessageKind kind;
        private final long end;
        private final int depth;
        private final boolean constant;
        private boolean isConstant;
        private boolean taken;
        private long dataType;

        Scope(MessageKind kind, long end, int depth, boolean constant) {
            this.kind = kind;
            this.end = end;
            this.depth = depth;
            this.constant = constant;
        }

        void varint(int field, long value) {
            if (kind == MessageKind.TENSOR && field == MessageKind.TENSOR_DATA_TYPE) {
                dataType = value;
            }
        }

        /** Whether the reference has already said where the tensor's data is. */
        boolean placed(int field) {
            return taken && field == MessageKind.TENSOR_DATA_LOCATION;
        }

        /** Packed floats and doubles lie in the file just as raw data does. */
        boolean isWeight(int field, long length) {
            return length > INLINE_BYTES
                    && !taken
                    && (field == MessageKind.TENSOR_RAW
                            || (field == MessageKind.TENSOR_FLOATS && dataType == FLOAT)
                            || (field == MessageKind.TENSOR_DOUBLES && dataType == DOUBLE));
        }
    }
}
