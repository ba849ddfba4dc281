package org.headlight.viz.chart;

import org.jfree.chart.JFreeChart;

/** A chart that can be drawn in any look and size: in the window, and as a figure. */
@FunctionalInterface
public interface FigureChart {

    /**
     * The chart.
     *
     * @param look colours and font
     * @param width in units of the window
     * @param height in units of the window
     */
    JFreeChart chart(ChartLook look, int width, int height);
}
