package org.headlight.viz.control.profile;

import org.headlight.viz.chart.ChartLook;
import org.jfree.chart.renderer.xy.XYBarPainter;
import org.jfree.chart.renderer.xy.XYBarRenderer;
import org.jfree.chart.ui.RectangleEdge;

import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RectangularShape;

/** Flat bars for values; quiet ground with a fine hatch where the mask lets nothing through. */
record ProfileBarPainter(ChartLook look) implements XYBarPainter {
    private static final double HATCH = 6;

    @Override
    public void paintBar(
            Graphics2D g,
            XYBarRenderer renderer,
            int series,
            int item,
            RectangularShape bar,
            RectangleEdge base) {
        double x = Math.rint(bar.getX());
        double width = Math.rint(bar.getMaxX()) - x;
        boolean masked = series == ProfileBars.MASKED;
        g.setPaint(masked ? look.ground() : look.accent());
        g.fill(new Rectangle2D.Double(x, bar.getY(), width, bar.getHeight()));
        if (masked) {
            hatch(g, x, bar.getMaxY(), width, bar.getHeight());
        }
    }

    private void hatch(Graphics2D g, double x, double bottom, double width, double height) {
        g.setPaint(look.line());
        for (double at = HATCH * Math.ceil((x - height) / HATCH); at < x + width; at += HATCH) {
            double from = Math.max(0, x - at);
            double to = Math.min(height, x + width - at);
            g.draw(new Line2D.Double(at + from, bottom - from, at + to, bottom - to));
        }
    }

    @Override
    public void paintBarShadow(
            Graphics2D g,
            XYBarRenderer renderer,
            int series,
            int item,
            RectangularShape bar,
            RectangleEdge base,
            boolean pegShadow) {
        // bars are flat
    }
}
