package org.headlight.viz.control.profile;

import org.headlight.viz.chart.ChartLook;
import org.headlight.viz.chart.PositionAxis;
import org.headlight.viz.chart.ScaleAxis;
import org.headlight.viz.raster.Scale;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.AxisSpace;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYBarRenderer;
import org.jfree.chart.ui.Layer;
import org.jspecify.annotations.Nullable;

import java.awt.BasicStroke;

/** The chart of a profile: bars over positions, two axes, two cursors. */
final class ProfilePlot {
    static final int LEFT = 44;
    static final int RIGHT = 8;
    static final int TOP = 16;
    static final int BOTTOM = 32;
    private static final float FLOOR = 1e-6f;
    private static final BasicStroke SOLID = new BasicStroke(1);
    private static final BasicStroke DASHED =
            new BasicStroke(
                    1, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, new float[] {3, 2}, 0);

    private final ProfileBars bars = new ProfileBars();
    private final PositionAxis positions;
    private final ScaleAxis weights = new ScaleAxis("weight");
    private final XYBarRenderer renderer = new XYBarRenderer();
    private final XYPlot plot;
    private final JFreeChart chart;
    private final ValueMarker marked = marker(DASHED);
    private final ValueMarker hovered = marker(SOLID);
    private @Nullable ChartLook look;

    ProfilePlot(ProfileKind kind) {
        positions = new PositionAxis(kind == ProfileKind.ROW ? "key position" : "query position");
        renderer.setUseYInterval(true);
        renderer.setShadowVisible(false);
        renderer.setDefaultCreateEntities(false, false);
        plot = new XYPlot(bars, positions, weights, renderer);
        AxisSpace space = new AxisSpace();
        space.setLeft(LEFT);
        space.setRight(RIGHT);
        space.setTop(TOP);
        space.setBottom(BOTTOM);
        plot.setFixedDomainAxisSpace(space, false);
        plot.setFixedRangeAxisSpace(space, false);
        chart = ChartLook.plain(plot);
    }

    private static ValueMarker marker(BasicStroke stroke) {
        ValueMarker marker = new ValueMarker(0);
        marker.setStroke(stroke);
        marker.setAlpha(1);
        return marker;
    }

    /** How many pixel columns there are for the bars of a chart that is this wide. */
    static int columns(double width) {
        return (int) Math.max(1, Math.floor(width) - LEFT - RIGHT);
    }

    /** The chart, in this look. */
    JFreeChart chart(ChartLook now) {
        if (!now.equals(look)) {
            look = now;
            now.dress(plot);
            renderer.setBarPainter(new ProfileBarPainter(now));
            marked.setPaint(now.ink());
            hovered.setPaint(now.ink());
        }
        return chart;
    }

    /** Shows a profile; null shows empty axes. */
    void show(float @Nullable [] values, boolean logarithmic, int columns) {
        int count = values == null ? 0 : values.length;
        positions.setCount(Math.max(1, count));
        positions.setTickLabelsVisible(count > 0);
        weights.setTickLabelsVisible(count > 0);
        plot.setRangeGridlinesVisible(count > 0);
        float[] thin =
                values == null || count == 0 ? new float[0] : Decimation.byMaximum(values, columns);
        Scale scale = scale(thin, logarithmic);
        weights.setScale(scale);
        bars.show(thin, count, scale.low(), scale.high());
    }

    /** Puts the cursors; a position outside takes its cursor away. */
    void cursors(int marked, int hovered, int count, int columns) {
        place(this.marked, marked, count, columns);
        place(this.hovered, hovered, count, columns);
    }

    private void place(ValueMarker marker, int at, int count, int columns) {
        plot.removeDomainMarker(0, marker, Layer.FOREGROUND, false);
        if (at >= 0 && at < count) {
            marker.setValue(positions.middle(at, columns));
            plot.addDomainMarker(0, marker, Layer.FOREGROUND, false);
        }
    }

    private static Scale scale(float[] bars, boolean logarithmic) {
        float most = 0;
        float least = 1;
        for (float bar : bars) {
            if (bar > 0) {
                most = Math.max(most, bar);
                least = Math.min(least, bar);
            }
        }
        most = most > 0 ? most : 1;
        if (!logarithmic) {
            return new Scale(Scale.Kind.LINEAR, 0, most);
        }
        float low = Math.max(FLOOR, least);
        return new Scale(Scale.Kind.LOG, low < most ? low : most / 10, most);
    }
}
