package org.headlight.viz.chart;

import javafx.beans.property.IntegerProperty;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableSet;
import javafx.collections.SetChangeListener;
import javafx.geometry.NodeOrientation;
import javafx.scene.AccessibleRole;
import javafx.scene.Cursor;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseEvent;

import org.headlight.viz.raster.NumberText;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.annotations.XYTextAnnotation;
import org.jfree.chart.axis.AxisSpace;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.Range;
import org.jfree.data.xy.DefaultXYDataset;

import java.awt.Color;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Things as points over two numbers, brushed with a rectangle: dragging marks the points inside, a
 * click on a point chooses it, a click beside all ends the marking. With the keyboard: left and
 * right go through the points from left to right, Enter chooses, Space marks, Escape ends the
 * marking.
 */
public final class ScatterChart extends ChartPane {
    /** No point. */
    public static final int NONE = -1;

    private static final int LEFT = 48;
    private static final int RIGHT = 14;
    private static final int TOP = 20;
    private static final int BOTTOM = 36;
    private static final double NEAR = 9;
    private static final double DRAGGED = 4;
    private static final double MARGIN = 0.06;

    private final ObservableSet<Integer> marked = FXCollections.observableSet();
    private final IntegerProperty chosen = new SimpleIntegerProperty(this, "chosen", NONE);
    private final IntegerProperty hovered = new SimpleIntegerProperty(this, "hovered", NONE);
    private List<ScatterPoint> points = List.of();
    private List<String> kinds = List.of();
    private String xName = "";
    private String yName = "";
    private Range across = new Range(0, 1);
    private Range up = new Range(0, 1);
    private double pressX;
    private double pressY;
    private double dragX;
    private double dragY;
    private boolean dragging;

    public ScatterChart() {
        super("scatter-chart");
        setAccessibleRole(AccessibleRole.LIST_VIEW);
        setNodeOrientation(NodeOrientation.LEFT_TO_RIGHT);
        setMinSize(180, 120);
        setFocusTraversable(true);
        setCursor(Cursor.CROSSHAIR);
        marked.addListener((SetChangeListener<Integer>) change -> repaint());
        chosen.addListener((property, old, now) -> repaint());
        hovered.addListener((property, old, now) -> repaint());
        setOnMouseMoved(e -> hovered.set(nearest(e.getX(), e.getY())));
        setOnMouseExited(e -> hovered.set(NONE));
        setOnMousePressed(this::press);
        setOnMouseDragged(this::drag);
        setOnMouseReleased(this::release);
        setOnKeyPressed(this::key);
    }

    /**
     * Shows points; marks and choice stay, by their places in the list.
     *
     * @param newKinds what the kinds are called, for a legend of those that there are; empty for
     *     none
     */
    public void show(
            List<ScatterPoint> newPoints, List<String> newKinds, String newXName, String newYName) {
        points = List.copyOf(newPoints);
        kinds = List.copyOf(newKinds);
        xName = newXName;
        yName = newYName;
        across = range(points.stream().filter(ScatterPoint::placed).map(ScatterPoint::x).toList());
        up = range(points.stream().filter(ScatterPoint::placed).map(ScatterPoint::y).toList());
        setAccessibleText(points.size() + " heads over " + xName + " and " + yName);
        repaint();
    }

    private static Range range(List<Double> values) {
        double low = values.stream().mapToDouble(v -> v).min().orElse(0);
        double high = values.stream().mapToDouble(v -> v).max().orElse(1);
        double room = high > low ? (high - low) * MARGIN : Math.max(0.5, Math.abs(high) * MARGIN);
        // A number that is never negative keeps its zero at the edge.
        double from = low >= 0 && low - room < 0 ? Math.min(0, low) - room / 3 : low - room;
        return new Range(from, high + room);
    }

    /** The marked points, by their places in the list; the application may change them too. */
    public ObservableSet<Integer> marked() {
        return marked;
    }

    /** The chosen point, or {@link #NONE}. */
    public IntegerProperty chosenProperty() {
        return chosen;
    }

    /** The point under the pointer, or {@link #NONE}. */
    public IntegerProperty hoveredProperty() {
        return hovered;
    }

