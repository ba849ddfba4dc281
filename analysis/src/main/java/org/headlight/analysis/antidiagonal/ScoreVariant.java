package org.headlight.analysis.antidiagonal;

import java.util.Locale;

/** Which pairs of a tile of S x S scores are added up. */
public enum ScoreVariant {
    /** Query S - 1 - t with key t: the method. */
    ANTIDIAGONAL,

    /** Query t with key t: for comparison. */
    DIAGONAL,

    /** A random pairing, the same for every tile: for comparison. */
    RANDOM;

    /** The word of the command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
