package org.headlight.viz.raster;

import java.util.Arrays;

/** The whole map in a few pixels. */
public final class Thumbnail {
    private Thumbnail() {}

    /**
     * The whole map in {@code px} x {@code px} pixels, row-major, by maximum: every cell of the map
     * lies in a pixel that is at least as large, so that a sink one column wide is never lost. NaN
     * where every cell is masked. A map smaller than {@code px} repeats its cells.
     */
    public static float[] of(AttentionMap map, int px) {
        int longest = Math.max(map.rows(), map.cols());
        int level = map.topLevel();
        while (level > map.baseLevel() && (longest >> level) < 4 * px) {
            level--;
        }
        int size = TileKey.SIZE;
        int height = (int) Math.ceilDiv((long) map.rows(), 1L << level);
        int width = (int) Math.ceilDiv((long) map.cols(), 1L << level);
        float[] target = new float[px * px];
        Arrays.fill(target, Float.NaN);
        for (int tileRow = 0; tileRow * size < height; tileRow++) {
            for (int tileCol = 0; tileCol * size < width; tileCol++) {
                float[] tile = map.tile(new TileKey(level, tileRow, tileCol), Pooling.MAX);
                int h = Math.min(size, height - tileRow * size);
                int w = Math.min(size, width - tileCol * size);
                for (int y = 0; y < h; y++) {
                    for (int x = 0; x < w; x++) {
                        float value = tile[y * size + x];
                        if (!Float.isNaN(value)) {
                            spread(
                                    value,
                                    span(tileRow * size + y, height, px),
                                    span(tileCol * size + x, width, px),
                                    px,
                                    target);
                        }
                    }
                }
            }
        }
        return target;
    }

    /** The pixels [from, to) of a thumbnail that a pixel of a level touches. */
    private record Span(int from, int to) {}

    private static Span span(int at, int length, int px) {
        int from = (int) ((long) at * px / length);
        int to = (int) Math.ceilDiv((at + 1L) * px, (long) length);
        return new Span(from, Math.min(px, to));
    }

    private static void spread(float value, Span rows, Span cols, int px, float[] target) {
        for (int y = rows.from; y < rows.to; y++) {
            for (int x = cols.from; x < cols.to; x++) {
                float held = target[y * px + x];
                target[y * px + x] = held >= value ? held : value;
            }
        }
    }
}