    private double xOf(double value) {
        double share = (value - across.getLowerBound()) / across.getLength();
        return LEFT + share * (getWidth() - LEFT - RIGHT);
    }

    private double yOf(double value) {
        double share = (value - up.getLowerBound()) / up.getLength();
        double top = TOP + KindLegend.height(legend(), (int) getWidth(), LEFT);
        return getHeight() - BOTTOM - share * (getHeight() - top - BOTTOM);
    }

    /** The kinds that there are. */
    private List<KindLegend.Entry> legend() {
        return points.stream()
                .filter(ScatterPoint::placed)
                .map(ScatterPoint::kind)
                .filter(kind -> kind < kinds.size())
                .distinct()
                .sorted()
                .map(kind ->
                        new KindLegend.Entry(
                                kinds.get(kind), PointMarks.shape(kind), PointMarks.color(kind)))
                .toList();
    }

    private int nearest(double x, double y) {
        int best = NONE;
        double least = NEAR;
        for (int i = 0; i < points.size(); i++) {
            ScatterPoint p = points.get(i);
            double away = p.placed() ? Math.hypot(xOf(p.x()) - x, yOf(p.y()) - y) : NEAR;
            if (away < least) {
                best = i;
                least = away;
            }
        }
        return best;
    }

    private void press(MouseEvent event) {
        requestFocus();
        pressX = event.getX();
        pressY = event.getY();
        dragging = false;
    }

    private void drag(MouseEvent event) {
        dragX = event.getX();
        dragY = event.getY();
        dragging |= Math.hypot(dragX - pressX, dragY - pressY) > DRAGGED;
        repaint();
    }

    private void release(MouseEvent event) {
        if (dragging) {
            dragging = false;
            mark(inside(pressX, pressY, event.getX(), event.getY()));
            repaint();
            return;
        }
        int point = nearest(event.getX(), event.getY());
        if (point == NONE) {
            mark(Set.of());
        } else {
            chosen.set(point);
        }
    }

    private Set<Integer> inside(double x0, double y0, double x1, double y1) {
        Set<Integer> found = new HashSet<>();
        for (int i = 0; i < points.size(); i++) {
            ScatterPoint p = points.get(i);
            double x = p.placed() ? xOf(p.x()) : Double.NaN;
            double y = p.placed() ? yOf(p.y()) : Double.NaN;
            boolean in =
                    x >= Math.min(x0, x1)
                            && x <= Math.max(x0, x1)
                            && y >= Math.min(y0, y1)
                            && y <= Math.max(y0, y1);
            if (in) {
                found.add(i);
            }
        }
        return found;
    }

    private void mark(Set<Integer> now) {
        marked.retainAll(now);
        marked.addAll(now);
    }

    private void key(KeyEvent event) {
        KeyCode code = event.getCode();
        int now = hovered.get() == NONE ? chosen.get() : hovered.get();
        switch (code) {
            case LEFT -> hovered.set(next(now, -1));
            case RIGHT -> hovered.set(next(now, 1));
            case ENTER -> chosen.set(now);
            case SPACE -> toggle(now);
            case ESCAPE -> mark(Set.of());
            default -> {
                return;
            }
        }
        event.consume();
    }

    private void toggle(int point) {
        if (point != NONE && !marked.remove(point)) {
            marked.add(point);
        }
    }

