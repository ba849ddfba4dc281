package org.headlight.viz.control.profile;

import javafx.beans.Observable;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyIntegerProperty;
import javafx.beans.property.ReadOnlyIntegerWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.scene.AccessibleRole;
import javafx.scene.input.MouseButton;

import org.headlight.viz.chart.ChartLook;
import org.headlight.viz.chart.ChartPane;
import org.jfree.chart.JFreeChart;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.IntConsumer;

/**
 * A number for each token of a text as bars, with named levels across, such as thresholds, and a
 * cursor that is linked with other views. Long texts are thinned by maximum, so that no peak is
 * lost.
 */
public final class LevelChart extends ChartPane {
    /** No position. */
    public static final int NONE = -1;

    private final LevelPlot plot;
    private final ObjectProperty<float @Nullable []> values =
            new SimpleObjectProperty<>(this, "values");
    private final ObservableList<Level> levels = FXCollections.observableArrayList();
    private final IntegerProperty marked = new SimpleIntegerProperty(this, "marked", NONE);
    private final ReadOnlyIntegerWrapper hovered =
            new ReadOnlyIntegerWrapper(this, "hovered", NONE);
    private final BooleanProperty logarithmic = new SimpleBooleanProperty(this, "logarithmic");
    private IntConsumer onPick = position -> {};

    /**
     * A line across.
     *
     * @param name what it is, such as "epsilon"
     * @param value where it lies
     */
    public record Level(String name, double value) {}

    /**
     * An empty chart.
     *
     * @param positions what the positions are, such as "key position"
     * @param quantity what the values are, such as "received mass"
     */
    public LevelChart(String positions, String quantity) {
        super("profile-canvas");
        plot = new LevelPlot(positions, quantity);
        setAccessibleRole(AccessibleRole.IMAGE_VIEW);
        setAccessibleText(quantity + " by " + positions);
        setMinHeight(72);
        for (Observable o : List.of(values, levels, marked, hovered, logarithmic)) {
            o.addListener(changed -> repaint());
        }
        setOnMouseMoved(e -> hovered.set(positionAt(e.getX())));
        setOnMouseExited(e -> hovered.set(NONE));
        setOnMouseClicked(e -> {
            int at = positionAt(e.getX());
            if (e.getButton() == MouseButton.PRIMARY && at >= 0) {
                onPick.accept(at);
            }
        });
    }

    /** The numbers, one a token; null for none. */
    public ObjectProperty<float @Nullable []> valuesProperty() {
        return values;
    }

    /** The lines across. */
    public ObservableList<Level> levels() {
        return levels;
    }

    /** The position that the cursor marks: set by whoever links the views. */
    public IntegerProperty markedProperty() {
        return marked;
    }

    /** The position under the pointer, or {@link #NONE}. */
    public ReadOnlyIntegerProperty hoveredProperty() {
        return hovered.getReadOnlyProperty();
    }

    /** Whether the axis of the values is logarithmic. */
    public BooleanProperty logarithmicProperty() {
        return logarithmic;
    }

    /** What happens when a position is clicked. */
    public void setOnPick(IntConsumer action) {
        onPick = action;
    }

    private int positionAt(double x) {
        float[] now = values.get();
        double along = (x - ProfilePlot.LEFT) / ProfilePlot.columns(getWidth());
        if (now == null || along < 0 || along >= 1) {
            return NONE;
        }
        return (int) Math.min(along * now.length, now.length - 1.0);
    }

    @Override
    protected JFreeChart chart(ChartLook look, int width, int height) {
        return plot.chart(
                look,
                values.get(),
                List.copyOf(levels),
                logarithmic.get(),
                new int[] {marked.get(), hovered.get()},
                ProfilePlot.columns(width));
    }
}
