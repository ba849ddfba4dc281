package org.headlight.viz.control.grid;

import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.collections.ObservableMap;
import javafx.collections.ObservableSet;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Control;
import javafx.scene.control.Skin;

import org.headlight.viz.raster.ColorMap;
import org.headlight.viz.raster.Scale;
import org.jspecify.annotations.Nullable;

/**
 * Layers by heads as thumbnails of their maps, pooled by maximum so that a sink of one column is
 * never lost. Hover previews, click locks, arrow keys move, Enter locks, Escape ends the preview.
 */
public final class HeadGrid extends Control {
    private final ObservableList<HeadRow> rows = FXCollections.observableArrayList();
    private final ObjectProperty<@Nullable ThumbnailSource> source =
            new SimpleObjectProperty<>(this, "source");
    private final ObjectProperty<ColorMap> colorMap =
            new SimpleObjectProperty<>(this, "colorMap", ColorMap.VIRIDIS);
    private final ObjectProperty<Scale> scale =
            new SimpleObjectProperty<>(this, "scale", new Scale(Scale.Kind.LOG, 1e-4f, 1));
    private final BooleanProperty dark = new SimpleBooleanProperty(this, "dark");
    private final ObjectProperty<@Nullable HeadRef> selectedHead =
            new SimpleObjectProperty<>(this, "selectedHead");
    private final ReadOnlyObjectWrapper<@Nullable HeadRef> hoveredHead =
            new ReadOnlyObjectWrapper<>(this, "hoveredHead");
    private final ObservableMap<HeadRef, Double> scores = FXCollections.observableHashMap();
    private final ObservableSet<HeadRef> marked = FXCollections.observableSet();
    private final StringProperty scoreName = new SimpleStringProperty(this, "scoreName", "");
    private final ObjectProperty<HeadOrder> order =
            new SimpleObjectProperty<>(this, "order", HeadOrder.POSITION);

    public HeadGrid() {
        getStyleClass().add("head-grid");
        setAccessibleRole(AccessibleRole.LIST_VIEW);
        setAccessibleText("Heads");
        setFocusTraversable(true);
    }

    @Override
    protected Skin<?> createDefaultSkin() {
        return new HeadGridSkin(this);
    }

    /** One row for each site. */
    public ObservableList<HeadRow> rows() {
        return rows;
    }

    /** Where the pictures come from; a new value forgets the old pictures. */
    public ObjectProperty<@Nullable ThumbnailSource> sourceProperty() {
        return source;
    }

    public ObjectProperty<ColorMap> colorMapProperty() {
        return colorMap;
    }

    /** The scale of all thumbnails, so that they can be compared. */
    public ObjectProperty<Scale> scaleProperty() {
        return scale;
    }

    /** Whether masked cells are painted for a dark window. */
    public BooleanProperty darkProperty() {
        return dark;
    }

    /** The locked head; the application listens to it. */
    public ObjectProperty<@Nullable HeadRef> selectedHeadProperty() {
        return selectedHead;
    }

    /** The head under the pointer or the keyboard's cursor, for a preview; null for none. */
    public ReadOnlyObjectProperty<@Nullable HeadRef> hoveredHeadProperty() {
        return hoveredHead.getReadOnlyProperty();
    }

    void hover(@Nullable HeadRef head) {
        hoveredHead.set(head);
    }

    /** A number for each head, shown below its picture and used by {@link HeadOrder#SCORE}. */
    public ObservableMap<HeadRef, Double> scores() {
        return scores;
    }

    /** Heads that stand out: while there are any, the others are faint. */
    public ObservableSet<HeadRef> marked() {
        return marked;
    }

    /** What the scores are, for people, such as "sink rate"; empty for none. */
    public StringProperty scoreNameProperty() {
        return scoreName;
    }

    public ObjectProperty<HeadOrder> orderProperty() {
        return order;
    }

    /** The name of a head, such as "L2H1". */
    public String nameOf(HeadRef head) {
        return rows.get(head.site()).names().get(head.head());
    }
}
