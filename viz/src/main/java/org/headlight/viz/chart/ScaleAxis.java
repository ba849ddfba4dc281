package org.headlight.viz.chart;

import org.headlight.viz.raster.Scale;
import org.headlight.viz.raster.Tick;
import org.headlight.viz.raster.Ticks;
import org.jfree.chart.axis.AxisState;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTick;
import org.jfree.chart.text.TextUtils;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.Range;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;

/**
 * A vertical axis with the scale of a map, linear or logarithmic, and the numbers of its colour
 * bar. Its name stands level above it. Grid lines fall on whole pixels.
 */
public final class ScaleAxis extends NumberAxis {
    private static final long serialVersionUID = 1L;
    private static final double ROOM = 24;
    private static final float GAP = 4;

    private transient Scale scale = new Scale(Scale.Kind.LINEAR, 0, 1);

    /** A linear axis from 0 to 1 with a name. */
    public ScaleAxis(String name) {
        super(name);
        setAutoRange(false);
        setTickMarksVisible(false);
        setAxisLineVisible(false);
        setTickLabelInsets(new RectangleInsets(0, 0, 0, GAP));
    }

    /** Shows a scale from its lower to its upper end. */
    public void setScale(Scale scale) {
        this.scale = scale;
        setRange(new Range(scale.low(), scale.high()), false, false);
    }

    @Override
    public double valueToJava2D(double value, Rectangle2D area, RectangleEdge edge) {
        return area.getMaxY() - scale.position((float) value) * area.getHeight();
    }

    @Override
    public double java2DToValue(double y, Rectangle2D area, RectangleEdge edge) {
        return scale.value((float) ((area.getMaxY() - y) / area.getHeight()));
    }

    @Override
    protected AxisState drawLabel(
            String label,
            Graphics2D g2,
            Rectangle2D plot,
            Rectangle2D area,
            RectangleEdge edge,
            AxisState state) {
        g2.setFont(getLabelFont());
        g2.setPaint(getLabelPaint());
        TextUtils.drawAlignedString(
                label, g2, (float) area.getX(), (float) area.getY() - GAP, TextAnchor.BOTTOM_LEFT);
        return state;
    }

    @Override
    public List<NumberTick> refreshTicks(
            Graphics2D g2, AxisState state, Rectangle2D area, RectangleEdge edge) {
        int most = (int) Math.max(3, area.getHeight() / ROOM);
        List<NumberTick> ticks = new ArrayList<>();
        for (Tick tick : Ticks.of(scale, most)) {
            if (tick.major()) {
                double y = Math.floor(valueToJava2D(tick.value(), area, edge)) + 0.5;
                y = Math.min(y, area.getMaxY() - 0.5);
                ticks.add(
                        new NumberTick(
                                java2DToValue(y, area, edge),
                                tick.label(),
                                TextAnchor.CENTER_RIGHT,
                                TextAnchor.CENTER_RIGHT,
                                0));
            }
        }
        return ticks;
    }
}
