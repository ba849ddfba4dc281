package org.headlight.viz.raster;

/**
 * The part of a map that a surface shows. Immutable; every gesture makes a new one. Magnified maps
 * use a whole number of pixels per cell, so that all cells look alike. Only the view of the whole
 * map, and the way to it, may take a fraction while a cell is under {@value #WHOLE_FROM} pixels:
 * the room that a whole number would waste is worth more there than cells that are all equal.
 *
 * @param col0 key position at the left edge, may be negative when the map is narrower than the view
 * @param row0 query position at the top edge
 * @param cellsPerPixel cells along the side of a pixel; 1 / m when magnified m times
 * @param width pixels
 * @param height pixels
 */
public record MapViewport(double col0, double row0, double cellsPerPixel, int width, int height) {

    /** The most pixels that a cell takes along a side. */
    public static final int MAX_MAGNIFICATION = 256;

    /** From so many pixels per cell on, the number is always whole. */
    private static final int WHOLE_FROM = 4;

    private static final double ROUNDING = 1e-9;

    public MapViewport {
        if (!(cellsPerPixel > 0) || width < 0 || height < 0) {
            throw new IllegalArgumentException(
                    "a view needs a positive scale and size, not "
                            + cellsPerPixel
                            + " cells per pixel, "
                            + width
                            + " x "
                            + height);
        }
        cellsPerPixel = snap(cellsPerPixel);
    }

    /** The whole map, as large as it fits, centred. */
    public static MapViewport fit(int rows, int cols, int width, int height) {
        return new MapViewport(0, 0, whole(rows, cols, width, height), width, height)
                .clamp(rows, cols);
    }

    /** The same surface showing the whole map. */
    public MapViewport fit(int rows, int cols) {
        return fit(rows, cols, width, height);
    }

    /** One cell, one pixel, around the same centre. */
    public MapViewport oneToOne() {
        return scaledAt(width / 2.0, height / 2.0, 1);
    }

    /** Pixels along the side of a cell, rounded: 1 unless magnified. */
    public int magnification() {
        return cellsPerPixel >= 1 ? 1 : (int) Math.round(1 / cellsPerPixel);
    }

    /** Whether pixels pool several cells. */
    public boolean pooled() {
        return cellsPerPixel > 1;
    }

    /** The finest pyramid level that this view needs: floor(log2(cells per pixel)), at least 0. */
    public int level() {
        return cellsPerPixel <= 1 ? 0 : Math.getExponent(cellsPerPixel);
    }

    /**
     * Zooms so that the cell under a pixel stays there.
     *
     * @param factor above 1 zooms in; a magnified view moves by at least one pixel per cell
     */
    public MapViewport zoomAt(double px, double py, double factor) {
        double target = cellsPerPixel / factor;
        if (target < 1 && factor > 1) {
            double pixels = Math.max(magnification() + (pooled() ? 0 : 1), Math.rint(1 / target));
            target = 1 / Math.min(MAX_MAGNIFICATION, pixels);
        } else if (cellsPerPixel < 1 && factor < 1) {
            double pixels = Math.min(magnification() - 1, Math.rint(1 / target));
            target = pixels >= 1 ? 1 / pixels : target;
        }
        return scaledAt(px, py, target);
    }

    /** The scale set so that the cell under a pixel stays there. */
    public MapViewport scaledAt(double px, double py, double cells) {
        double snapped = snap(cells);
        return new MapViewport(
                col0 + px * (cellsPerPixel - snapped),
                row0 + py * (cellsPerPixel - snapped),
                snapped,
                width,
                height);
    }

    /** Moves the map under the surface by pixels: positive to the right and down. */
    public MapViewport pan(double dx, double dy) {
        return new MapViewport(
                col0 - dx * cellsPerPixel, row0 - dy * cellsPerPixel, cellsPerPixel, width, height);
    }

    /** The cell put into the centre. */
    public MapViewport centerOn(double row, double col) {
        return new MapViewport(
                col - width * cellsPerPixel / 2,
                row - height * cellsPerPixel / 2,
                cellsPerPixel,
                width,
                height);
    }

    /** The same cells in the centre of a surface of another size. */
    public MapViewport resized(int newWidth, int newHeight) {
        return new MapViewport(
                col0 + (width - newWidth) * cellsPerPixel / 2,
                row0 + (height - newHeight) * cellsPerPixel / 2,
                cellsPerPixel,
                newWidth,
                newHeight);
    }

