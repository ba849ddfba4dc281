package org.headlight.viz.chart;

import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.CrosshairState;
import org.jfree.chart.plot.PlotRenderingInfo;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.AbstractXYItemRenderer;
import org.jfree.chart.renderer.xy.XYItemRendererState;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.data.xy.XYDataset;

import java.awt.BasicStroke;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;

/** Draws one track: its line or bars at once, then ticks and dots. */
final class TrackRenderer extends AbstractXYItemRenderer {
    private static final long serialVersionUID = 1L;
    private static final double TICK = 4;
    private static final double DOT = 4.5;
    private static final double DENSE_DOT = 3;
    private static final double ROOM = 12;
    private static final BasicStroke LINE =
            new BasicStroke(1.5f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
    private static final BasicStroke HAIR = new BasicStroke(1);

    private final transient Track track;
    private final transient ChartLook look;

    TrackRenderer(Track track, ChartLook look) {
        this.track = track;
        this.look = look;
        setDefaultCreateEntities(false, false);
    }

    /** The first item draws everything: a line is one path. */
    @Override
    public void drawItem(
            Graphics2D g,
            XYItemRendererState state,
            Rectangle2D area,
            PlotRenderingInfo info,
            XYPlot plot,
            ValueAxis domain,
            ValueAxis range,
            XYDataset data,
            int series,
            int item,
            CrosshairState crosshair,
            int pass) {
        if (item != 0) {
            return;
        }
        Place place = new Place(area, domain, range);
        g.setStroke(HAIR);
        g.setPaint(look.muted());
        for (int at : track.ticks()) {
            double x = Math.floor(place.x(at + 0.5)) + 0.5;
            g.draw(new Line2D.Double(x, area.getMaxY() - TICK, x, area.getMaxY()));
        }
        g.setPaint(look.accent());
        if (track.steps()) {
            bars(g, place, data);
        } else {
            line(g, place, data);
        }
        double size = track.dots().size() * ROOM > area.getWidth() ? DENSE_DOT : DOT;
        for (int at : track.dots()) {
            double x = place.x(at + 0.5);
            double y = place.y(track.value(at));
            g.setPaint(look.accent());
            g.fill(new Ellipse2D.Double(x - size / 2, y - size / 2, size, size));
        }
    }

    private static void line(Graphics2D g, Place place, XYDataset data) {
        Path2D path = new Path2D.Double();
        boolean begun = false;
        for (int i = 0; i < data.getItemCount(0); i++) {
            double value = data.getYValue(0, i);
            if (Double.isNaN(value)) {
                begun = false;
                continue;
            }
            double x = place.x(data.getXValue(0, i));
            double y = place.y(value);
            if (begun) {
                path.lineTo(x, y);
            } else {
                path.moveTo(x, y);
                path.lineTo(x, y);
                begun = true;
            }
        }
        g.setStroke(LINE);
        g.draw(path);
    }

    private void bars(Graphics2D g, Place place, XYDataset data) {
        double base = place.y(track.base());
        for (int i = 0; i < data.getItemCount(0); i++) {
            double value = data.getYValue(0, i);
            if (Double.isNaN(value) || value == track.base()) {
                continue;
            }
            double middle = data.getXValue(0, i);
            double left = Math.floor(place.x(middle - 0.5));
            double right = Math.max(left + 1, Math.floor(place.x(middle + 0.5)) - 1);
            double y = place.y(value);
            g.fill(
                    new Rectangle2D.Double(
                            left, Math.min(y, base), right - left, Math.abs(y - base)));
        }
    }

    /** Where numbers lie on the area. */
    private record Place(Rectangle2D area, ValueAxis domain, ValueAxis range) {
        double x(double position) {
            return domain.valueToJava2D(position, area, RectangleEdge.BOTTOM);
        }

        double y(double value) {
            return range.valueToJava2D(value, area, RectangleEdge.LEFT);
        }
    }
}
