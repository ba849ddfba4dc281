package org.headlight.viz.control.profile;

import org.headlight.viz.chart.ChartLook;
import org.headlight.viz.chart.PositionAxis;
import org.headlight.viz.chart.ScaleAxis;
import org.headlight.viz.raster.NumberText;
import org.headlight.viz.raster.Scale;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.AxisSpace;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYBarRenderer;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.ui.Layer;
import org.jfree.chart.ui.RectangleAnchor;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.jspecify.annotations.Nullable;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.geom.Ellipse2D;
import java.util.List;

/** The plot of a {@link LevelChart}: bars over positions, lines across, two cursors. */
final class LevelPlot {
    private static final float FLOOR = 1e-5f;
    private static final Ellipse2D DOT = new Ellipse2D.Double(-3, -3, 6, 6);
    private static final Color NONE = new Color(0, 0, 0, 0);
    private static final BasicStroke SOLID = new BasicStroke(1);
    private static final BasicStroke DASHED =
            new BasicStroke(
                    1, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, new float[] {4, 3}, 0);

    private final ProfileBars bars = new ProfileBars();
    private final PositionAxis positions;
    private final ScaleAxis quantity;
    private final XYBarRenderer renderer = new XYBarRenderer();
    private final XYLineAndShapeRenderer dots = new XYLineAndShapeRenderer(false, true);
    private final XYSeries peaks = new XYSeries(0, false, true);
    private final XYSeriesCollection above = new XYSeriesCollection(peaks);
    private final XYPlot plot;
    private final JFreeChart chart;

    LevelPlot(String positionName, String quantityName) {
        positions = new PositionAxis(positionName);
        quantity = new ScaleAxis(quantityName);
        renderer.setUseYInterval(true);
        renderer.setShadowVisible(false);
        renderer.setDefaultCreateEntities(false, false);
        plot = new XYPlot(bars, positions, quantity, renderer);
        dots.setDefaultCreateEntities(false, false);
        dots.setSeriesShape(0, DOT, false);
        plot.setDataset(1, above);
        plot.setRenderer(1, dots, false);
        AxisSpace space = new AxisSpace();
        space.setLeft(ProfilePlot.LEFT);
        space.setRight(ProfilePlot.RIGHT);
        space.setTop(ProfilePlot.TOP);
        space.setBottom(ProfilePlot.BOTTOM);
        plot.setFixedDomainAxisSpace(space, false);
        plot.setFixedRangeAxisSpace(space, false);
        chart = ChartLook.plain(plot);
    }

    /**
     * The chart.
     *
     * @param cursors the marked and the hovered position; negative for none
     * @param columns pixel columns for bars
     */
    JFreeChart chart(
            ChartLook look,
            float @Nullable [] values,
            List<LevelChart.Level> levels,
            boolean logarithmic,
            int[] cursors,
            int columns) {
        look.dress(plot);
        renderer.setBarPainter(new ProfileBarPainter(look));
        int count = values == null ? 0 : values.length;
        positions.setCount(Math.max(1, count));
        positions.setTickLabelsVisible(count > 0);
        quantity.setTickLabelsVisible(count > 0);
        plot.setRangeGridlinesVisible(count > 0);
        float[] thin =
                values == null || count == 0 ? new float[0] : Decimation.byMaximum(values, columns);
        Scale scale = scale(thin, levels, logarithmic);
        quantity.setScale(scale);
        bars.show(thin, count, scale.low(), scale.high());
        peaks(thin, count, levels, look);
        plot.clearRangeMarkers();
        plot.clearDomainMarkers();
        if (count > 0) {
            levels.forEach(level -> across(level, look));
        }
        cursor(cursors[0], count, columns, DASHED, look);
        cursor(cursors[1], count, columns, SOLID, look);
        return chart;
    }

    /** A dot on each bar above the lowest level: one at the edge is seen too. */
    private void peaks(float[] thin, int count, List<LevelChart.Level> levels, ChartLook look) {
        double least =
                levels.stream()
                        .mapToDouble(LevelChart.Level::value)
                        .min()
                        .orElse(Double.POSITIVE_INFINITY);
        dots.setSeriesPaint(0, look.accent(), false);
        peaks.clear();
        for (int i = 0; i < thin.length; i++) {
            if (thin[i] > least) {
                peaks.add((i + 0.5) * count / thin.length, thin[i], false);
            }
        }
    }

    private void across(LevelChart.Level level, ChartLook look) {
        ValueMarker marker = new ValueMarker(level.value());
        marker.setStroke(DASHED);
        marker.setPaint(look.ink());
        marker.setAlpha(1);
        marker.setLabel(level.name() + " " + NumberText.plain(level.value()));
        marker.setLabelFont(look.font());
        marker.setLabelPaint(look.ink());
        marker.setLabelBackgroundColor(NONE);
        marker.setLabelAnchor(RectangleAnchor.TOP_LEFT);
        marker.setLabelTextAnchor(TextAnchor.BOTTOM_LEFT);
        marker.setLabelOffset(new RectangleInsets(1, 2, 1, 2));
        plot.addRangeMarker(0, marker, Layer.FOREGROUND, false);
    }

    private void cursor(int at, int count, int columns, BasicStroke stroke, ChartLook look) {
        if (at >= 0 && at < count) {
            ValueMarker marker = new ValueMarker(positions.middle(at, columns));
            marker.setStroke(stroke);
            marker.setPaint(look.ink());
            marker.setAlpha(1);
            plot.addDomainMarker(0, marker, Layer.FOREGROUND, false);
        }
    }

    private static Scale scale(float[] bars, List<LevelChart.Level> levels, boolean logarithmic) {
        float most = 0;
        float least = 1;
        for (float bar : bars) {
            if (bar > 0) {
                most = Math.max(most, bar);
                least = Math.min(least, bar);
            }
        }
        for (LevelChart.Level level : levels) {
            most = Math.max(most, (float) level.value() * 1.15f);
        }
        most = most > 0 ? most : 1;
        if (!logarithmic) {
            return new Scale(Scale.Kind.LINEAR, 0, most);
        }
        float low = Math.max(FLOOR, least);
        return new Scale(Scale.Kind.LOG, low < most ? low : most / 10, most);
    }
}
