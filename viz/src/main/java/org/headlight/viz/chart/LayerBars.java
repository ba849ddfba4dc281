package org.headlight.viz.chart;

import javafx.geometry.NodeOrientation;
import javafx.scene.AccessibleRole;

import org.headlight.viz.raster.NumberText;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.annotations.XYTextAnnotation;
import org.jfree.chart.axis.AxisSpace;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.StandardXYBarPainter;
import org.jfree.chart.renderer.xy.XYBarRenderer;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.xy.DefaultIntervalXYDataset;

import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;

/** A number of every layer as bars from zero, of one kind or of several kinds beside each other. */
public final class LayerBars extends ChartPane {
    private static final double WIDTH = 0.8;
    private static final double NAMED = 44;
    private static final int LEFT = 44;
    private static final int RIGHT = 8;

    private List<Kind> kinds = List.of();
    private String name = "";

    /**
     * Bars of one kind.
     *
     * @param name such as "prefill"
     * @param values by layer; NaN for none
     */
    public record Kind(String name, List<Double> values) {
        public Kind {
            values = List.copyOf(values);
        }
    }

    public LayerBars() {
        super("layer-bars");
        setAccessibleRole(AccessibleRole.IMAGE_VIEW);
        setNodeOrientation(NodeOrientation.LEFT_TO_RIGHT);
        setMinSize(140, 90);
    }

    /** Shows bars under a name, such as "output error". */
    public void show(List<Kind> newKinds, String newName) {
        kinds = List.copyOf(newKinds);
        name = newName;
        StringBuilder words = new StringBuilder(newName).append(" by layer");
        for (Kind kind : kinds) {
            words.append(", ").append(kind.name).append(':');
            for (double value : kind.values) {
                words.append(' ').append(Double.isNaN(value) ? "none" : NumberText.plain(value));
            }
        }
        setAccessibleText(words.toString());
        repaint();
    }

    @Override
    protected JFreeChart chart(ChartLook look, int width, int height) {
        int layers = kinds.stream().mapToInt(kind -> kind.values.size()).max().orElse(1);
        NumberAxis across = new NumberAxis("layer");
        across.setRange(-0.5, Math.max(1, layers) - 0.5);
        across.setTickUnit(new NumberTickUnit(Math.max(1, Math.ceilDiv(layers * 22, width))));
        across.setTickMarksVisible(false);
        LevelAxis up = new LevelAxis(name);
        double most = largest();
        up.setRange(0, most > 0 ? most * 1.3 : 1);
        XYBarRenderer bars = new XYBarRenderer();
        bars.setBarPainter(new StandardXYBarPainter());
        bars.setShadowVisible(false);
        bars.setDrawBarOutline(false);
        bars.setDefaultCreateEntities(false, false);
        DefaultIntervalXYDataset data = new DefaultIntervalXYDataset();
        double each = WIDTH / Math.max(1, kinds.size());
        for (int i = 0; i < kinds.size(); i++) {
            data.addSeries(kinds.get(i).name, series(kinds.get(i), i * each - WIDTH / 2, each));
            bars.setSeriesPaint(i, color(i, look));
        }
        XYPlot plot = new XYPlot(data, across, up, bars);
        AxisSpace space = new AxisSpace();
        space.setLeft(LEFT);
        space.setRight(RIGHT);
        space.setTop(20);
        space.setBottom(34);
        plot.setFixedDomainAxisSpace(space, false);
        plot.setFixedRangeAxisSpace(space, false);
        JFreeChart chart = ChartLook.plain(plot);
        look.dress(plot);
        if (kinds.size() > 1) {
            chart.addSubtitle(new KindLegend(names(look), look, LEFT));
        }
        if (width - LEFT - RIGHT > layers * NAMED * kinds.size()) {
            numbers(plot, look, each);
        }
        return chart;
    }

    private List<KindLegend.Entry> names(ChartLook look) {
        List<KindLegend.Entry> names = new ArrayList<>();
        for (Kind kind : kinds) {
            Color color = color(names.size(), look);
            names.add(new KindLegend.Entry(kind.name, new Rectangle2D.Double(-4, -4, 8, 8), color));
        }
        return names;
    }

    private static Color color(int kind, ChartLook look) {
        return kind == 0 ? look.accent() : fainter(look.ink());
    }

    private static Color fainter(Color ink) {
        return new Color(ink.getRed(), ink.getGreen(), ink.getBlue(), 150);
    }

    private double largest() {
        double most = 0;
        for (Kind kind : kinds) {
            for (double value : kind.values) {
                most = value > most ? value : most;
            }
        }
        return most;
    }

    private static double[][] series(Kind kind, double from, double each) {
        int count = kind.values.size();
        double[][] all = new double[6][count];
        for (int i = 0; i < count; i++) {
            double value = kind.values.get(i);
            all[0][i] = i + from + each / 2;
            all[1][i] = i + from;
            all[2][i] = i + from + each * 0.92;
            all[3][i] = Double.isNaN(value) ? 0 : value;
            all[5][i] = all[3][i];
        }
        return all;
    }

    /** The number of each bar, above it. */
    private void numbers(XYPlot plot, ChartLook look, double each) {
        for (int k = 0; k < kinds.size(); k++) {
            List<Double> values = kinds.get(k).values;
            for (int i = 0; i < values.size(); i++) {
                double value = values.get(i);
                if (Double.isNaN(value)) {
                    continue;
                }
                XYTextAnnotation text =
                        new XYTextAnnotation(
                                NumberText.plain(value), i - WIDTH / 2 + (k + 0.46) * each, value);
                text.setFont(look.font());
                text.setPaint(look.muted());
                text.setTextAnchor(TextAnchor.BOTTOM_CENTER);
                plot.addAnnotation(text);
            }
        }
    }
}
