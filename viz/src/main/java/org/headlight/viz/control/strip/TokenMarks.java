package org.headlight.viz.control.strip;

import java.util.Set;

/**
 * Tokens of one kind, marked on a {@link TokenStrip} by a small sign at their edge. Immutable.
 *
 * @param legend what the sign means, for people, such as "sink" or "anchor"
 * @param sign which sign, and where it stands
 * @param positions the tokens
 */
public record TokenMarks(String legend, Sign sign, Set<Integer> positions) {
    public TokenMarks {
        positions = Set.copyOf(positions);
    }

    /** The signs. Each has a shape of its own, so that colour is not needed to tell them apart. */
    public enum Sign {
        /** A triangle over the token that points down at it. */
        ABOVE(true, "M0 0 L8 0 L4 6 Z"),
        /** A diamond over the token. */
        DIAMOND(true, "M4 0 L8 4 L4 8 L0 4 Z"),
        /** A triangle under the token that points up at it. */
        BELOW(false, "M0 6 L8 6 L4 0 Z"),
        /** A square under the token. */
        SQUARE(false, "M0 0 L6 0 L6 6 L0 6 Z");

        private final boolean above;
        private final String shape;

        Sign(boolean above, String shape) {
            this.above = above;
            this.shape = shape;
        }

        boolean above() {
            return above;
        }

        /** The shape as an SVG path. */
        String shape() {
            return shape;
        }
    }
}
