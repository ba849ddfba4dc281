package org.headlight.viz.chart;

import javafx.beans.property.IntegerProperty;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.geometry.NodeOrientation;
import javafx.geometry.VPos;
import javafx.scene.AccessibleRole;
import javafx.scene.Cursor;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.input.KeyEvent;
import javafx.scene.text.Text;
import javafx.scene.text.TextAlignment;

import org.headlight.viz.raster.NumberText;
import org.jfree.chart.JFreeChart;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A {@link FrontierPlot} to work with: hovering names a point, a click chooses it. With the
 * keyboard: left and right go through the points from left to right, Enter chooses.
 */
public final class FrontierChart extends ChartPane {
    /** No point. */
    public static final int NONE = -1;

    private static final double NEAR = 10;

    private final IntegerProperty chosen = new SimpleIntegerProperty(this, "chosen", NONE);
    private final IntegerProperty hovered = new SimpleIntegerProperty(this, "hovered", NONE);
    private List<FrontierPlot.Dot> dots = List.of();
    private List<String> names = List.of();
    private FrontierPlot plot = plot(List.of());

    public FrontierChart() {
        super("frontier-chart");
        setAccessibleRole(AccessibleRole.LIST_VIEW);
        setNodeOrientation(NodeOrientation.LEFT_TO_RIGHT);
        setMinSize(180, 120);
        setFocusTraversable(true);
        setCursor(Cursor.CROSSHAIR);
        chosen.addListener((property, old, now) -> repaint());
        hovered.addListener((property, old, now) -> tell());
        setOnMouseMoved(e -> hovered.set(nearest(e.getX(), e.getY())));
        setOnMouseExited(e -> hovered.set(NONE));
        setOnMouseClicked(e -> {
            requestFocus();
            int point = nearest(e.getX(), e.getY());
            if (point != NONE) {
                chosen.set(point);
            }
        });
        setOnKeyPressed(this::key);
    }

    private static FrontierPlot plot(List<FrontierPlot.Dot> dots) {
        return new FrontierPlot(
                dots, new FrontierPlot.Measure("", false), new FrontierPlot.Measure("", false));
    }

    /**
     * Shows points.
     *
     * @param newDots one each, those without a place too
     * @param newNames what each is called when it is looked at, in the same order
     */
    public void show(
            List<FrontierPlot.Dot> newDots,
            List<String> newNames,
            FrontierPlot.Measure across,
            FrontierPlot.Measure up) {
        dots = List.copyOf(newDots);
        names = List.copyOf(newNames);
        plot = new FrontierPlot(dots, across, up);
        hovered.set(NONE);
        long best = dots.stream().filter(FrontierPlot.Dot::best).count();
        setAccessibleText(
                dots.size()
                        + " settings over "
                        + across.name()
                        + " and "
                        + up.name()
                        + ", of which no other beats "
                        + best);
        repaint();
    }

    /** The chosen point by its place in the list, or {@link #NONE}. */
    public IntegerProperty chosenProperty() {
        return chosen;
    }

    /** The point under the pointer or the keyboard's cursor, or {@link #NONE}. */
    public IntegerProperty hoveredProperty() {
        return hovered;
    }

    private void tell() {
        int now = hovered.get();
        setAccessibleHelp(now == NONE || now >= names.size() ? "" : words(now));
        repaint();
    }

    private String words(int point) {
        FrontierPlot.Dot dot = dots.get(point);
        return names.get(point)
                + "  "
                + NumberText.plain(dot.x())
                + ", "
                + NumberText.plain(dot.y());
    }

    private int nearest(double x, double y) {
        int best = NONE;
        double least = NEAR;
        for (int i = 0; i < dots.size(); i++) {
            if (dots.get(i).placed()) {
                double[] at = plot.place(dots.get(i), getWidth(), getHeight());
                double away = Math.hypot(at[0] - x, at[1] - y);
                if (away < least) {
                    best = i;
                    least = away;
                }
            }
        }
        return best;
    }

    private void key(KeyEvent event) {
        int now = hovered.get() == NONE ? chosen.get() : hovered.get();
        switch (event.getCode()) {
            case LEFT -> hovered.set(next(now, -1));
            case RIGHT -> hovered.set(next(now, 1));
            case ENTER -> chosen.set(now);
            case ESCAPE -> hovered.set(NONE);
            default -> {
                return;
            }
        }
        event.consume();
    }

    /** The next point from left to right. */
    private int next(int now, int step) {
        List<Integer> order =
                IntStream.range(0, dots.size())
                        .filter(i -> dots.get(i).placed())
                        .boxed()
                        .sorted(Comparator.comparingDouble(i -> dots.get(i).x()))
                        .toList();
        if (order.isEmpty()) {
            return NONE;
        }
        int at = order.indexOf(now);
        return order.get(at < 0 ? 0 : Math.clamp(at + step, 0, order.size() - 1));
    }

    @Override
    protected JFreeChart chart(ChartLook look, int width, int height) {
        return plot.chart(look, width, height);
    }

    @Override
    protected void paintOver(GraphicsContext g, double width, double height) {
        ring(g, chosen.get(), width, height);
        int looked = hovered.get();
        if (looked == NONE || looked >= dots.size() || !dots.get(looked).placed()) {
            return;
        }
        ring(g, looked, width, height);
        double[] at = plot.place(dots.get(looked), width, height);
        String words = words(looked);
        Text measure = new Text(words);
        measure.setFont(font());
        double wide = measure.getLayoutBounds().getWidth() + 12;
        double x = Math.clamp(at[0] + 12, 0, Math.max(0, width - wide));
        double y = at[1] > 40 ? at[1] - 30 : at[1] + 12;
        g.setFill(ground());
        g.fillRect(x, y, wide, 20);
        g.setStroke(line());
        g.setLineWidth(1);
        g.strokeRect(x + 0.5, y + 0.5, wide - 1, 19);
        g.setFill(ink());
        g.setTextAlign(TextAlignment.LEFT);
        g.setTextBaseline(VPos.CENTER);
        g.fillText(words, x + 6, y + 10);
    }

    private void ring(GraphicsContext g, int point, double width, double height) {
        if (point >= 0 && point < dots.size() && dots.get(point).placed()) {
            double[] at = plot.place(dots.get(point), width, height);
            g.setStroke(accent());
            g.setLineWidth(2);
            g.strokeOval(at[0] - 9, at[1] - 9, 18, 18);
            g.setLineWidth(1);
        }
    }
}
