package org.headlight.app.cli;

import org.headlight.viz.export.MapRange;
import org.headlight.viz.raster.AttentionMap;

/** The smallest and the largest visible probability of a part of a map. */
final class CellRange {
    /** Above so many cells, a whole map is not computed a second time for its ends. */
    private static final long MOST_CELLS = 1L << 26;

    private static final int BAND_CELLS = 1 << 20;

    private final AttentionMap map;

    CellRange(AttentionMap map) {
        this.map = map;
    }

    /** {min, max}; NaN when everything is masked. */
    float[] of(MapRange range) {
        boolean whole = range.equals(MapRange.all(map));
        if (whole && (long) range.rows() * range.cols() > MOST_CELLS) {
            return map.range();
        }
        float min = Float.NaN;
        float max = Float.NaN;
        int step = Math.max(1, BAND_CELLS / range.cols());
        for (int row = range.row0(); row < range.row1(); row += step) {
            int end = Math.min(range.row1(), row + step);
            for (float p : map.cells(row, end, range.col0(), range.col1())) {
                if (!Float.isNaN(p)) {
                    min = p < min || Float.isNaN(min) ? p : min;
                    max = p > max || Float.isNaN(max) ? p : max;
                }
            }
        }
        return new float[] {min, max};
    }
}
