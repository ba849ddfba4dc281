package org.headlight.viz.chart;

import javafx.geometry.NodeOrientation;
import javafx.scene.AccessibleRole;

import org.headlight.analysis.antidiagonal.CoverageProfile;
import org.headlight.viz.raster.NumberText;
import org.headlight.viz.raster.Scale;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.annotations.XYTextAnnotation;
import org.jfree.chart.axis.AxisSpace;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.ui.RectangleAnchor;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.xy.DefaultXYDataset;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Recall and density of one head over the threshold: what more blocks buy. Marks the threshold that
 * is set and the one that the coverage profile gives.
 */
public final class CoverageChart extends ChartPane {
    private static final BasicStroke LINE = new BasicStroke(2);
    private static final BasicStroke HAIR = new BasicStroke(1);
    private static final BasicStroke DASHED =
            new BasicStroke(
                    1.5f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, new float[] {5, 3}, 0);

    private List<CoverageProfile.Point> points = List.of();
    private double threshold = Double.NaN;
    private double profiled = Double.NaN;

    public CoverageChart() {
        super("coverage-chart");
        setAccessibleRole(AccessibleRole.IMAGE_VIEW);
        setNodeOrientation(NodeOrientation.LEFT_TO_RIGHT);
        setMinSize(160, 100);
    }

    /**
     * Shows a curve.
     *
     * @param newPoints by rising threshold; empty for no curve
     * @param set the threshold that is set
     * @param profile the threshold that the profile gives
     */
    public void show(List<CoverageProfile.Point> newPoints, double set, double profile) {
        points = List.copyOf(newPoints);
        threshold = set;
        profiled = profile;
        setAccessibleText(
                "Recall and density over the threshold"
                        + (Double.isNaN(set) ? "" : ", which is " + NumberText.plain(set))
                        + (Double.isNaN(profile)
                                ? ""
                                : "; the coverage profile gives " + NumberText.plain(profile)));
        repaint();
    }

    @Override
    protected JFreeChart chart(ChartLook look, int width, int height) {
        NumberAxis thresholds = new NumberAxis("threshold \u03c4 (share of the score)");
        thresholds.setRange(0, 1);
        thresholds.setTickUnit(new NumberTickUnit(0.2));
        thresholds.setTickMarksVisible(false);
        ScaleAxis shares = new ScaleAxis("share");
        shares.setScale(new Scale(Scale.Kind.LINEAR, 0, 1));
        DefaultXYDataset data = new DefaultXYDataset();
        data.addSeries("recall", series(CoverageProfile.Point::recall));
        data.addSeries("density", series(CoverageProfile.Point::density));
        XYLineAndShapeRenderer lines = new XYLineAndShapeRenderer(true, false);
        lines.setDefaultCreateEntities(false, false);
        lines.setSeriesPaint(0, look.accent());
        lines.setSeriesStroke(0, LINE);
        lines.setSeriesPaint(1, look.ink());
        lines.setSeriesStroke(1, DASHED);
        XYPlot plot = new XYPlot(data, thresholds, shares, lines);
        AxisSpace space = new AxisSpace();
        space.setLeft(36);
        space.setRight(12);
        space.setTop(18);
        space.setBottom(36);
        plot.setFixedDomainAxisSpace(space, false);
        plot.setFixedRangeAxisSpace(space, false);
        JFreeChart chart = ChartLook.plain(plot);
        look.dress(plot);
        mark(plot, look, threshold, HAIR, "\u03c4", RectangleAnchor.BOTTOM_LEFT);
        mark(plot, look, profiled, DASHED, "profile \u03c4", RectangleAnchor.LEFT);
        label(plot, look, "recall", CoverageProfile.Point::recall, look.accent(), 0.25);
        label(plot, look, "density", CoverageProfile.Point::density, look.ink(), 0.6);
        return chart;
    }

    private double[][] series(ToDoubleFunction<CoverageProfile.Point> share) {
        return new double[][] {
            points.stream().mapToDouble(CoverageProfile.Point::threshold).toArray(),
            points.stream().mapToDouble(share).toArray()
        };
    }

    private static void mark(
            XYPlot plot,
            ChartLook look,
            double at,
            BasicStroke stroke,
            String name,
            RectangleAnchor place) {
        if (Double.isNaN(at)) {
            return;
        }
        ValueMarker marker = new ValueMarker(at, look.muted(), stroke);
        marker.setAlpha(1);
        marker.setLabel(name);
        marker.setLabelFont(look.font());
        marker.setLabelPaint(look.muted());
        marker.setLabelBackgroundColor(new Color(0, true));
        marker.setLabelAnchor(place);
        marker.setLabelTextAnchor(TextAnchor.BOTTOM_RIGHT);
        plot.addDomainMarker(marker);
    }

    /** The name of a line, below it. */
    private void label(
            XYPlot plot,
            ChartLook look,
            String name,
            ToDoubleFunction<CoverageProfile.Point> share,
            Color color,
            double along) {
        if (points.isEmpty()) {
            return;
        }
        CoverageProfile.Point at = points.get((int) (points.size() * along));
        XYTextAnnotation text = new XYTextAnnotation(name, at.threshold(), share.applyAsDouble(at));
        text.setFont(look.font());
        text.setPaint(color);
        text.setTextAnchor(TextAnchor.TOP_LEFT);
        plot.addAnnotation(text);
    }
}
