package org.headlight.viz.chart;

import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ReadOnlyIntegerProperty;
import javafx.beans.property.ReadOnlyIntegerWrapper;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.scene.AccessibleRole;

import org.headlight.viz.raster.NumberText;
import org.headlight.viz.raster.Scale;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.AxisSpace;
import org.jfree.chart.plot.CombinedDomainXYPlot;
import org.jfree.chart.plot.IntervalMarker;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.ui.Layer;

import java.awt.BasicStroke;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Tracks one above the other along the positions of one text, with a cursor that is linked to
 * whatever else shows positions. A click picks a position.
 */
public final class TrackChart extends ChartPane {
    /** No position. */
    public static final int NONE = -1;

    private static final int LEFT = 44;
    private static final int RIGHT = 8;
    private static final int TOP = 18;
    private static final int BOTTOM = 30;
    private static final double GAP = 20;
    private static final BasicStroke SOLID = new BasicStroke(1);
    private static final BasicStroke DASHED =
            new BasicStroke(
                    1, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, new float[] {3, 2}, 0);

    private final String axis;
    private final IntegerProperty marked = new SimpleIntegerProperty(this, "marked", NONE);
    private final ReadOnlyIntegerWrapper hovered =
            new ReadOnlyIntegerWrapper(this, "hovered", NONE);
    private List<Track> tracks = List.of();
    private int quiet;
    private IntConsumer picked = position -> {};

    /**
     * A chart without tracks.
     *
     * @param axis what the positions are, such as "token position"
     */
    @SuppressWarnings("this-escape")
    public TrackChart(String axis) {
        super("track-chart");
        this.axis = axis;
        setAccessibleRole(AccessibleRole.IMAGE_VIEW);
        setMinSize(160, 100);
        setOnMouseMoved(event -> hovered.set(positionAt(event.getX())));
        setOnMouseExited(event -> hovered.set(NONE));
        setOnMouseClicked(event -> {
            int position = positionAt(event.getX());
            if (position != NONE) {
                picked.accept(position);
            }
        });
        marked.subscribe(position -> repaint());
        hovered.subscribe(position -> repaint());
    }

    /**
     * Shows tracks.
     *
     * @param newTracks of the same length, from the top down
     * @param newQuiet how many positions at the beginning have a quiet ground: those of a prompt
     */
    public void show(List<Track> newTracks, int newQuiet) {
        tracks = List.copyOf(newTracks);
        quiet = newQuiet;
        StringBuilder text = new StringBuilder("Chart along the text");
        for (Track track : tracks) {
            text.append(", ")
                    .append(track.name())
                    .append(" from ")
                    .append(NumberText.plain(track.least()))
                    .append(" to ")
                    .append(NumberText.plain(track.most()));
        }
        setAccessibleText(text.toString());
        repaint();
    }

    /** The position that the cursor marks: set by whoever links the charts. */
    public IntegerProperty markedProperty() {
        return marked;
    }

    /** The position under the pointer, or {@link #NONE}. */
    public ReadOnlyIntegerProperty hoveredProperty() {
        return hovered.getReadOnlyProperty();
    }

    /** What a click does with its position. */
    public void setOnPicked(IntConsumer action) {
        picked = action;
    }

    private int count() {
        return tracks.isEmpty() ? 0 : tracks.getFirst().count();
    }

    private static int columns(double width) {
        return (int) Math.max(1, Math.floor(width) - LEFT - RIGHT);
    }

    private int positionAt(double x) {
        double along = (x - LEFT) / columns(getWidth());
        return count() == 0 || along < 0 || along >= 1
                ? NONE
                : (int) Math.min(along * count(), count() - 1.0);
    }

    @Override
    protected JFreeChart chart(ChartLook look, int width, int height) {
        PositionAxis positions = new PositionAxis(axis);
        positions.setCount(Math.max(1, count()));
        positions.setTickLabelsVisible(count() > 0);
        CombinedDomainXYPlot all = new CombinedDomainXYPlot(positions);
        all.setGap(GAP);
        AxisSpace vertical = new AxisSpace();
        vertical.setTop(TOP);
        vertical.setBottom(BOTTOM);
        all.setFixedDomainAxisSpace(vertical, false);
        for (Track track : tracks) {
            all.add(plot(track, look, positions, columns(width)), track.weight());
        }
        JFreeChart chart = ChartLook.plain(all);
        look.dress(all);
        return chart;
    }

    private XYPlot plot(Track track, ChartLook look, PositionAxis positions, int columns) {
        ScaleAxis values = new ScaleAxis(track.name());
        values.setScale(scale(track));
        XYPlot plot =
                new XYPlot(
                        new TrackLine(track, columns),
                        null,
                        values,
                        new TrackRenderer(track, look));
        AxisSpace sides = new AxisSpace();
        sides.setLeft(LEFT);
        sides.setRight(RIGHT);
        plot.setFixedRangeAxisSpace(sides, false);
        ChartLook.plain(plot);
        look.dress(plot);
        if (quiet > 0) {
            plot.addDomainMarker(
                    0,
                    new IntervalMarker(0, quiet, look.ground(), SOLID, null, null, 1),
                    Layer.BACKGROUND,
                    false);
        }
        cursor(plot, marked.get(), DASHED, look, positions, columns);
        cursor(plot, hovered.get(), SOLID, look, positions, columns);
        return plot;
    }

    private void cursor(
            XYPlot plot,
            int position,
            BasicStroke stroke,
            ChartLook look,
            PositionAxis positions,
            int columns) {
        if (position >= 0 && position < count()) {
            ValueMarker marker =
                    new ValueMarker(positions.middle(position, columns), look.ink(), stroke);
            marker.setAlpha(1);
            plot.addDomainMarker(0, marker, Layer.FOREGROUND, false);
        }
    }

    private static Scale scale(Track track) {
        double low = Math.min(0, track.least());
        double high = track.end();
        if (track.steps()) {
            low = track.least();
        }
        double room = high > low ? (high - low) * 0.06 : 1;
        return new Scale(Scale.Kind.LINEAR, (float) low, (float) (high + room));
    }
}
