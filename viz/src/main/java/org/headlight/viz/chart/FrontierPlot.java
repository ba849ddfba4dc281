package org.headlight.viz.chart;

import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.AxisSpace;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.Range;
import org.jfree.data.xy.DefaultXYDataset;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What policies cost against what they lose: a point for each setting, settings of one policy
 * joined by a thin line, the points that no other beats joined by a strong one. Methods are filled,
 * surrogates hollow, upper bounds small, hollow and grey. Each policy is named beside its points.
 */
public final class FrontierPlot implements FigureChart {
    static final int LEFT = 56;
    static final int RIGHT = 24;
    static final int TOP = 24;
    static final int BOTTOM = 40;
    private static final double MARGIN = 0.06;
    private static final BasicStroke THIN = new BasicStroke(1);
    private static final BasicStroke HOLLOW = new BasicStroke(1.6f);
    private static final BasicStroke FRONT =
            new BasicStroke(2.2f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);

    /** What a point may be taken for. */
    public enum Kind {
        METHOD,
        SURROGATE,
        ORACLE
    }

    /**
     * A policy with a setting.
     *
     * @param policy its name
     * @param x what it costs; NaN for a point without a place
     * @param y what it loses; NaN likewise
     * @param best whether no other point beats it
     */
    public record Dot(String policy, double x, double y, Kind kind, boolean best) {
        boolean placed() {
            return Double.isFinite(x) && Double.isFinite(y);
        }
    }

    /**
     * An axis.
     *
     * @param name what the numbers are, with their unit
     * @param log whether it is logarithmic; what is not positive then stands at its lower end
     */
    public record Measure(String name, boolean log) {}

    private final List<Dot> dots;
    private final Measure across;
    private final Measure up;
    private final Places xs;
    private final Places ys;

    /** A plot of the points that have a place. */
    public FrontierPlot(List<Dot> dots, Measure across, Measure up) {
        this.dots = dots.stream().filter(Dot::placed).toList();
        this.across = across;
        this.up = up;
        this.xs = Places.of(this.dots.stream().mapToDouble(Dot::x).toArray(), across.log());
        this.ys = Places.of(this.dots.stream().mapToDouble(Dot::y).toArray(), up.log());
    }

    /**
     * Places along an axis.
     *
     * @param range from end to end, with room for whole marks
     * @param zero where what is not positive stands on a logarithmic axis
     */
    private record Places(Range range, double zero) {

        static Places of(double[] values, boolean log) {
            boolean zeros = false;
            double low = Double.POSITIVE_INFINITY;
            double high = Double.NEGATIVE_INFINITY;
            for (double value : values) {
                if (!log || value > 0) {
                    double place = log ? Math.log10(value) : value;
                    low = Math.min(low, place);
                    high = Math.max(high, place);
                } else {
                    zeros = true;
                }
            }
            if (low > high) {
                return log ? new Places(new Range(-3, 0), -2.8) : new Places(new Range(0, 1), 0);
            }
            double room =
                    high > low ? (high - low) * MARGIN : Math.max(0.05, Math.abs(high) * MARGIN);
            boolean near = !log && low >= 0 && low <= high / 2;
            double below = near ? -room / 2 : low - (zeros ? 2 * room : room);
            return new Places(new Range(below, high + room), low - room);
        }

        double at(double value, boolean log) {
            if (!log) {
                return value;
            }
            return value > 0 ? Math.log10(value) : zero;
        }

        /** The share of the axis before a value. */
        double share(double value, boolean log) {
            return (at(value, log) - range.getLowerBound()) / range.getLength();
        }
    }

    /** The points that are drawn. */
    public List<Dot> dots() {
        return dots;
    }

    /**
     * Where a point stands in a chart of a size, in units of the window.
     *
     * @return x and y
     */
    public double[] place(Dot dot, double width, double height) {
        double x = xs.share(dot.x(), across.log());
        double y = ys.share(dot.y(), up.log());
        return new double[] {
            LEFT + x * (width - LEFT - RIGHT), height - BOTTOM - y * (height - TOP - BOTTOM)
        };
    }

