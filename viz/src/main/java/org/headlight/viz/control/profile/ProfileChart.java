package org.headlight.viz.control.profile;

import javafx.beans.property.BooleanProperty;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyIntegerProperty;
import javafx.beans.property.ReadOnlyIntegerWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Control;
import javafx.scene.control.Skin;

import org.headlight.engine.token.Token;
import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * The probabilities along one row or one column of a map, as a chart with a cursor that is linked
 * with the map. Long profiles are thinned by maximum, so that no peak is lost.
 */
public final class ProfileChart extends Control {
    /** No position. */
    public static final int NONE = -1;

    private final ProfileKind kind;
    private final ObjectProperty<float @Nullable []> values =
            new SimpleObjectProperty<>(this, "values");
    private final ObjectProperty<List<Token>> tokens =
            new SimpleObjectProperty<>(this, "tokens", List.of());
    private final IntegerProperty position = new SimpleIntegerProperty(this, "position", NONE);
    private final IntegerProperty marked = new SimpleIntegerProperty(this, "marked", NONE);
    private final ReadOnlyIntegerWrapper hovered =
            new ReadOnlyIntegerWrapper(this, "hovered", NONE);
    private final BooleanProperty logarithmic =
            new SimpleBooleanProperty(this, "logarithmic", false);

    public ProfileChart(ProfileKind kind) {
        this.kind = kind;
        getStyleClass().add("profile-chart");
        setAccessibleRole(AccessibleRole.IMAGE_VIEW);
    }

    @Override
    protected Skin<?> createDefaultSkin() {
        return new ProfileChartSkin(this);
    }

    public ProfileKind kind() {
        return kind;
    }

    /** The probabilities, NaN where masked; null for an empty chart. */
    public ObjectProperty<float @Nullable []> valuesProperty() {
        return values;
    }

    /** The tokens along the axis, as many as there are values. */
    public ObjectProperty<List<Token>> tokensProperty() {
        return tokens;
    }

    /** Which row (or column) this is, for the title; {@link #NONE} when there is none. */
    public IntegerProperty positionProperty() {
        return position;
    }

    /** The position along the axis that the cursor marks: set by whoever links the charts. */
    public IntegerProperty markedProperty() {
        return marked;
    }

    /** The position along the axis under the pointer, or {@link #NONE}. */
    public ReadOnlyIntegerProperty hoveredProperty() {
        return hovered.getReadOnlyProperty();
    }

    void hover(int at) {
        hovered.set(at);
    }

    /** Whether the probability axis is logarithmic. */
    public BooleanProperty logarithmicProperty() {
        return logarithmic;
    }
}
