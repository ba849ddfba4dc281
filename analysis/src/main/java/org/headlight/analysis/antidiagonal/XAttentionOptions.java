package org.headlight.analysis.antidiagonal;

import org.headlight.engine.attend.BlockRule;
import org.headlight.engine.problem.BadInputException;

import java.util.Locale;

/**
 * The parameters of the method.
 *
 * @param block queries and keys of a block, B
 * @param stride queries and keys that are put into one, S; divides B
 * @param threshold share of a row's score that the chosen blocks have to reach, tau
 * @param rule how blocks are chosen
 * @param variant which pairs are added up
 * @param seed of the random pairing
 * @param chunk queries that the reference rule takes at a time, C, a multiple of B; 0 for what the
 *     published code takes
 */
public record XAttentionOptions(
        int block,
        int stride,
        double threshold,
        SelectionRule rule,
        ScoreVariant variant,
        long seed,
        int chunk) {
    /** The largest block. */
    public static final int LARGEST_BLOCK = 1 << 14;

    private static final int LARGEST_STRIDE = 64;
    private static final int SMALLEST_CHUNK = 2048;
    private static final int CHUNK_CELLS = 28;

    /**
     * Checks the parameters.
     *
     * @throws BadInputException when they do not go together
     */
    public XAttentionOptions {
        if (block < 1 || block > LARGEST_BLOCK) {
            throw new BadInputException(
                    "A block of "
                            + block
                            + " tokens makes no sense; give a size from 1 to "
                            + LARGEST_BLOCK
                            + ", such as 128.");
        }
        if (stride < 1 || stride > LARGEST_STRIDE || block % stride != 0) {
            throw new BadInputException(
                    "A stride of "
                            + stride
                            + " does not go with blocks of "
                            + block
                            + " tokens; give one from 1 to "
                            + LARGEST_STRIDE
                            + " that divides "
                            + block
                            + ", such as "
                            + fitting(block)
                            + ".");
        }
        if (!(threshold > 0 && threshold <= 1)) {
            throw new BadInputException(
                    String.format(
                            Locale.ROOT,
                            "A threshold of %s makes no sense; give a share above 0 and up to 1,"
                                    + " such as 0.9.",
                            threshold));
        }
        if (chunk < 0 || chunk % block != 0) {
            throw new BadInputException(
                    "A chunk of "
                            + chunk
                            + " queries is no multiple of the block of "
                            + block
                            + " tokens; give one, or 0 for what the published code takes.");
        }
    }

    private static int fitting(int block) {
        int stride = 1;
        while (stride < 8 && block % (stride * 2) == 0) {
            stride *= 2;
        }
        return stride;
    }

    /** Block 128, stride 8, threshold 0.9, minimal cover: the paper's. */
    public static XAttentionOptions defaults() {
        return new XAttentionOptions(
                128, 8, 0.9, SelectionRule.MINIMAL, ScoreVariant.ANTIDIAGONAL, 0, 0);
    }

    public XAttentionOptions withBlock(int newBlock) {
        return new XAttentionOptions(newBlock, stride, threshold, rule, variant, seed, 0);
    }

    public XAttentionOptions withStride(int newStride) {
        return new XAttentionOptions(block, newStride, threshold, rule, variant, seed, chunk);
    }

    public XAttentionOptions withThreshold(double share) {
        return new XAttentionOptions(block, stride, share, rule, variant, seed, chunk);
    }

    public XAttentionOptions withRule(SelectionRule newRule) {
        return new XAttentionOptions(block, stride, threshold, newRule, variant, seed, chunk);
    }

    public XAttentionOptions withVariant(ScoreVariant newVariant) {
        return new XAttentionOptions(block, stride, threshold, rule, newVariant, seed, chunk);
    }

    public XAttentionOptions withSeed(long newSeed) {
        return new XAttentionOptions(block, stride, threshold, rule, variant, newSeed, chunk);
    }

    public XAttentionOptions withChunk(int queries) {
        return new XAttentionOptions(block, stride, threshold, rule, variant, seed, queries);
    }

    /** Whether other scores come of {@code other}, and not only another choice. */
    public boolean scoresDiffer(XAttentionOptions other) {
        return block != other.block
                || stride != other.stride
                || variant != other.variant
                || (variant == ScoreVariant.RANDOM && seed != other.seed);
    }

    /** The choice of blocks on a text of so many keys, for what chooses by itself. */
    public BlockRule blockRule(int keys) {
        return new BlockRule(
                threshold, rule == SelectionRule.REFERENCE, Math.max(1, chunkFor(keys) / block));
    }

    /**
     * Queries of a chunk for {@code keys} keys: what is asked for, or with P the next power of two
     * max(2048, min(max(2048, P), 2^28 / P)) as the published code has it; a multiple of B.
     */
    int chunkFor(int keys) {
        if (chunk > 0) {
            return chunk;
        }
        int power = keys <= 1 ? 0 : Integer.SIZE - Integer.numberOfLeadingZeros(keys - 1);
        long p = 1L << power;
        long size =
                Math.max(
                        SMALLEST_CHUNK,
                        Math.min(Math.max(SMALLEST_CHUNK, p), (1L << CHUNK_CELLS) / p));
        return (int) (Math.ceilDiv(size, (long) block) * block);
    }
}
