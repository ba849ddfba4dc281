package org.headlight.viz.export;

import org.headlight.viz.raster.BlockOverlay;
import org.headlight.viz.raster.OverlayPainter;
import org.headlight.viz.raster.Palette;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;

/** Draws blocks over the map of a figure. */
final class OverlayBody implements OverlayPainter.Pen {
    private static final Color HALO = new Color(0xB80B0D10, true);
    private static final Color OUTLINE = new Color(0xEBFFFFFF, true);
    private static final Color HATCH = new Color(0xFF5C39);

    private final Graphics2D g;
    private final Palette palette;
    private final double unit;

    /**
     * Draws on a graphics of its own.
     *
     * @param unit width of a line of one pixel
     */
    OverlayBody(Graphics2D graphics, Palette palette, double unit) {
        this.g = (Graphics2D) graphics.create();
        this.palette = palette;
        this.unit = unit;
    }

    /** Draws an overlay over the part of a map that the plan lays out at (left, top). */
    void draw(BlockOverlay overlay, MapRange range, BodyPlan plan, double left, double top) {
        g.setRenderingHint(
                RenderingHints.KEY_INTERPOLATION,
                RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
        g.clip(new Rectangle2D.Double(left, top, plan.width(), plan.height()));
        g.translate(left, top);
        double cell = (double) plan.magnification() / plan.factor();
        OverlayPainter.Place place =
                new OverlayPainter.Place(
                        -range.col0() * cell,
                        -range.row0() * cell,
                        overlay.keysPerBlock() * cell,
                        overlay.queriesPerBlock() * cell,
                        range.cols() * cell,
                        range.rows() * cell,
                        plan.width(),
                        plan.height());
        new OverlayPainter(overlay, place, palette).paint(this);
        g.dispose();
    }

    @Override
    public void picture(int[] argb, int rows, int cols, double x, double y, double w, double h) {
        BufferedImage image = new BufferedImage(cols, rows, BufferedImage.TYPE_INT_ARGB);
        image.setRGB(0, 0, cols, rows, argb, 0, cols);
        int x0 = (int) Math.round(x);
        int y0 = (int) Math.round(y);
        g.drawImage(
                image, x0, y0, (int) Math.round(x + w) - x0, (int) Math.round(y + h) - y0, null);
    }

    @Override
    public void outline(double x0, double y0, double x1, double y1) {
        line(x0, y0, x1, y1, HALO, 3);
        line(x0, y0, x1, y1, OUTLINE, 1.25);
    }

    @Override
    public void hatch(double x0, double y0, double x1, double y1) {
        line(x0, y0, x1, y1, HATCH, 1);
    }

    private void line(double x0, double y0, double x1, double y1, Color color, double width) {
        g.setStroke(new BasicStroke((float) (width * unit)));
        g.setColor(color);
        g.draw(new Line2D.Double(x0, y0, x1, y1));
    }
}
