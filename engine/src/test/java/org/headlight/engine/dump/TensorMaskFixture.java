package org.headlight.engine.dump;

import org.headlight.engine.capture.AttentionMask;

/** An additive mask given by a formula. */
final class TensorMaskFixture {
    private TensorMaskFixture() {}

    /** Bias of a cell. */
    interface Bias {
        float at(int row, int col);
    }

    static AttentionMask of(int keys, Bias bias) {
        return new AttentionMask() {
            @Override
            public int firstKey(int row) {
                return 0;
            }

            @Override
            public int endKey(int row) {
                return row + 1;
            }

            @Override
            public boolean unbiased() {
                return false;
            }

            @Override
            public float bias(int row, int col) {
                return col < keys ? bias.at(row, col) : MASKED;
            }

            @Override
            public boolean causal() {
                return true;
            }
        };
    }
}
