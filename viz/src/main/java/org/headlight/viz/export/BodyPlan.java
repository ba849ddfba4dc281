package org.headlight.viz.export;

/**
 * How a range is laid on whole pixels: either each cell takes {@code magnification} x {@code
 * magnification} pixels, or each pixel pools {@code factor} x {@code factor} cells.
 *
 * @param magnification pixels along the side of a cell; 1 when pooled
 * @param factor cells along the side of a pixel; 1 when not pooled
 * @param width pixels
 * @param height pixels
 */
record BodyPlan(int magnification, int factor, int width, int height) {
    /** Up to so many cells, a factor that is no power of two may be pooled from the exact map. */
    private static final long EXACT_CELLS = 32_000_000;

    /**
     * The largest body of which neither side is longer than {@code size}, which is 1 or more.
     *
     * @param most the largest magnification
     */
    static BodyPlan of(MapRange range, int size, int most) {
        int cells = Math.max(range.rows(), range.cols());
        if (cells <= size) {
            int m = Math.clamp(size / cells, 1, most);
            return new BodyPlan(m, 1, range.cols() * m, range.rows() * m);
        }
        int factor = Math.ceilDiv(cells, size);
        if ((long) range.rows() * range.cols() > EXACT_CELLS && Integer.bitCount(factor) > 1) {
            factor = Integer.highestOneBit(factor) << 1;
        }
        return new BodyPlan(
                1, factor, Math.ceilDiv(range.cols(), factor), Math.ceilDiv(range.rows(), factor));
    }

    /** The pixel, from the body's edge, of the middle of a cell, counted from the range's start. */
    double middle(int cell) {
        return (cell + 0.5) * magnification / factor;
    }

    /** How it is said in a caption. */
    String text(String rule) {
        return factor == 1
                ? "every cell shown"
                : rule + "-pooled " + factor + " \u00d7 " + factor + " cells per pixel";
    }
}
