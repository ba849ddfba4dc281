package org.headlight.viz.chart;

import org.headlight.viz.raster.NumberText;
import org.jfree.chart.axis.AxisState;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTick;
import org.jfree.chart.text.TextUtils;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.Range;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;

/**
 * An axis of numbers or of their decimal logarithms, numbered with the numbers. A vertical one has
 * its name level above it.
 */
final class FrontierAxis extends NumberAxis {
    private static final long serialVersionUID = 1L;
    private static final float GAP = 6;
    private static final double TINY = 1e-9;

    private final boolean log;

    /**
     * @param log whether places are logarithms
     * @param places the lowest and highest place
     */
    FrontierAxis(String name, boolean log, Range places) {
        super(name);
        this.log = log;
        setAutoRange(false);
        setRange(places);
        setTickMarksVisible(false);
        setAxisLineVisible(false);
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
        if (edge.equals(RectangleEdge.LEFT)) {
            TextUtils.drawAlignedString(
                    label,
                    g2,
                    (float) plot.getX(),
                    (float) area.getY() - GAP,
                    TextAnchor.BOTTOM_LEFT);
            return state;
        }
        return super.drawLabel(label, g2, plot, area, edge, state);
    }

    @Override
    public List<NumberTick> refreshTicks(
            Graphics2D g2, AxisState state, Rectangle2D area, RectangleEdge edge) {
        TextAnchor anchor =
                edge.equals(RectangleEdge.LEFT) ? TextAnchor.CENTER_RIGHT : TextAnchor.TOP_CENTER;
        List<NumberTick> ticks = new ArrayList<>();
        for (double place : log ? decades() : steps()) {
            double value = log ? Math.pow(10, place) : place;
            ticks.add(new NumberTick(place, NumberText.plain(value), anchor, anchor, 0));
        }
        return ticks;
    }

    /** Five to ten round numbers. */
    private List<Double> steps() {
        double raw = getRange().getLength() / 6;
        double ten = Math.pow(10, Math.floor(Math.log10(raw)));
        double step =
                raw <= ten ? ten : raw <= 2 * ten ? 2 * ten : raw <= 5 * ten ? 5 * ten : 10 * ten;
        List<Double> places = new ArrayList<>();
        long first = (long) Math.ceil(getLowerBound() / step - TINY);
        long last = (long) Math.floor(getUpperBound() / step + TINY);
        for (long i = first; i <= last; i++) {
            places.add(i * step);
        }
        return places;
    }

    /** Powers of ten; with 2 and 5 between them where there are few. */
    private List<Double> decades() {
        boolean few = getRange().getLength() < 2.5;
        double every = Math.max(1, Math.ceil(getRange().getLength() / 8));
        List<Double> places = new ArrayList<>();
        double first = Math.floor(getLowerBound() / every) * every;
        for (double power = first; power <= getUpperBound(); power += every) {
            for (double part : few ? new double[] {1, 2, 5} : new double[] {1}) {
                double place = power + Math.log10(part);
                if (place >= getLowerBound() - TINY && place <= getUpperBound() + TINY) {
                    places.add(place);
                }
            }
        }
        return places;
    }
}
