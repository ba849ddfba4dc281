package org.headlight.viz.chart;

import javafx.scene.AccessibleRole;

import org.headlight.viz.raster.NumberText;
import org.headlight.viz.raster.Scale;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.AxisLabelLocation;
import org.jfree.chart.axis.AxisSpace;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.StandardXYBarPainter;
import org.jfree.chart.renderer.xy.XYBarRenderer;
import org.jfree.chart.ui.Layer;
import org.jfree.chart.ui.RectangleAnchor;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.chart.ui.TextAnchor;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.ArrayList;
import java.util.List;

/** How values are distributed, as bars, with marks at single values. */
public final class DistributionChart extends ChartPane {
    private static final int LEFT = 36;
    private static final int RIGHT = 12;
    private static final int TOP = 20;
    private static final int BOTTOM = 34;
    private static final int BAR = 8;
    private static final Color CLEAR = new Color(0, 0, 0, 0);
    private static final BasicStroke SOLID = new BasicStroke(1);
    private static final BasicStroke DASHED =
            new BasicStroke(
                    1, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, new float[] {3, 2}, 0);

    /**
     * A value that is marked.
     *
     * @param value where
     * @param label what it is, a word or two
     * @param strong whether it is the one that is looked at
     */
    public record Mark(double value, String label, boolean strong) {}

    private final String values;
    private final String counted;
    private double[] data = {};
    private List<Mark> marks = List.of();

    /**
     * A chart without values.
     *
     * @param values what they are, such as "score"
     * @param counted what is counted, such as "documents"
     */
    @SuppressWarnings("this-escape")
    public DistributionChart(String values, String counted) {
        super("distribution-chart");
        this.values = values;
        this.counted = counted;
        setAccessibleRole(AccessibleRole.IMAGE_VIEW);
        setMinSize(140, 100);
    }

    /** Shows values, NaN for none, and marks. */
    public void show(double[] newData, List<Mark> newMarks) {
        data = newData.clone();
        marks = List.copyOf(newMarks);
        Histogram histogram = new Histogram(data, Integer.MAX_VALUE);
        setAccessibleText(
                "Distribution of "
                        + values
                        + " from "
                        + NumberText.plain(histogram.low())
                        + " to "
                        + NumberText.plain(histogram.high()));
        repaint();
    }

    @Override
    protected JFreeChart chart(ChartLook look, int width, int height) {
        Histogram histogram = new Histogram(data, (width - LEFT - RIGHT) / BAR);
        NumberAxis across = new NumberAxis(values);
        across.setAutoRange(false);
        across.setTickMarksVisible(false);
        across.setLabelLocation(AxisLabelLocation.HIGH_END);
        across.setLabelInsets(new RectangleInsets(1, 0, 0, 0), false);
        double low = histogram.low();
        double high = histogram.high();
        for (Mark mark : marks) {
            low = Math.min(low, mark.value());
            high = Math.max(high, mark.value());
        }
        double room = (high - low) * 0.04;
        across.setRange(low - room, high + room);
        ScaleAxis up = new ScaleAxis(counted);
        up.setScale(new Scale(Scale.Kind.LINEAR, 0, Math.max(1, histogram.most() * 1.08f)));
        XYBarRenderer renderer = new XYBarRenderer(0.08);
        renderer.setBarPainter(new StandardXYBarPainter());
        renderer.setShadowVisible(false);
        renderer.setDrawBarOutline(false);
        renderer.setDefaultCreateEntities(false, false);
        renderer.setSeriesPaint(0, look.accent(), false);
        XYPlot plot = new XYPlot(histogram, across, up, renderer);
        AxisSpace space = new AxisSpace();
        space.setLeft(LEFT);
        space.setRight(RIGHT);
        space.setTop(TOP);
        space.setBottom(BOTTOM);
        plot.setFixedDomainAxisSpace(space, false);
        plot.setFixedRangeAxisSpace(space, false);
        JFreeChart chart = ChartLook.plain(plot);
        look.dress(plot);
        for (Mark mark : sorted()) {
            plot.addDomainMarker(0, marker(mark, look, low, high), Layer.FOREGROUND, false);
        }
        return chart;
    }

    private List<Mark> sorted() {
        List<Mark> all = new ArrayList<>(marks);
        all.removeIf(mark -> Double.isNaN(mark.value()));
        return all;
    }

    private static ValueMarker marker(Mark mark, ChartLook look, double low, double high) {
        ValueMarker marker =
                new ValueMarker(mark.value(), look.ink(), mark.strong() ? SOLID : DASHED);
        marker.setAlpha(1);
        marker.setLabel(mark.label());
        marker.setLabelFont(look.font());
        marker.setLabelPaint(look.ink());
        marker.setLabelBackgroundColor(CLEAR);
        boolean left = mark.value() > (low + high) / 2;
        marker.setLabelAnchor(left ? RectangleAnchor.TOP_LEFT : RectangleAnchor.TOP_RIGHT);
        marker.setLabelTextAnchor(left ? TextAnchor.TOP_RIGHT : TextAnchor.TOP_LEFT);
        marker.setLabelOffset(new RectangleInsets(mark.strong() ? 16 : 2, 4, 2, 4));
        return marker;
    }
}
