package org.headlight.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.engine.capture.AttentionMask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Masks that are rules. */
class VisibleKeysTest {
    private static void same(AttentionMask mask, int rows, int keys) {
        VisibleKeys rule = VisibleKeys.of(mask, rows, keys).orElseThrow();
        for (int row = 0; row < rows; row++) {
            for (int key = 0; key < keys; key++) {
                boolean seen = key >= mask.firstKey(row) && key < mask.endKey(row);
                assertThat(key >= rule.from(row) && key < rule.to(row, keys))
                        .as("row %d, key %d", row, key)
                        .isEqualTo(seen);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "5, 9, 3", "9, 5, 2", "64, 64, 70", "30, 1, 4"})
    void everyRuleIsFoundAgain(int rows, int keys, int window) {
        same(AttentionMask.full(keys), rows, keys);
        same(AttentionMask.causal(keys - rows), rows, keys);
        same(AttentionMask.window(keys - rows, window), rows, keys);
        same(AttentionMask.causal(-rows - 1), rows, keys);
        same(AttentionMask.causal(keys), rows, keys);
    }

    @Test
    void aMaskThatIsNoRuleIsNotTakenForOne() {
        AttentionMask odd =
                new AttentionMask() {
                    @Override
                    public int firstKey(int row) {
                        return row == 3 ? 1 : 0;
                    }

                    @Override
                    public int endKey(int row) {
                        return row + 1;
                    }

                    @Override
                    public boolean unbiased() {
                        return true;
                    }

                    @Override
                    public float bias(int row, int col) {
                        return col < endKey(row) && col >= firstKey(row) ? 0 : MASKED;
                    }

                    @Override
                    public boolean causal() {
                        return true;
                    }
                };
        assertThat(VisibleKeys.of(odd, 9, 9)).isEmpty();
    }
}
