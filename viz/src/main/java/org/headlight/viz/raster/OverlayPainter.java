package org.headlight.viz.raster;

/**
 * Paints a {@link BlockOverlay} with whatever pen: its values and veils as one small picture, the
 * outline of the kept blocks, the hatch of the missed ones. Only what is seen is walked. Where
 * several blocks share a pixel, one that is kept shows.
 */
public final class OverlayPainter {
    /** Distance of hatch lines, in units of the pen. */
    private static final double HATCH = 6;

    /** Blocks smaller than this have no outline and no hatch of their own. */
    private static final double SMALLEST = 3;

    private static final int OPAQUE = 0xFF000000;
    private static final int VALUE_ALPHA = 0xE6000000;

    /** Missed blocks that are too small for a hatch. */
    private static final int WARM = 0xC8FF5C39;

    private static final int VEIL_ALPHA = 0x78000000;

    /** Where it is painted. */
    public interface Pen {

        /**
         * A picture, each of its pixels a rectangle of blocks, sharp-edged.
         *
         * @param argb [rows, cols], not premultiplied
         */
        void picture(int[] argb, int rows, int cols, double x, double y, double w, double h);

        /** A line between kept blocks and others. */
        void outline(double x0, double y0, double x1, double y1);

        /** A diagonal line of a hatch. */
        void hatch(double x0, double y0, double x1, double y1);
    }

    /**
     * Where block (0, 0) begins, how large a block is, and where the map and the surface end; in
     * units of the pen.
     *
     * @param x left edge of column 0
     * @param y top edge of row 0
     * @param blockWidth width of a block
     * @param blockHeight height of a block
     * @param right right edge of the map
     * @param bottom bottom edge of the map
     * @param width of the surface
     * @param height of the surface
     */
    public record Place(
            double x,
            double y,
            double blockWidth,
            double blockHeight,
            double right,
            double bottom,
            double width,
            double height) {}

    private final BlockOverlay overlay;
    private final Place place;
    private final Palette palette;
    private final int row0;
    private final int row1;
    private final int col0;
    private final int col1;

    /**
     * A painter.
     *
     * @param palette colours of the values and of what is outside, which veils
     */
    public OverlayPainter(BlockOverlay overlay, Place place, Palette palette) {
        this.overlay = overlay;
        this.place = place;
        this.palette = palette;
        row0 = clamp(Math.floor(-place.y / place.blockHeight), overlay.rows());
        row1 = clamp(Math.ceil((place.height - place.y) / place.blockHeight), overlay.rows());
        col0 = clamp(Math.floor(-place.x / place.blockWidth), overlay.cols());
        col1 = clamp(Math.ceil((place.width - place.x) / place.blockWidth), overlay.cols());
    }

    private static int clamp(double value, int most) {
        return (int) Math.clamp(value, 0, most);
    }

    /** Paints everything. */
    public void paint(Pen pen) {
        if (row1 <= row0 || col1 <= col0) {
            return;
        }
        paintPicture(pen);
        if (hatched()) {
            paintHatches(pen);
            paintLevelEdges(pen);
            paintUprightEdges(pen);
        }
    }

    private boolean hatched() {
        return place.blockWidth >= SMALLEST && place.blockHeight >= SMALLEST;
    }

    private void paintPicture(Pen pen) {
        int rowStep = Math.max(1, (int) (1 / place.blockHeight));
        int colStep = Math.max(1, (int) (1 / place.blockWidth));
        int rows = Math.ceilDiv(row1 - row0, rowStep);
        int cols = Math.ceilDiv(col1 - col0, colStep);
        int[] argb = new int[Math.multiplyExact(rows, cols)];
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < cols; c++) {
                argb[r * cols + c] =
                        rowStep == 1 && colStep == 1
                                ? color(row0 + r, col0 + c)
                                : pooled(row0 + r * rowStep, col0 + c * colStep, rowStep, colStep);
            }
        }
        pen.picture(
                argb,
                rows,
                cols,
                x(col0),
                y(row0),
                cols * colStep * place.blockWidth,
                rows * rowStep * place.blockHeight);
    }

    /** Several blocks as one pixel: one that is kept shows, otherwise one that is missed. */
    private int pooled(int fromRow, int fromCol, int rowStep, int colStep) {
        int found = color(fromRow, fromCol);
        if (overlay.paintsValues()) {
            return found;
        }
        for (int row = fromRow; row < Math.min(row1, fromRow + rowStep); row++) {
            for (int col = fromCol; col < Math.min(col1, fromCol + colStep); col++) {
                byte mark = overlay.mark(row, col);
                if (mark == BlockOverlay.KEPT) {
                    return 0;
                }
                found = mark == BlockOverlay.MISSED ? color(row, col) : found;
            }
        }
        return found;
    }

    private int color(int row, int col) {
        float value = overlay.paintsValues() ? overlay.value(row, col) : Float.NaN;
        if (!Float.isNaN(value)) {
            return (palette.argb(value) & ~OPAQUE) | VALUE_ALPHA;
        }
        byte mark = overlay.mark(row, col);
        if (mark == BlockOverlay.MISSED && !hatched()) {
            return WARM;
        }
        boolean veiled = mark == BlockOverlay.SKIPPED || mark == BlockOverlay.MISSED;
        return veiled ? (palette.outside() & ~OPAQUE) | VEIL_ALPHA : 0;
    }

    private double x(int col) {
        return place.x + col * place.blockWidth;
    }

    private double y(int row) {
        return place.y + row * place.blockHeight;
    }

    private double right(int col) {
        return Math.min(place.right, x(col));
    }

    private double bottom(int row) {
        return Math.min(place.bottom, y(row));
    }

    private boolean kept(int row, int col) {
        return overlay.mark(row, col) == BlockOverlay.KEPT;
    }

    private void paintLevelEdges(Pen pen) {
        for (int row = row0; row <= row1; row++) {
            int from = -1;
            for (int col = col0; col <= col1; col++) {
                boolean edge = col < col1 && kept(row - 1, col) != kept(row, col);
                if (edge && from < 0) {
                    from = col;
                } else if (!edge && from >= 0) {
                    pen.outline(x(from), bottom(row), right(col), bottom(row));
                    from = -1;
                }
            }
        }
    }

    private void paintUprightEdges(Pen pen) {
        for (int col = col0; col <= col1; col++) {
            int from = -1;
            for (int row = row0; row <= row1; row++) {
                boolean edge = row < row1 && kept(row, col - 1) != kept(row, col);
                if (edge && from < 0) {
                    from = row;
                } else if (!edge && from >= 0) {
                    pen.outline(right(col), y(from), right(col), bottom(row));
                    from = -1;
                }
            }
        }
    }

    private void paintHatches(Pen pen) {
        for (int row = row0; row < row1; row++) {
            for (int col = col0; col < col1; col++) {
                if (overlay.mark(row, col) == BlockOverlay.MISSED) {
                    hatch(pen, x(col), y(row), right(col + 1), bottom(row + 1));
                }
            }
        }
    }

    /** Lines of equal x + y, a fixed distance apart, so that neighbours join up. */
    private static void hatch(Pen pen, double x0, double y0, double x1, double y1) {
        for (double sum = Math.ceil((x0 + y0) / HATCH) * HATCH; sum < x1 + y1; sum += HATCH) {
            pen.hatch(
                    Math.max(x0, sum - y1),
                    Math.min(y1, sum - x0),
                    Math.min(x1, sum - y0),
                    Math.max(y0, sum - x1));
        }
    }
}
