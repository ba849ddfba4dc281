package org.headlight.viz.raster;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Paints a view of a map into pixels. Stateless apart from its style; never waits: where a tile is
 * not at hand, the next coarser one that is stands in, and the painting says so.
 *
 * <p>Every cell belongs to exactly one pixel, and a pixel pools all the texels it covers by the
 * map's own rule, so a sink one column wide is never lost at any zoom under {@link Pooling#MAX}.
 * Masked texels take no part; a pixel that covers nothing else is masked.
 */
public final class MapPainter {
    private static final int SIZE = TileKey.SIZE;

    /** Rows of pixels below which another thread costs more than it saves. */
    private static final int MIN_BAND = 64;

    private final PaintStyle style;
    private final Colorizer colorizer;

    public MapPainter(PaintStyle style) {
        this.style = style;
        this.colorizer = new Colorizer(style.scale(), style.palette());
    }

    /** The style it paints with. */
    public PaintStyle style() {
        return style;
    }

    /** Paints with the computing source: complete at once, however long that takes. */
    public Painting paint(AttentionMap map, MapViewport view, int[] argb) {
        return paint(TileSource.computing(map), view, argb, 1);
    }

    /**
     * Paints, on all processors.
     *
     * @param argb opaque pixels, row-major, [height, width] of the view; the array may be longer
     */
    public Painting paint(TileSource source, MapViewport view, int[] argb) {
        int processors = Runtime.getRuntime().availableProcessors();
        return paint(source, view, argb, Math.clamp(view.height() / MIN_BAND, 1, processors));
    }

    private Painting paint(TileSource source, MapViewport view, int[] argb, int bands) {
        int level = Math.min(view.level(), source.topLevel());
        int[] cols = view.bounds(view.col0(), view.width(), level);
        int[] rows = view.bounds(view.row0(), view.height(), level);
        Set<TileKey> missing = new LinkedHashSet<>();
        if (bands == 1) {
            missing.addAll(new Band(source, view, level, rows, cols).paint(0, view.height(), argb));
        } else {
            int height = view.height();
            IntStream.range(0, bands)
                    .parallel()
                    .mapToObj(band ->
                            new Band(source, view, level, rows, cols)
                                    .paint(
                                            height * band / bands,
                                            height * (band + 1) / bands,
                                            argb))
                    .forEachOrdered(missing::addAll);
        }
        return new Painting(level, byDistance(missing, view, level));
    }

    private static List<TileKey> byDistance(Set<TileKey> missing, MapViewport view, int level) {
        double size = Math.scalb((double) SIZE, level);
        double row = view.row0() + view.height() * view.cellsPerPixel() / 2;
        double col = view.col0() + view.width() * view.cellsPerPixel() / 2;
        List<TileKey> sorted = new ArrayList<>(missing);
        sorted.sort(
                Comparator.comparingDouble((TileKey key) ->
                        Math.hypot(
                                (key.row() + 0.5) * size - row, (key.col() + 0.5) * size - col)));
        return sorted;
    }

    /** Some rows of pixels of one view: bands do not touch each other. */
    private final class Band {
        private final MapViewport view;
        private final int level;
        private final int[] rows;
        private final int[] cols;
        private final TileRows tiles;
        private final PixelRow pixels;

        Band(TileSource source, MapViewport view, int level, int[] rows, int[] cols) {
            this.view = view;
            this.level = level;
            this.rows = rows;
            this.cols = cols;
            tiles = new TileRows(source, style.pooling(), level, cols);
            pixels = new PixelRow(view.width(), cols, tiles.cols(), style.pooling() == Pooling.MAX);
        }

        /** Paints rows y0 to y1 (exclusive); the tiles that were not there. */
        List<TileKey> paint(int y0, int y1, int[] argb) {
            int width = view.width();
            for (int y = y0; y < y1; y++) {
                int from = rows[y];
                int to = Math.max(from + 1, rows[y + 1]);
                if (from < 0 && to > 0) {
                    from = 0;
                }
                if (from < 0 || from >= tiles.rows()) {
                    Arrays.fill(argb, y * width, (y + 1) * width, style.palette().outside());
                } else {
                    if (y == y0 || rows[y - 1] != rows[y] || view.pooled()) {
                        pool(from, Math.min(to, tiles.rows()));
                    }
                    color(y, argb);
                }
            }
            return tiles.missing;
        }

        private void pool(int from, int to) {
            pixels.clear();
            for (int row = from; row < to; row++) {
                tiles.seek(row);
                for (int tileCol = tiles.firstTile; tileCol <= tiles.lastTile; tileCol++) {
                    pixels.add(tiles.at(tileCol), row, tileCol);
                }
            }
        }

        private void color(int y, int[] argb) {
            Palette palette = style.palette();
            int at = y * pixels.width;
            for (int x = 0; x < pixels.width; x++) {
                int end = Math.max(cols[x] + 1, cols[x + 1]);
                float value = pixels.value(x);
                int color;
                if (end <= 0 || cols[x] >= tiles.cols()) {
                    color = palette.outside();
                } else if (!Float.isNaN(value)) {
                    color = colorizer.color(value);
                } else if (pixels.state[x] == PixelRow.PENDING) {
                    color = palette.pending();
                } else if ((long) end << level <= style.droppedKeys()) {
                    color = palette.dropped(x, y);
                } else {
                    color = palette.masked(x, y);
                }
                argb[at + x] = color;
            }
        }
    }