    /** The next point from left to right. */
    private int next(int now, int step) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < points.size(); i++) {
            if (points.get(i).placed()) {
                order.add(i);
            }
        }
        order.sort((a, b) -> Double.compare(points.get(a).x(), points.get(b).x()));
        if (order.isEmpty()) {
            return NONE;
        }
        int at = order.indexOf(now);
        return order.get(at < 0 ? 0 : Math.clamp(at + step, 0, order.size() - 1));
    }

    @Override
    protected JFreeChart chart(ChartLook look, int width, int height) {
        DefaultXYDataset data = new DefaultXYDataset();
        XYLineAndShapeRenderer shapes = new XYLineAndShapeRenderer(false, true);
        shapes.setDefaultCreateEntities(false, false);
        int series = 0;
        for (boolean strong : new boolean[] {false, true}) {
            for (int kind = 0; kind < PointMarks.kinds(); kind++) {
                List<ScatterPoint> some = some(kind, strong);
                if (some.isEmpty()) {
                    continue;
                }
                data.addSeries(kind + (strong ? " marked" : ""), values(some));
                Color color = PointMarks.color(kind);
                boolean faint = !strong && !marked.isEmpty();
                int alpha = faint ? 70 : 255;
                Color paint = new Color(color.getRed(), color.getGreen(), color.getBlue(), alpha);
                shapes.setSeriesShape(series, PointMarks.shape(kind));
                shapes.setSeriesPaint(series, paint);
                shapes.setSeriesShapesFilled(series, true);
                series++;
            }
        }
        NumberAxis x = axis(xName, across);
        NumberAxis y = new LevelAxis(yName);
        y.setRange(up);
        XYPlot plot = new XYPlot(data, x, y, shapes);
        AxisSpace space = new AxisSpace();
        space.setLeft(LEFT);
        space.setRight(RIGHT);
        space.setTop(TOP);
        space.setBottom(BOTTOM);
        plot.setFixedDomainAxisSpace(space, false);
        plot.setFixedRangeAxisSpace(space, false);
        JFreeChart chart = ChartLook.plain(plot);
        chart.addSubtitle(new KindLegend(legend(), look, LEFT));
        look.dress(plot);
        name(plot, look, chosen.get(), true);
        if (hovered.get() != chosen.get()) {
            name(plot, look, hovered.get(), false);
        }
        return chart;
    }

    private static NumberAxis axis(String name, Range range) {
        NumberAxis axis = new NumberAxis(name);
        axis.setRange(range);
        axis.setAutoRange(false);
        axis.setTickMarksVisible(false);
        return axis;
    }

    private List<ScatterPoint> some(int kind, boolean strong) {
        List<ScatterPoint> found = new ArrayList<>();
        for (int i = 0; i < points.size(); i++) {
            ScatterPoint p = points.get(i);
            if (p.placed()
                    && p.kind() % PointMarks.kinds() == kind
                    && marked.contains(i) == strong) {
                found.add(p);
            }
        }
        return found;
    }

    private static double[][] values(List<ScatterPoint> some) {
        return new double[][] {
            some.stream().mapToDouble(ScatterPoint::x).toArray(),
            some.stream().mapToDouble(ScatterPoint::y).toArray()
        };
    }

    private void name(XYPlot plot, ChartLook look, int index, boolean bold) {
        if (index < 0 || index >= points.size() || !points.get(index).placed()) {
            return;
        }
        ScatterPoint p = points.get(index);
        String words =
                bold
                        ? p.name()
                        : p.name()
                                + "  "
                                + NumberText.plain(p.x())
                                + ", "
                                + NumberText.plain(p.y());
        boolean left = xOf(p.x()) > getWidth() * 0.6;
        double shift = (left ? -8 : 8) / Math.max(1, getWidth() - LEFT - RIGHT);
        XYTextAnnotation text =
                new XYTextAnnotation(words, p.x() + shift * across.getLength(), p.y());
        text.setFont(look.font());
        text.setPaint(bold ? look.accent() : look.ink());
        text.setTextAnchor(left ? TextAnchor.CENTER_RIGHT : TextAnchor.CENTER_LEFT);
        plot.addAnnotation(text);
    }

    @Override
    protected void paintOver(GraphicsContext g, double width, double height) {
        int point = chosen.get();
        if (point >= 0 && point < points.size() && points.get(point).placed()) {
            ScatterPoint p = points.get(point);
            g.setStroke(accent());
            g.setLineWidth(2);
            g.strokeOval(xOf(p.x()) - 8, yOf(p.y()) - 8, 16, 16);
        }
        if (dragging) {
            double x = Math.min(pressX, dragX);
            double y = Math.min(pressY, dragY);
            g.setStroke(accent());
            g.setLineWidth(1);
            g.strokeRect(x, y, Math.abs(dragX - pressX), Math.abs(dragY - pressY));
        }
        g.setLineWidth(1);
    }
}
