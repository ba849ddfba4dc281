package org.headlight.viz.control.bar;

import javafx.beans.binding.Bindings;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.DoubleProperty;
import javafx.beans.property.FloatProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleDoubleProperty;
import javafx.beans.property.SimpleFloatProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Control;
import javafx.scene.control.Skin;

import org.headlight.viz.raster.ColorMap;
import org.headlight.viz.raster.Pooling;
import org.headlight.viz.raster.Scale;

/**
 * What the colours of a map mean, upright: a gradient with numbers, arrows where values are
 * clipped. Two handles edit the range, by the mouse or, focused, by the arrow keys; Home asks for
 * the usual range. {@link #meaningProperty} says the rest in words, to be shown nearby.
 */
public final class ColorBar extends Control {
    private final ObjectProperty<ColorMap> colorMap =
            new SimpleObjectProperty<>(this, "colorMap", ColorMap.VIRIDIS);
    private final ObjectProperty<Scale> scale =
            new SimpleObjectProperty<>(this, "scale", new Scale(Scale.Kind.LOG, 1e-4f, 1));
    private final ObjectProperty<Pooling> pooling =
            new SimpleObjectProperty<>(this, "pooling", Pooling.MAX);
    private final FloatProperty smallest = new SimpleFloatProperty(this, "smallest", 1e-4f);
    private final FloatProperty largest = new SimpleFloatProperty(this, "largest", 1);
    private final BooleanProperty sinkDropped = new SimpleBooleanProperty(this, "sinkDropped");
    private final DoubleProperty droppedMass = new SimpleDoubleProperty(this, "droppedMass");
    private final BooleanProperty signed = new SimpleBooleanProperty(this, "signed");
    private final BooleanProperty dark = new SimpleBooleanProperty(this, "dark");
    private final ReadOnlyBooleanWrapper dragging = new ReadOnlyBooleanWrapper(this, "dragging");
    private final ReadOnlyStringWrapper meaning = new ReadOnlyStringWrapper(this, "meaning", "");
    private Runnable onReset = () -> {};

    public ColorBar() {
        getStyleClass().add("color-bar");
        setAccessibleRole(AccessibleRole.IMAGE_VIEW);
        meaning.bind(
                Bindings.createStringBinding(
                        this::words, scale, pooling, signed, sinkDropped, droppedMass));
    }

    private String words() {
        String kind =
                switch (scale.get().kind()) {
                    case LINEAR -> "linear scale";
                    case LOG -> "log scale";
                    case PERCENTILE -> "linear between percentiles";
                };
        String cells = pooling.get() == Pooling.MAX ? "largest cell" : "mean";
        String what = signed.get() ? "difference of attention weights, " : "attention weight, ";
        String text = what + kind + ", " + cells + " of each pixel";
        return sinkDropped.get()
                ? text
                        + ", sink dropped, "
                        + Math.round(droppedMass.get() * 100)
                        + " % of mass hidden"
                : text;
    }

    @Override
    protected Skin<?> createDefaultSkin() {
        return new ColorBarSkin(this);
    }

    public ObjectProperty<ColorMap> colorMapProperty() {
        return colorMap;
    }

    /** Whether values have signs: then colours diverge from zero, whatever the colour map is. */
    public BooleanProperty signedProperty() {
        return signed;
    }

    /** Whether the colours are those of a dark window. */
    public BooleanProperty darkProperty() {
        return dark;
    }

    /** The scale shown; the handles write it. */
    public ObjectProperty<Scale> scaleProperty() {
        return scale;
    }

    public ObjectProperty<Pooling> poolingProperty() {
        return pooling;
    }

    /** The smallest visible positive value of the map: an arrow shows when it is clipped. */
    public FloatProperty smallestProperty() {
        return smallest;
    }

    /** The largest visible value of the map: an arrow shows when it is clipped. */
    public FloatProperty largestProperty() {
        return largest;
    }

    /** Whether the sink's column is left out of the map. */
    public BooleanProperty sinkDroppedProperty() {
        return sinkDropped;
    }

    /** The mean share of a row's mass that went with the sink, 0 to 1. */
    public DoubleProperty droppedMassProperty() {
        return droppedMass;
    }

    /** Whether a handle is being dragged: the scale changes at each move of the mouse meanwhile. */
    public ReadOnlyBooleanProperty draggingProperty() {
        return dragging.getReadOnlyProperty();
    }

    void setDragging(boolean newDragging) {
        dragging.set(newDragging);
    }

    /** Scale, pooling and what is left out, in words. */
    public ReadOnlyStringProperty meaningProperty() {
        return meaning.getReadOnlyProperty();
    }

    /** What goes back to the usual range: a double click, or Home on a handle. */
    public void setOnReset(Runnable action) {
        onReset = action;
    }

    void reset() {
        onReset.run();
    }

    /** The axis for what is shown now. */
    BarAxis axis() {
        return BarAxis.of(scale.get(), smallest.get(), largest.get());
    }
}
