package org.headlight.viz.chart;

import org.jfree.chart.axis.AxisState;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTick;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.TextAnchor;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An axis of log2(1 + distance), numbered with the distances 0, 1, 4, 16 ... */
final class DoublingAxis extends NumberAxis {
    private static final long serialVersionUID = 1L;

    DoublingAxis(String name) {
        super(name);
        setAutoRange(false);
        setTickMarksVisible(false);
    }

    @Override
    public List<NumberTick> refreshTicks(
            Graphics2D g2, AxisState state, Rectangle2D area, RectangleEdge edge) {
        List<NumberTick> ticks = new ArrayList<>();
        tick(ticks, 0);
        for (int distance = 1; place(distance) <= getUpperBound(); distance *= 4) {
            tick(ticks, distance);
        }
        return ticks;
    }

    private static double place(int distance) {
        return Math.log(1.0 + distance) / Math.log(2);
    }

    private static void tick(List<NumberTick> ticks, int distance) {
        String label =
                distance < 1024
                        ? Integer.toString(distance)
                        : String.format(Locale.ROOT, "%dk", distance / 1024);
        ticks.add(
                new NumberTick(
                        place(distance), label, TextAnchor.TOP_CENTER, TextAnchor.TOP_CENTER, 0));
    }
}
