package org.headlight.engine.attention;

import org.headlight.engine.attention.AttentionSite.MaskTerm;
import org.jspecify.annotations.Nullable;

import java.util.OptionalInt;

/**
 * The mask of whole numbers that the operators of com.microsoft take: how many keys count, [B]; or
 * how many and which is the first, [2 * B]; or 1 for each key, [B, M] or [B, N, M], that counts.
 */
final class KeyMask {
    /** What the operators add to the scores of a key that does not count. */
    private static final float USUAL = -10_000;

    private static final int LENGTHS_RANK = 1;
    private static final int LARGEST_RANK = 3;

    private KeyMask() {}

    /**
     * The input when it holds lengths; null when it is not given or holds a number for each key.
     */
    static @Nullable String lengths(FusedNode node, int input) throws UnknownFormException {
        String mask = node.input(input);
        return mask != null && rank(node, mask) == LENGTHS_RANK ? mask : null;
    }

    /** What the input adds to the scores; null when it is not given or holds lengths. */
    static @Nullable MaskTerm term(FusedNode node, int input, SideBranch branch)
            throws UnknownFormException {
        String mask = node.input(input);
        if (mask == null || rank(node, mask) == LENGTHS_RANK) {
            return null;
        }
        float masked = node.attributes().number("mask_filter_value", USUAL);
        return new MaskTerm(MaskTerm.Kind.ADD, branch.additive(mask, masked), 0);
    }

    private static int rank(FusedNode node, String mask) throws UnknownFormException {
        OptionalInt rank = node.types().rank(mask);
        if (rank.isEmpty()) {
            throw new UnknownFormException(
                    "The graph does not say how many axes its mask " + mask + " has.");
        }
        if (rank.getAsInt() < LENGTHS_RANK || rank.getAsInt() > LARGEST_RANK) {
            throw new UnknownFormException(
                    "Its mask "
                            + mask
                            + " has "
                            + rank.getAsInt()
                            + " axes, which the runtime has no kernel for on the processor.");
        }
        return rank.getAsInt();
    }
}
