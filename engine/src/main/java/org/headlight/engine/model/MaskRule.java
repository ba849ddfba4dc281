package org.headlight.engine.model;

import org.headlight.engine.capture.AttentionMask;

import java.util.Optional;

/**
 * A mask that needs no tensor.
 *
 * @param causal whether no query sees a key after its own position
 * @param window keys up to and including its own that a query sees; 0 when there is no limit
 */
record MaskRule(boolean causal, int window) {

    /** The rule that a mask is; empty when it is none. */
    static Optional<MaskRule> of(AttentionMask mask, int rows, int keys) {
        if (!mask.unbiased()) {
            return Optional.empty();
        }
        int window = 0;
        for (int r = 0; r < rows && window == 0; r++) {
            window = mask.firstKey(r) > 0 ? mask.endKey(r) - mask.firstKey(r) : 0;
        }
        for (MaskRule rule : new MaskRule[] {new MaskRule(false, 0), new MaskRule(true, window)}) {
            if (rule.is(mask, rows, keys)) {
                return Optional.of(rule);
            }
        }
        return Optional.empty();
    }

    /** Whether a mask shows what this rule does. */
    boolean is(AttentionMask mask, int rows, int keys) {
        if (!mask.unbiased()) {
            return false;
        }
        AttentionMask own = mask(rows, keys);
        for (int r = 0; r < rows; r++) {
            if (own.firstKey(r) != mask.firstKey(r) || own.endKey(r) != mask.endKey(r)) {
                return false;
            }
        }
        return true;
    }

    /** The mask of so many queries, the last of which sits at the last key. */
    AttentionMask mask(int rows, int keys) {
        if (!causal) {
            return AttentionMask.full(keys);
        }
        return window == 0
                ? AttentionMask.causal(keys - rows)
                : AttentionMask.window(keys - rows, window);
    }
}
