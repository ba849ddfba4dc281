package org.headlight.app.xattention;

import org.headlight.analysis.antidiagonal.CoverageProfile;
import org.headlight.analysis.antidiagonal.HeadBlocks;
import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What is known of the blocks of the head on show. All of it is from one drawing, and changes at
 * once.
 *
 * @param blocks all its numbers; null until the true mass is known
 * @param density chosen blocks over blocks that exist; NaN before the first drawing
 * @param curve recall and density over the threshold; empty until the true mass is known
 */
public record ShownBlocks(
        @Nullable HeadBlocks blocks, double density, List<CoverageProfile.Point> curve) {
    /** Nothing is known. */
    public static final ShownBlocks NOTHING = new ShownBlocks(null, Double.NaN, List.of());

    public ShownBlocks {
        curve = List.copyOf(curve);
    }

    /** The threshold that its blocks were chosen by; NaN until the true mass is known. */
    public double threshold() {
        return blocks == null ? Double.NaN : blocks.options().threshold();
    }

    /** The threshold of its own coverage profile; NaN until the true mass is known. */
    public double profiled() {
        return blocks == null ? Double.NaN : blocks.profiled();
    }
}
