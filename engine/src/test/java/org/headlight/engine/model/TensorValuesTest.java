package org.headlight.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;

import org.headlight.engine.attention.OrtRun;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

class TensorValuesTest {
    @ParameterizedTest
    @EnumSource(
            value = OnnxJavaType.class,
            names = {"FLOAT", "FLOAT16", "BFLOAT16", "DOUBLE", "INT32", "INT64"})
    void numbersOfEveryTypeAreRead(OnnxJavaType type) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(3 * type.size).order(ByteOrder.nativeOrder());
        for (int value : new int[] {-2, 0, 96}) {
            switch (type) {
                case FLOAT -> bytes.putFloat(value);
                case FLOAT16 -> bytes.putShort(Float.floatToFloat16(value));
                case BFLOAT16 -> bytes.putShort((short) (Float.floatToIntBits(value) >> 16));
                case DOUBLE -> bytes.putDouble(value);
                case INT32 -> bytes.putInt(value);
                default -> bytes.putLong(value);
            }
        }
        try (OnnxTensor tensor = OrtRun.raw(bytes.flip(), type, 3)) {
            assertThat(TensorValues.floats("t", tensor)).containsExactly(-2, 0, 96);
        }
    }
}
