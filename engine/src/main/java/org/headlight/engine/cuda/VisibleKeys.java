package org.headlight.engine.cuda;

import org.headlight.engine.attend.AntidiagonalScores;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.capture.AttentionMask;

import java.util.Optional;

/**
 * Masks that are a rule: the query in row r sees the keys from r + low on to before r + high.
 *
 * @param low far below 0 where nothing is hidden at the front
 * @param high far above where nothing is hidden at the end
 */
record VisibleKeys(int low, int high) {
    /** Beyond every row and key. */
    static final int FAR = 1 << 30;

    /** The rule of all heads; empty when there is none. */
    static Optional<VisibleKeys> of(AttentionInput input) {
        int heads = input.q().heads();
        AttentionMask first = input.mask(0);
        Optional<VisibleKeys> rule = of(first, input.q().rows(), input.k().rows());
        for (int head = 1; head < heads && rule.isPresent(); head++) {
            AttentionMask mask = input.mask(head);
            boolean same = mask.equals(first);
            if (!same && !rule.equals(of(mask, input.q().rows(), input.k().rows()))) {
                return Optional.empty();
            }
        }
        return rule;
    }

    /** The rule of a mask over so many rows and keys, found by looking at every row. */
    static Optional<VisibleKeys> of(AttentionMask mask, int rows, int keys) {
        if (!mask.unbiased()) {
            return Optional.empty();
        }
        int low = -FAR;
        int high = FAR;
        int blind = 0;
        for (int row = 0; row < rows; row++) {
            int from = Math.clamp(mask.firstKey(row), 0, keys);
            int to = Math.clamp(mask.endKey(row), 0, keys);
            if (low == -FAR && from > 0) {
                low = from - row;
            }
            if (high == FAR && to > 0 && to < keys) {
                high = to - row;
            }
            blind = to == 0 && blind == row ? row + 1 : blind;
        }
        if (high == FAR && blind > 0) {
            // No row sees some of the keys but not all: the first that sees them sees one.
            high = 1 - blind;
        }
        VisibleKeys rule = new VisibleKeys(low, high);
        for (int row = 0; row < rows; row++) {
            if (!rule.fits(mask, row, keys)) {
                return Optional.empty();
            }
        }
        return Optional.of(rule);
    }

    /** Whether a row of a mask sees what this says. */
    private boolean fits(AttentionMask mask, int row, int keys) {
        int from = Math.clamp(mask.firstKey(row), 0, keys);
        int to = Math.clamp(mask.endKey(row), 0, keys);
        if (to <= from) {
            return to(row, keys) <= from(row);
        }
        return from == from(row) && to == to(row, keys);
    }

    /** The first key that a row sees. */
    int from(int row) {
        return Math.max(0, row + low);
    }

    /** One after the last key that a row sees. */
    int to(int row, int keys) {
        return Math.clamp((long) row + high, 0, keys);
    }

    /** The same, but no key after a query's own position. */
    VisibleKeys causal(int rows, int keys) {
        return new VisibleKeys(low, Math.min(high, keys - rows + 1));
    }

    /** Whether these are the masks that groups stand for. */
    boolean are(AntidiagonalScores.Groups groups, AttentionInput input) {
        int own = input.k().rows() - input.q().rows() + 1;
        boolean back = groups.window() > 0 ? low == own - groups.window() : low == -FAR;
        return back && high == (groups.causal() ? own : FAR);
    }
}