    /**
     * The nearest view that wastes nothing: not farther away than the whole map, and no empty
     * margin where there is map to show; a map smaller than the surface is centred.
     */
    public MapViewport clamp(int rows, int cols) {
        double scale = snap(Math.min(cellsPerPixel, whole(rows, cols, width, height)));
        MapViewport view =
                scale == cellsPerPixel ? this : scaledAt(width / 2.0, height / 2.0, scale);
        return new MapViewport(
                inside(view.col0, cols, width * scale, scale),
                inside(view.row0, rows, height * scale, scale),
                scale,
                width,
                height);
    }

    /** The cell under a pixel; may lie outside the map. */
    public int rowAt(double py) {
        return cellAt(row0, py);
    }

    /** The cell under a pixel; may lie outside the map. */
    public int colAt(double px) {
        return cellAt(col0, px);
    }

    /** The pixel where a column starts; may lie outside the surface. */
    public double xOf(double col) {
        return pixelOf(col0, col);
    }

    /** The pixel where a row starts; may lie outside the surface. */
    public double yOf(double row) {
        return pixelOf(row0, row);
    }

    /**
     * Where each pixel's share of the texels of a level starts: pixel p takes the texels from entry
     * p up to, not including, entry p + 1, and at least one. The shares touch and never overlap
     * when a pixel is as large as a texel or larger.
     *
     * @param origin {@link #col0} or {@link #row0}
     * @param pixels how many pixels
     * @return texel indices, [pixels + 1]; negative outside the map
     */
    int[] bounds(double origin, int pixels, int level) {
        int[] bounds = new int[pixels + 1];
        if (equalCells()) {
            int m = magnification();
            long first = Math.round(origin * m);
            for (int p = 0; p <= pixels; p++) {
                bounds[p] = Math.toIntExact(Math.floorDiv(first + p, m) >> level);
            }
        } else {
            double size = Math.scalb(1.0, level);
            for (int p = 0; p <= pixels; p++) {
                bounds[p] = (int) Math.floor((origin + p * cellsPerPixel + slack()) / size);
            }
        }
        return bounds;
    }

    private int cellAt(double origin, double pixel) {
        if (equalCells()) {
            int m = magnification();
            return Math.toIntExact(Math.floorDiv(Math.round(origin * m) + floor(pixel), m));
        }
        return (int) Math.floor(origin + Math.floor(pixel) * cellsPerPixel + slack());
    }

    private double pixelOf(double origin, double cell) {
        if (equalCells()) {
            int m = magnification();
            return cell * m - Math.round(origin * m);
        }
        double pixel = (cell - origin) / cellsPerPixel;
        return cellsPerPixel < 1 ? Math.ceil(pixel - ROUNDING) : pixel;
    }

    /** Whether the view is magnified and each cell takes the same number of pixels. */
    private boolean equalCells() {
        double pixels = 1 / cellsPerPixel;
        return cellsPerPixel < 1 && Math.abs(pixels - Math.rint(pixels)) < ROUNDING;
    }

    /** What keeps the pixel where a cell starts from falling to the cell before it. */
    private double slack() {
        return cellsPerPixel < 1 ? ROUNDING : 0;
    }

    /** The scale that shows the whole map as large as it fits. */
    private static double whole(int rows, int cols, int width, int height) {
        double scale =
                Math.max((double) rows / Math.max(1, height), (double) cols / Math.max(1, width));
        if (scale * WHOLE_FROM > 1) {
            return scale;
        }
        return 1 / Math.min(MAX_MAGNIFICATION, Math.floor(1 / scale + ROUNDING));
    }

    private static long floor(double pixel) {
        return (long) Math.floor(pixel);
    }

    private static double inside(double origin, int cells, double shown, double scale) {
        if (cells <= shown) {
            double margin = (shown - cells) / 2;
            return -Math.floor(margin / scale + 1e-6) * scale;
        }
        return Math.clamp(origin, 0, cells - shown);
    }

    private static double snap(double cells) {
        return cells * WHOLE_FROM > 1
                ? cells
                : 1 / Math.clamp(Math.rint(1 / cells), 1, (double) MAX_MAGNIFICATION);
    }
}
