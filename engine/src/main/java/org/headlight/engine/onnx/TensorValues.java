package org.headlight.engine.onnx;

import com.google.protobuf.ByteString;

import org.headlight.engine.onnx.proto.Onnx.TensorProto;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.stream.IntStream;

/** Reads the numbers of small tensors that are kept inside the skeleton. */
final class TensorValues {
    private static final int EXTERNAL = 1;

    private TensorValues() {}

    /**
     * The elements as doubles, in row-major order; null when they are not inside or not numbers.
     */
    static double @Nullable [] read(TensorProto tensor) {
        long count = TensorSizes.elements(tensor);
        if (tensor.getDataLocation() == EXTERNAL || count > SkeletonScanner.INLINE_BYTES) {
            return null;
        }
        ElementType type = ElementType.of(tensor.getDataType());
        double[] values =
                tensor.hasRawData() ? raw(tensor.getRawData(), type) : typed(tensor, type);
        return values != null && values.length == count ? values : null;
    }

    private static double @Nullable [] raw(ByteString data, ElementType type) {
        int size = type.bits() / 8;
        if (size == 0 || data.size() % size != 0) {
            return null;
        }
        ByteBuffer bytes = data.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        double[] values = new double[data.size() / size];
        for (int i = 0; i < values.length; i++) {
            int at = i * size;
            values[i] =
                    switch (type) {
                        case FLOAT -> bytes.getFloat(at);
                        case DOUBLE -> bytes.getDouble(at);
                        case FLOAT16 -> Float.float16ToFloat(bytes.getShort(at));
                        case BFLOAT16 -> Float.intBitsToFloat(bytes.getShort(at) << 16);
                        case INT64, UINT64 -> bytes.getLong(at);
                        case INT32 -> bytes.getInt(at);
                        case UINT32 -> Integer.toUnsignedLong(bytes.getInt(at));
                        case INT16 -> bytes.getShort(at);
                        case UINT16 -> Short.toUnsignedInt(bytes.getShort(at));
                        case INT8 -> bytes.get(at);
                        case UINT8, BOOL -> Byte.toUnsignedInt(bytes.get(at));
                        default -> Double.NaN;
                    };
        }
        return values;
    }

    private static double @Nullable [] typed(TensorProto tensor, ElementType type) {
        return switch (type) {
            case FLOAT ->
                    tensor.getFloatDataList().stream().mapToDouble(Float::doubleValue).toArray();
            case DOUBLE ->
                    tensor.getDoubleDataList().stream().mapToDouble(Double::doubleValue).toArray();
            case INT64 ->
                    tensor.getInt64DataList().stream().mapToDouble(Long::doubleValue).toArray();
            case INT32, INT16, INT8, UINT16, UINT8, BOOL -> ints(tensor).asDoubleStream().toArray();
            case FLOAT16 ->
                    ints(tensor).mapToDouble(bits -> Float.float16ToFloat((short) bits)).toArray();
            case BFLOAT16 ->
                    ints(tensor).mapToDouble(bits -> Float.intBitsToFloat(bits << 16)).toArray();
            default -> null;
        };
    }

    private static IntStream ints(TensorProto tensor) {
        return tensor.getInt32DataList().stream().mapToInt(Integer::intValue);
    }
}
