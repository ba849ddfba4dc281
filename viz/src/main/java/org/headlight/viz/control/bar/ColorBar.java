package org.headlight.viz.control.bar;

import javafx.beans.property.BooleanProperty;
import javafx.beans.property.DoubleProperty;
import javafx.beans.property.FloatProperty;
import javafx.beans.property.ObjectProperty;
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
 * What the colours of a map mean: a gradient with numbers, the scale and the pooling by name,
 * arrows where values are clipped, a note when the sink is dropped. Two handles edit the range.
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
    private final BooleanProperty dark = new SimpleBooleanProperty(this, "dark");
    private final BooleanProperty editable = new SimpleBooleanProperty(this, "editable", true);

    public ColorBar() {
        getStyleClass().add("color-bar");
        setAccessibleRole(AccessibleRole.IMAGE_VIEW);
    }

    @Override
    protected Skin<?> createDefaultSkin() {
        return new ColorBarSkin(this);
    }

    public ObjectProperty<ColorMap> colorMapProperty() {
        return colorMap;
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

    /** Whether the handles are shown. */
    public BooleanProperty editableProperty() {
        return editable;
    }
}
