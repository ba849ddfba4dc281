package org.headlight.viz.export;

import org.headlight.engine.problem.BadInputException;
import org.headlight.viz.raster.AttentionMap;

/**
 * A rectangle of a map: queries {@code row0} to {@code row1} and keys {@code col0} to {@code col1},
 * the ends not included.
 */
public record MapRange(int row0, int row1, int col0, int col1) {

    /** The whole map. */
    public static MapRange all(AttentionMap map) {
        return new MapRange(0, map.rows(), 0, map.cols());
    }

    /** Queries in the range. */
    public int rows() {
        return row1 - row0;
    }

    /** Keys in the range. */
    public int cols() {
        return col1 - col0;
    }

    /**
     * This range, if it lies in the map.
     *
     * @throws BadInputException when it is empty or reaches beyond the map
     */
    public MapRange checked(AttentionMap map) {
        check("rows", row0, row1, map.rows());
        check("cols", col0, col1, map.cols());
        return this;
    }

    private static void check(String what, int from, int to, int size) {
        if (from < 0 || from >= to || to > size) {
            throw new BadInputException(
                    what
                            + " "
                            + from
                            + ":"
                            + to
                            + " do not lie in this map, which has "
                            + what
                            + " 0:"
                            + size
                            + "; give a start below an end within them.");
        }
    }
}
