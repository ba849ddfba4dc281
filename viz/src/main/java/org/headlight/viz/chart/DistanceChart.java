package org.headlight.viz.chart;

import javafx.geometry.NodeOrientation;
import javafx.scene.AccessibleRole;

import org.headlight.analysis.heads.OffsetProfile;
import org.headlight.viz.raster.NumberText;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.AxisSpace;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.DefaultXYDataset;

import java.awt.BasicStroke;
import java.util.ArrayList;
import java.util.List;

/**
 * How far a head looks: its share of attention by distance back, on logarithmic classes, next to
 * the share of a head that spreads every row evenly.
 */
public final class DistanceChart extends ChartPane {
    private static final int LEFT = 40;
    private static final int RIGHT = 10;
    private static final int TOP = 20;
    private static final int BOTTOM = 36;
    private static final BasicStroke LINE = new BasicStroke(2);
    private static final BasicStroke DASHED =
            new BasicStroke(
                    1.5f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, new float[] {5, 3}, 0);

    private List<OffsetProfile.Range> ranges = List.of();

    public DistanceChart() {
        super("distance-chart");
        setAccessibleRole(AccessibleRole.IMAGE_VIEW);
        setNodeOrientation(NodeOrientation.LEFT_TO_RIGHT);
        setMinSize(160, 100);
    }

    /** Shows a profile; nothing for an empty list. */
    public void show(List<OffsetProfile.Range> newRanges) {
        ranges = List.copyOf(newRanges);
        OffsetProfile.Range most = null;
        for (OffsetProfile.Range range : ranges) {
            most = most == null || range.share() > most.share() ? range : most;
        }
        setAccessibleText(
                most == null
                        ? "Attention by distance"
                        : "Attention by distance: most, "
                                + NumberText.probability(most.share())
                                + ", at "
                                + most.from()
                                + " to "
                                + most.to()
                                + " tokens back");
        repaint();
    }

    /** Where a distance stands: 0, 1, then equal steps for every doubling. */
    private static double place(double distance) {
        return Math.log(1 + distance) / Math.log(2);
    }

    @Override
    protected JFreeChart chart(ChartLook look, int width, int height) {
        DefaultXYDataset data = new DefaultXYDataset();
        data.addSeries("share", values(true));
        data.addSeries("even", values(false));
        XYLineAndShapeRenderer lines = new XYLineAndShapeRenderer(true, false);
        lines.setDefaultCreateEntities(false, false);
        lines.setSeriesPaint(0, look.accent());
        lines.setSeriesStroke(0, LINE);
        lines.setSeriesPaint(1, look.muted());
        lines.setSeriesStroke(1, DASHED);
        DoublingAxis distances = new DoublingAxis("tokens back");
        double last = ranges.isEmpty() ? 1 : ranges.getLast().to();
        distances.setRange(0, Math.max(1, place(last)));
        NumberAxis shares = new LevelAxis("share of attention; dashed: spread evenly");
        double most = 0.01;
        for (OffsetProfile.Range range : ranges) {
            most = Math.max(most, Math.max(range.share(), range.expected()));
        }
        shares.setRange(0, most * 1.08);
        XYPlot plot = new XYPlot(data, distances, shares, lines);
        AxisSpace space = new AxisSpace();
        space.setLeft(LEFT);
        space.setRight(RIGHT);
        space.setTop(TOP);
        space.setBottom(BOTTOM);
        plot.setFixedDomainAxisSpace(space, false);
        plot.setFixedRangeAxisSpace(space, false);
        JFreeChart chart = ChartLook.plain(plot);
        look.dress(plot);
        return chart;
    }

    private double[][] values(boolean observed) {
        List<double[]> points = new ArrayList<>();
        for (OffsetProfile.Range range : ranges) {
            double middle = (place(range.from()) + place(range.to())) / 2;
            points.add(new double[] {middle, observed ? range.share() : range.expected()});
        }
        double[][] series = new double[2][points.size()];
        for (int i = 0; i < points.size(); i++) {
            series[0][i] = points.get(i)[0];
            series[1][i] = points.get(i)[1];
        }
        return series;
    }
}
