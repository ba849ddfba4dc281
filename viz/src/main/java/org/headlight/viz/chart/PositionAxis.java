package org.headlight.viz.chart;

import org.headlight.viz.raster.Tick;
import org.headlight.viz.raster.Ticks;
import org.jfree.chart.axis.AxisLabelLocation;
import org.jfree.chart.axis.AxisState;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTick;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.Range;

import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;

/** A horizontal axis of whole positions, each as wide as its share, numbered at its middle. */
public final class PositionAxis extends NumberAxis {
    private static final long serialVersionUID = 1L;
    private static final double ROOM = 48;

    private int count = 1;

    /** An axis of one position with a name. */
    public PositionAxis(String name) {
        super(name);
        setAutoRange(false);
        setTickMarksVisible(false);
        setLabelLocation(AxisLabelLocation.HIGH_END);
        setLabelInsets(new RectangleInsets(1, 0, 0, 0), false);
        setTickLabelInsets(new RectangleInsets(4, 0, 0, 0));
    }

    /** Shows the positions 0 to count - 1. */
    public void setCount(int count) {
        this.count = count;
        setRange(new Range(0, count), false, false);
    }

    /** The middle of the pixel column in which a position's middle lies, as a value. */
    public double middle(int position, int width) {
        double column = Math.floor((position + 0.5) / count * width);
        return (column + 0.5) / width * count;
    }

    @Override
    protected void drawAxisLine(
            Graphics2D g2, double cursor, Rectangle2D area, RectangleEdge edge) {
        g2.setPaint(getAxisLinePaint());
        g2.setStroke(getAxisLineStroke());
        g2.draw(new Line2D.Double(area.getX(), cursor + 0.5, area.getMaxX(), cursor + 0.5));
    }

    @Override
    public List<NumberTick> refreshTicks(
            Graphics2D g2, AxisState state, Rectangle2D area, RectangleEdge edge) {
        int most = (int) Math.max(2, area.getWidth() / ROOM);
        List<NumberTick> ticks = new ArrayList<>();
        for (Tick tick : Ticks.positions(0, count, most)) {
            ticks.add(
                    new NumberTick(
                            tick.value() + 0.5,
                            tick.label(),
                            TextAnchor.TOP_CENTER,
                            TextAnchor.TOP_CENTER,
                            0));
        }
        return ticks;
    }
}
