package org.headlight.viz.chart;

import javafx.scene.paint.Paint;

import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.ui.RectangleInsets;
import org.jspecify.annotations.Nullable;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;

/**
 * The colours and the font of the window, as charts need them.
 *
 * @param ink text and cursors
 * @param muted axis names and numbers
 * @param line grid and axis lines
 * @param ground quiet areas
 * @param accent the data
 * @param font all text
 */
public record ChartLook(Color ink, Color muted, Color line, Color ground, Color accent, Font font) {
    private static final BasicStroke HAIR = new BasicStroke(1);

    /** A paint of the style sheet; what is no plain colour becomes grey. */
    static Color color(Paint paint) {
        return paint instanceof javafx.scene.paint.Color c
                ? new Color(
                        (float) c.getRed(),
                        (float) c.getGreen(),
                        (float) c.getBlue(),
                        (float) c.getOpacity())
                : Color.GRAY;
    }

    /**
     * A chart with nothing but the plot: no title, no legend, no border, transparent, and silent
     * about changes, because whoever changes it draws it.
     */
    public static JFreeChart plain(XYPlot plot) {
        JFreeChart chart = new JFreeChart(null, null, plot, false);
        chart.setNotify(false);
        chart.setBackgroundPaint(null);
        chart.setBorderVisible(false);
        chart.setPadding(RectangleInsets.ZERO_INSETS);
        plot.setNotify(false);
        plot.setBackgroundPaint(null);
        plot.setOutlineVisible(false);
        plot.setInsets(RectangleInsets.ZERO_INSETS, false);
        plot.setAxisOffset(RectangleInsets.ZERO_INSETS);
        plot.setDomainGridlinesVisible(false);
        plot.setRangeGridlinesVisible(true);
        plot.setRangeGridlineStroke(HAIR);
        return chart;
    }

    /** Gives a plot and its axes these colours and this font. */
    public void dress(XYPlot plot) {
        plot.setRangeGridlinePaint(line);
        plot.setDomainGridlinePaint(line);
        plot.setNoDataMessagePaint(muted);
        plot.setNoDataMessageFont(font);
        for (int i = 0; i < plot.getDomainAxisCount(); i++) {
            dress(plot.getDomainAxis(i));
        }
        for (int i = 0; i < plot.getRangeAxisCount(); i++) {
            dress(plot.getRangeAxis(i));
        }
    }

    /** Plots that share an axis lack it. */
    private void dress(@Nullable ValueAxis axis) {
        if (axis == null) {
            return;
        }
        axis.setAxisLinePaint(line);
        axis.setAxisLineStroke(HAIR);
        axis.setTickLabelFont(font);
        axis.setTickLabelPaint(muted);
        axis.setLabelFont(font);
        axis.setLabelPaint(muted);
    }
}
