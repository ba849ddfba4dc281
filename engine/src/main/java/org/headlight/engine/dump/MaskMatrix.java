package org.headlight.engine.dump;

import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.matrix.Matrix;

/**
 * The biases of a mask as a matrix, minus infinity where a key is hidden.
 *
 * @param rows queries
 * @param cols keys
 */
record MaskMatrix(AttentionMask mask, int rows, int cols) implements Matrix {
    @Override
    public void copy(
            int row0, int row1, int col0, int col1, float[] target, int offset, int stride) {
        for (int row = row0; row < row1; row++) {
            int first = mask.firstKey(row);
            int end = mask.endKey(row);
            int at = offset + (row - row0) * stride;
            for (int col = col0; col < col1; col++) {
                target[at + col - col0] =
                        col >= first && col < end ? mask.bias(row, col) : AttentionMask.MASKED;
            }
        }
    }
}
