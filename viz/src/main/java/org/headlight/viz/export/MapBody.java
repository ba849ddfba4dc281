package org.headlight.viz.export;

import org.headlight.viz.raster.AttentionMap;
import org.headlight.viz.raster.Colorizer;
import org.headlight.viz.raster.Palette;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;

/** Puts the cells of a map into an image, cell by whole pixels, and notes what was clipped. */
final class MapBody {
    private final Palette palette;
    private final Colorizer colorizer;
    private final FigureLook look;
    private boolean above;
    private boolean below;
    private boolean masked;

    MapBody(FigureLook look) {
        this.look = look;
        this.palette = look.palette();
        this.colorizer = new Colorizer(look.scale(), palette);
    }

    /** Whether a value was above the scale's upper end. */
    boolean above() {
        return above;
    }

    /** Whether a value was below the scale's lower end. */
    boolean below() {
        return below;
    }

    /** Whether a pixel was masked. */
    boolean masked() {
        return masked;
    }

    /** Draws with the upper left corner at (left, top). */
    void draw(
            AttentionMap map,
            MapRange range,
            BodyPlan plan,
            BufferedImage image,
            int left,
            int top) {
        int[] pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
        int stride = image.getWidth();
        PooledRows rows = new PooledRows(map, range, plan.factor(), look.pooling());
        float[] values = new float[rows.cols()];
        int m = plan.magnification();
        for (int y = 0; y < rows.rows(); y++) {
            rows.row(y, values);
            for (int dy = 0; dy < m; dy++) {
                int py = top + y * m + dy;
                int at = py * stride + left;
                for (int x = 0; x < plan.width(); x++) {
                    boolean dropped =
                            range.col0() + (x / m + 1) * plan.factor() <= look.droppedKeys();
                    pixels[at + x] = color(values[x / m], left + x, py, dropped);
                }
            }
        }
    }

    private int color(float value, int x, int y, boolean dropped) {
        if (dropped) {
            return palette.dropped(x, y);
        }
        if (Float.isNaN(value)) {
            masked = true;
            return palette.masked(x, y);
        }
        above |= value > look.scale().high();
        below |= value < look.scale().low();
        return colorizer.color(value);
    }
}
