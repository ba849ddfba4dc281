package org.headlight.viz.chart;

import org.jfree.chart.axis.AxisState;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.text.TextUtils;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.TextAnchor;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;

/** A vertical axis whose name stands level above it. */
final class LevelAxis extends NumberAxis {
    private static final long serialVersionUID = 1L;
    private static final float GAP = 6;

    LevelAxis(String name) {
        super(name);
        setAutoRange(false);
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
        TextUtils.drawAlignedString(
                label, g2, (float) plot.getX(), (float) area.getY() - GAP, TextAnchor.BOTTOM_LEFT);
        return state;
    }
}