    @Override
    public JFreeChart chart(ChartLook look, int width, int height) {
        DefaultXYDataset data = new DefaultXYDataset();
        XYLineAndShapeRenderer lines = new XYLineAndShapeRenderer(true, true);
        lines.setDefaultCreateEntities(false, false);
        lines.setUseFillPaint(true);
        lines.setDrawSeriesLineAsPath(true);
        List<String> policies = policies();
        for (int i = 0; i < policies.size(); i++) {
            add(data, lines, policies.get(i), i, look);
        }
        front(data, lines, look);
        XYPlot plot =
                new XYPlot(
                        data,
                        new FrontierAxis(across.name(), across.log(), xs.range()),
                        new FrontierAxis(up.name(), up.log(), ys.range()),
                        lines);
        AxisSpace space = new AxisSpace();
        space.setLeft(LEFT);
        space.setRight(RIGHT);
        space.setTop(TOP);
        space.setBottom(BOTTOM);
        plot.setFixedDomainAxisSpace(space, false);
        plot.setFixedRangeAxisSpace(space, false);
        JFreeChart chart = ChartLook.plain(plot);
        plot.setDomainGridlinesVisible(true);
        plot.setDomainGridlineStroke(THIN);
        look.dress(plot);
        names(width, height, look)
                .forEach((name, label) ->
                        plot.addAnnotation(
                                label.annotation(
                                        name, color(policies.indexOf(name), name, look), look)));
        return chart;
    }

    private List<String> policies() {
        Set<String> names = new LinkedHashSet<>();
        dots.forEach(dot -> names.add(dot.policy()));
        return List.copyOf(names);
    }

    private Kind kind(String policy) {
        return dots.stream()
                .filter(d -> d.policy().equals(policy))
                .findFirst()
                .map(Dot::kind)
                .orElse(Kind.METHOD);
    }

    private Color color(int index, String policy, ChartLook look) {
        return kind(policy) == Kind.ORACLE ? look.muted() : PointMarks.color(index);
    }

    private void add(
            DefaultXYDataset data,
            XYLineAndShapeRenderer lines,
            String policy,
            int index,
            ChartLook look) {
        List<Dot> own =
                dots.stream()
                        .filter(d -> d.policy().equals(policy))
                        .sorted(Comparator.comparingDouble(Dot::x))
                        .toList();
        Color color = color(index, policy, look);
        Kind kind = kind(policy);
        Shape shape = PointMarks.shape(index);
        if (kind == Kind.ORACLE) {
            shape = AffineTransform.getScaleInstance(0.8, 0.8).createTransformedShape(shape);
        }
        int thread = data.getSeriesCount();
        data.addSeries(policy + " line", places(own));
        lines.setSeriesShapesVisible(thread, false);
        lines.setSeriesPaint(
                thread, new Color(color.getRed(), color.getGreen(), color.getBlue(), 90));
        lines.setSeriesStroke(thread, THIN);
        int points = data.getSeriesCount();
        data.addSeries(policy, places(own));
        lines.setSeriesLinesVisible(points, false);
        lines.setSeriesShape(points, shape);
        lines.setSeriesPaint(points, color);
        lines.setSeriesFillPaint(points, color);
        lines.setSeriesShapesFilled(points, kind == Kind.METHOD);
        lines.setSeriesOutlineStroke(points, HOLLOW);
        lines.setSeriesStroke(points, HOLLOW);
    }

    private void front(DefaultXYDataset data, XYLineAndShapeRenderer lines, ChartLook look) {
        List<Dot> best =
                dots.stream()
                        .filter(Dot::best)
                        .sorted(
                                Comparator.comparingDouble(Dot::x)
                                        .thenComparing(
                                                Comparator.comparingDouble(Dot::y).reversed()))
                        .toList();
        int series = data.getSeriesCount();
        data.addSeries("front", places(best));
        lines.setSeriesPaint(series, look.ink());
        lines.setSeriesStroke(series, FRONT);
        lines.setSeriesShape(series, new Ellipse2D.Double(-7, -7, 14, 14));
        lines.setSeriesShapesFilled(series, false);
        lines.setSeriesOutlineStroke(series, THIN);
    }

    private double[][] places(List<Dot> some) {
        return new double[][] {
            some.stream().mapToDouble(d -> xs.at(d.x(), across.log())).toArray(),
            some.stream().mapToDouble(d -> ys.at(d.y(), up.log())).toArray()
        };
    }

    /** Where each policy's name stands. */
    private Map<String, FrontierLabel> names(int width, int height, ChartLook look) {
        double size = look.font().getSize2D();
        FrontierLabels labels = new FrontierLabels(width, height, size);
        dots.forEach(dot -> labels.avoid(place(dot, width, height)));
        Map<String, FrontierLabel> names = new LinkedHashMap<>();
        for (String policy : policies()) {
            List<double[]> anchors = new ArrayList<>();
            dots.stream()
                    .filter(d -> d.policy().equals(policy))
                    .sorted(Comparator.comparing(Dot::best).reversed().thenComparingDouble(Dot::y))
                    .forEach(d -> anchors.add(place(d, width, height)));
            FrontierLabel label = labels.place(policy, anchors);
            names.put(policy, label.in(xs.range(), ys.range(), width, height));
        }
        return names;
    }
}