    /** A tile at the wanted level or a coarser one that stands in for it. */
    private static final class Piece {
        static final Piece PENDING = new Piece(null, 0);

        final float @Nullable [] texels;
        final int coarser;

        Piece(float @Nullable [] texels, int coarser) {
            this.texels = texels;
            this.coarser = coarser;
        }
    }

    /** The tiles of one row of tiles, looked up once. */
    private static final class TileRows {
        private final TileSource source;
        private final Pooling pooling;
        private final int level;
        private final Piece[] pieces;
        private final List<TileKey> missing = new ArrayList<>();
        final int firstTile;
        final int lastTile;
        private int tileRow = -1;

        TileRows(TileSource source, Pooling pooling, int level, int[] bounds) {
            this.source = source;
            this.pooling = pooling;
            this.level = level;
            int last =
                    Math.max(bounds[bounds.length - 1] - 1, bounds[Math.max(0, bounds.length - 2)]);
            firstTile = Math.max(0, bounds[0]) / SIZE;
            lastTile = last < 0 ? -1 : Math.min(last, cols() - 1) / SIZE;
            pieces = new Piece[Math.max(0, lastTile - firstTile + 1)];
        }

        int rows() {
            return texels(source.rows());
        }

        int cols() {
            return texels(source.cols());
        }

        private int texels(int cells) {
            return (int) (((long) cells + (1L << level) - 1) >> level);
        }

        void seek(int row) {
            if (row / SIZE == tileRow) {
                return;
            }
            tileRow = row / SIZE;
            for (int t = 0; t < pieces.length; t++) {
                pieces[t] = find(new TileKey(level, tileRow, firstTile + t));
            }
        }

        Piece at(int tileCol) {
            return pieces[tileCol - firstTile];
        }

        private Piece find(TileKey key) {
            float[] exact = source.tileIfPresent(key, pooling);
            if (exact != null) {
                return new Piece(exact, 0);
            }
            missing.add(key);
            for (int up = 1; level + up <= source.topLevel(); up++) {
                float[] coarse =
                        source.tileIfPresent(
                                new TileKey(level + up, key.row() >> up, key.col() >> up), pooling);
                if (coarse != null) {
                    return new Piece(coarse, up);
                }
            }
            return Piece.PENDING;
        }
    }

    /** One row of pixels while it gathers its texels. */
    private static final class PixelRow {
        static final byte PENDING = 1;

        final int width;
        private final int[] bounds;
        private final int cols;
        private final boolean max;
        private final float[] sum;
        private final int[] count;
        final byte[] state;

        PixelRow(int width, int[] bounds, int cols, boolean max) {
            this.max = max;
            this.width = width;
            this.bounds = bounds;
            this.cols = cols;
            sum = new float[width];
            count = new int[width];
            state = new byte[width];
        }

        void clear() {
            Arrays.fill(sum, max ? Float.NEGATIVE_INFINITY : 0);
            Arrays.fill(count, 0);
            Arrays.fill(state, (byte) 0);
        }

        float value(int x) {
            if (max) {
                return sum[x] == Float.NEGATIVE_INFINITY ? Float.NaN : sum[x];
            }
            return sum[x] / count[x];
        }

        /** Adds the texels of one row of one tile to the pixels that cover them. */
        void add(Piece piece, int row, int tileCol) {
            int tile0 = tileCol * SIZE;
            int tile1 = Math.min(tile0 + SIZE, cols);
            float[] texels = piece.texels;
            int up = piece.coarser;
            int line = ((row >> up) & (SIZE - 1)) * SIZE;
            int first = firstPixel(tile0);
            if (texels == null) {
                for (int x = first; x < width && bounds[x] < tile1; x++) {
                    state[x] = PENDING;
                }
            } else if (max) {
                addMax(texels, line, up, first, tile0, tile1);
            } else {
                addMean(texels, line, up, first, tile0, tile1);
            }
        }

        /** NaN is never above anything, so masked texels take no part. */
        private void addMax(float[] texels, int line, int up, int first, int tile0, int tile1) {
            for (int x = first; x < width && bounds[x] < tile1; x++) {
                int from = Math.max(bounds[x], tile0);
                int to = Math.min(Math.max(bounds[x] + 1, bounds[x + 1]), tile1);
                float most = sum[x];
                for (int t = from; t < to; t++) {
                    float value = texels[line + ((t >> up) & (SIZE - 1))];
                    most = value > most ? value : most;
                }
                sum[x] = most;
            }
        }

        private void addMean(float[] texels, int line, int up, int first, int tile0, int tile1) {
            for (int x = first; x < width && bounds[x] < tile1; x++) {
                int from = Math.max(bounds[x], tile0);
                int to = Math.min(Math.max(bounds[x] + 1, bounds[x + 1]), tile1);
                for (int t = from; t < to; t++) {
                    float value = texels[line + ((t >> up) & (SIZE - 1))];
                    if (!Float.isNaN(value)) {
                        sum[x] += value;
                        count[x]++;
                    }
                }
            }
        }

        private int firstPixel(int texel) {
            int low = 0;
            int high = width;
            while (low < high) {
                int mid = (low + high) >>> 1;
                if (Math.max(bounds[mid] + 1, bounds[mid + 1]) > texel) {
                    high = mid;
                } else {
                    low = mid + 1;
                }
            }
            return low;
        }
    }
}
