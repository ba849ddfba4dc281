package org.headlight.app.xattention;

import org.headlight.analysis.antidiagonal.BlockGrid;
import org.headlight.analysis.antidiagonal.BlockSet;
import org.headlight.analysis.antidiagonal.BlockTable;
import org.headlight.viz.raster.BlockOverlay;
import org.jspecify.annotations.Nullable;

/** Turns a choice of blocks into what is laid over the map. */
final class BlockPicture {
    /** The smallest share of a row's score that has a colour of its own. */
    private static final double LEAST = 1e-3;

    private BlockPicture() {}

    /**
     * The overlay.
     *
     * @param missed blocks to hatch; null when they are not known yet
     * @param paintScores whether the scores are painted over the map
     */
    static BlockOverlay of(
            BlockGrid grid,
            BlockTable scores,
            BlockSet chosen,
            @Nullable BlockSet missed,
            boolean paintScores) {
        byte[] marks = new byte[grid.rows() * grid.cols()];
        float[] values = paintScores ? new float[marks.length] : null;
        for (int row = 0; row < grid.rows(); row++) {
            double total = scores.total(row);
            for (int col = 0; col < grid.cols(); col++) {
                int at = row * grid.cols() + col;
                marks[at] = mark(grid, chosen, missed, row, col);
                if (values != null) {
                    values[at] =
                            grid.exists(row, col)
                                    ? position(scores.get(row, col) / total)
                                    : Float.NaN;
                }
            }
        }
        return new BlockOverlay(grid.block(), grid.block(), grid.cols(), marks, values);
    }

    private static byte mark(
            BlockGrid grid, BlockSet chosen, @Nullable BlockSet missed, int row, int col) {
        if (!grid.exists(row, col)) {
            return BlockOverlay.NONE;
        }
        if (chosen.contains(row, col)) {
            return BlockOverlay.KEPT;
        }
        boolean needed = missed != null && missed.contains(row, col);
        return needed ? BlockOverlay.MISSED : BlockOverlay.SKIPPED;
    }

    /** Where a share of the row lies on a logarithmic scale from 0.001 to 1. */
    private static float position(double share) {
        double position = 1 - Math.log(Math.max(share, LEAST)) / Math.log(LEAST);
        return (float) Math.clamp(position, 0, 1);
    }
}
