package org.headlight.viz.control.matrix;

import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableSet;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Control;
import javafx.scene.control.Skin;

import org.headlight.viz.raster.ColorMap;
import org.headlight.viz.raster.Scale;
import org.headlight.viz.raster.ValueGrid;
import org.jspecify.annotations.Nullable;

import java.util.function.Function;

/**
 * A small table of numbers in colours, with labels, a colour key and the number of each cell where
 * there is room. A click selects a cell; with Ctrl or Shift it marks one, where marking is on.
 * Arrow keys move, Enter selects, Space marks (or selects), Escape ends the hover. Everything fits
 * the control: nothing scrolls.
 */
public final class ValueMatrix extends Control {
    private final ObjectProperty<ValueGrid> values =
            new SimpleObjectProperty<>(this, "values", ValueGrid.EMPTY);
    private final ObjectProperty<ColorMap> colorMap =
            new SimpleObjectProperty<>(this, "colorMap", ColorMap.VIRIDIS);
    private final ObjectProperty<@Nullable Scale> scale = new SimpleObjectProperty<>(this, "scale");
    private final BooleanProperty dark = new SimpleBooleanProperty(this, "dark");
    private final BooleanProperty numbered = new SimpleBooleanProperty(this, "numbered", true);
    private final BooleanProperty marking = new SimpleBooleanProperty(this, "marking");
    private final ObjectProperty<@Nullable MatrixCell> selected =
            new SimpleObjectProperty<>(this, "selected");
    private final ReadOnlyObjectWrapper<@Nullable MatrixCell> hovered =
            new ReadOnlyObjectWrapper<>(this, "hovered");
    private final ObservableSet<MatrixCell> marked = FXCollections.observableSet();
    private final ObjectProperty<@Nullable Function<MatrixCell, String>> hoverText =
            new SimpleObjectProperty<>(this, "hoverText");

    public ValueMatrix() {
        getStyleClass().add("value-matrix");
        setAccessibleRole(AccessibleRole.LIST_VIEW);
        setFocusTraversable(true);
    }

    @Override
    protected Skin<?> createDefaultSkin() {
        return new ValueMatrixSkin(this);
    }

    /** What is shown; selection and marks stay, and those that a new table lacks are not seen. */
    public ObjectProperty<ValueGrid> valuesProperty() {
        return values;
    }

    public ObjectProperty<ColorMap> colorMapProperty() {
        return colorMap;
    }

    /** From values to colours; null for {@link ValueGrid#linear} of what is shown. */
    public ObjectProperty<@Nullable Scale> scaleProperty() {
        return scale;
    }

    /** The scale in use. */
    public Scale scale() {
        Scale own = scale.get();
        return own == null ? values.get().linear() : own;
    }

    public BooleanProperty darkProperty() {
        return dark;
    }

    /** Whether cells show their number where it fits. */
    public BooleanProperty numberedProperty() {
        return numbered;
    }

    /** Whether cells can be marked, by Ctrl- or Shift-click and by Space. */
    public BooleanProperty markingProperty() {
        return marking;
    }

    /** The selected cell; null for none. The application listens to it and sets it. */
    public ObjectProperty<@Nullable MatrixCell> selectedProperty() {
        return selected;
    }

    /** The cell under the pointer or the keyboard's cursor; null for none. */
    public ReadOnlyObjectProperty<@Nullable MatrixCell> hoveredProperty() {
        return hovered.getReadOnlyProperty();
    }

    void hover(@Nullable MatrixCell cell) {
        hovered.set(cell);
    }

    /** The marked cells: a set that both the user and the application change. */
    public ObservableSet<MatrixCell> marked() {
        return marked;
    }

    /** What is said about the hovered cell; null for its name, what the value is, and the value. */
    public ObjectProperty<@Nullable Function<MatrixCell, String>> hoverTextProperty() {
        return hoverText;
    }

    /** Whether the table has such a cell. */
    boolean has(@Nullable MatrixCell cell) {
        ValueGrid grid = values.get();
        return cell != null && cell.row() < grid.rows() && cell.column() < grid.columns();
    }

    /** What is said about a cell. */
    String describe(MatrixCell cell) {
        Function<MatrixCell, String> own = hoverText.get();
        if (own != null) {
            return own.apply(cell);
        }
        ValueGrid grid = values.get();
        String value = grid.text(cell.row(), cell.column());
        String name = grid.name(cell.row(), cell.column());
        return grid.valueName().isEmpty()
                ? name + "  " + value
                : name + "  " + grid.valueName() + " " + value;
    }
}
