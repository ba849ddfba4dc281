package org.headlight.analysis.antidiagonal;

import org.headlight.engine.capture.SiteCapture;

/**
 * What the method does to one head.
 *
 * @param layer zero-based layer
 * @param head zero-based query head
 * @param name such as L3H5
 * @param options what was asked for
 * @param grid the blocks
 * @param scores the block scores
 * @param mass the true mass per block
 * @param first the true mass on key 0 per block row, [rows, 1]
 * @param chosen the blocks that are kept
 * @param quality how good the choice is
 * @param profiled the threshold that the coverage profile gives this head
 */
public record HeadBlocks(
        int layer,
        int head,
        String name,
        XAttentionOptions options,
        BlockGrid grid,
        BlockTable scores,
        BlockTable mass,
        BlockTable first,
        BlockSet chosen,
        BlockQuality quality,
        double profiled) {

    /**
     * One head, against a mass that is known.
     *
     * @param scores block scores for the block, stride and variant of the options
     * @param masses swept before, with a cell that divides the block
     */
    public static HeadBlocks of(
            SiteCapture site,
            int number,
            BlockTable scores,
            BlockMass masses,
            XAttentionOptions options) {
        BlockGrid grid = new BlockGrid(site.heads().get(number), options.block());
        BlockTable mass = masses.table(options.block());
        BlockTable first = masses.onFirstKey(options.block());
        BlockSet chosen = BlockChooser.choose(scores, grid, options);
        return new HeadBlocks(
                site.layer(),
                number,
                site.headName(number),
                options,
                grid,
                scores,
                mass,
                first,
                chosen,
                BlockQuality.of(grid, scores, mass, first, chosen, options.threshold()),
                CoverageProfile.threshold(grid, scores, mass, CoverageProfile.COVERAGE));
    }

    /** The same scores, chosen from by another threshold or rule. */
    public HeadBlocks chosenBy(double threshold, SelectionRule rule) {
        XAttentionOptions now = options.withThreshold(threshold).withRule(rule);
        BlockSet set = BlockChooser.choose(scores, grid, now);
        return new HeadBlocks(
                layer,
                head,
                name,
                now,
                grid,
                scores,
                mass,
                first,
                set,
                BlockQuality.of(grid, scores, mass, first, set, threshold),
                profiled);
    }
}
