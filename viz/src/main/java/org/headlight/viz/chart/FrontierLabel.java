package org.headlight.viz.chart;

import org.jfree.chart.annotations.XYTextAnnotation;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.Range;

import java.awt.Color;

/**
 * A name beside a point.
 *
 * @param x where it begins, ends or is centred, in units of the window, later in those of the axis
 * @param y its middle, likewise
 * @param anchor which part of it stands there
 */
record FrontierLabel(double x, double y, TextAnchor anchor) {

    /** The same in units of the axes. */
    FrontierLabel in(Range xs, Range ys, double width, double height) {
        double across = (x - FrontierPlot.LEFT) / (width - FrontierPlot.LEFT - FrontierPlot.RIGHT);
        double up =
                (height - FrontierPlot.BOTTOM - y)
                        / (height - FrontierPlot.TOP - FrontierPlot.BOTTOM);
        return new FrontierLabel(
                xs.getLowerBound() + across * xs.getLength(),
                ys.getLowerBound() + up * ys.getLength(),
                anchor);
    }

    XYTextAnnotation annotation(String text, Color color, ChartLook look) {
        XYTextAnnotation annotation = new XYTextAnnotation(text, x, y);
        annotation.setFont(look.font());
        annotation.setPaint(color);
        annotation.setTextAnchor(anchor);
        return annotation;
    }
}
