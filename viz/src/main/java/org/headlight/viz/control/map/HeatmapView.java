package org.headlight.viz.control.map;

import javafx.beans.binding.Bindings;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyIntegerProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Control;
import javafx.scene.control.Skin;

import org.headlight.engine.token.Token;
import org.headlight.viz.control.FrameTimes;
import org.headlight.viz.raster.AttentionMap;
import org.headlight.viz.raster.BlockOverlay;
import org.headlight.viz.raster.ColorMap;
import org.headlight.viz.raster.MapViewport;
import org.headlight.viz.raster.Pooling;
import org.headlight.viz.raster.Scale;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.BiFunction;

/**
 * One attention map at any magnification. Rows are queries, columns keys. The wheel zooms at the
 * pointer, drag pans, a click locks a cell, Escape lets it go; the keyboard does all of it too.
 * Tiles are computed and painted off the FX thread into a surface that is never larger than the
 * control.
 */
public final class HeatmapView extends Control {
    private final ObjectProperty<@Nullable AttentionMap> map =
            new SimpleObjectProperty<>(this, "map");
    private final ObjectProperty<List<Token>> queryTokens =
            new SimpleObjectProperty<>(this, "queryTokens", List.of());
    private final ObjectProperty<List<Token>> keyTokens =
            new SimpleObjectProperty<>(this, "keyTokens", List.of());
    private final ObjectProperty<Pooling> pooling =
            new SimpleObjectProperty<>(this, "pooling", Pooling.MAX);
    private final ObjectProperty<Scale> scale =
            new SimpleObjectProperty<>(this, "scale", new Scale(Scale.Kind.LOG, 1e-4f, 1));
    private final ObjectProperty<ColorMap> colorMap =
            new SimpleObjectProperty<>(this, "colorMap", ColorMap.VIRIDIS);
    private final BooleanProperty signed = new SimpleBooleanProperty(this, "signed");
    private final BooleanProperty dark = new SimpleBooleanProperty(this, "dark");
    private final IntegerProperty droppedKeys = new SimpleIntegerProperty(this, "droppedKeys");
    private final IntegerProperty responseFrom = new SimpleIntegerProperty(this, "responseFrom");
    private final ObjectProperty<@Nullable BlockOverlay> overlay =
            new SimpleObjectProperty<>(this, "overlay");
    private final BooleanProperty animated = new SimpleBooleanProperty(this, "animated", true);
    private final ObjectProperty<@Nullable Cell> selectedCell =
            new SimpleObjectProperty<>(this, "selectedCell");
    private final ReadOnlyObjectWrapper<@Nullable Cell> hoveredCell =
            new ReadOnlyObjectWrapper<>(this, "hoveredCell");
    private final ReadOnlyObjectWrapper<@Nullable Cell> currentCell =
            new ReadOnlyObjectWrapper<>(this, "currentCell");
    private final ObjectProperty<@Nullable MapViewport> viewport =
            new SimpleObjectProperty<>(this, "viewport");
    private final ReadOnlyStringWrapper badge = new ReadOnlyStringWrapper(this, "badge", "");
    private final IntegerProperty refreshes = new SimpleIntegerProperty(this, "refreshes");
    private final FrameTimes frameTimes = new FrameTimes();

    public HeatmapView() {
        getStyleClass().add("heatmap-view");
        setAccessibleRole(AccessibleRole.IMAGE_VIEW);
        setAccessibleText("Attention map");
        setFocusTraversable(true);
        currentCell.bind(
                Bindings.createObjectBinding(
                        () -> selectedCell.get() != null ? selectedCell.get() : hoveredCell.get(),
                        selectedCell,
                        hoveredCell));
    }

    @Override
    protected Skin<?> createDefaultSkin() {
        return new HeatmapSkin(this);
    }

    /** The map shown; null while there is none. A map of another size is fitted. */
    public ObjectProperty<@Nullable AttentionMap> mapProperty() {
        return map;
    }

    /** The tokens of the rows; as many as the map has rows, or empty when they are not known. */
    public ObjectProperty<List<Token>> queryTokensProperty() {
        return queryTokens;
    }

    /** The tokens of the columns; as many as the map has columns, or empty. */
    public ObjectProperty<List<Token>> keyTokensProperty() {
        return keyTokens;
    }

    public ObjectProperty<Pooling> poolingProperty() {
        return pooling;
    }

    public ObjectProperty<Scale> scaleProperty() {
        return scale;
    }

    public ObjectProperty<ColorMap> colorMapProperty() {
        return colorMap;
    }

    /** Whether values have signs: then colours diverge from zero, whatever the colour map is. */
    public BooleanProperty signedProperty() {
        return signed;
    }

    /** Whether masked cells and the ground are painted for a dark window. */
    public BooleanProperty darkProperty() {
        return dark;
    }

    /** How many of the first keys are taken out as the sink; they are hatched. 0 for none. */
    public IntegerProperty droppedKeysProperty() {
        return droppedKeys;
    }

    /**
     * Position of the first token that the model wrote: a line parts rows and columns before it. 0
     * for no line.
     */
    public IntegerProperty responseFromProperty() {
        return responseFrom;
    }

    /** Blocks laid over the map: kept ones outlined, missed ones hatched; null for none. */
    public ObjectProperty<@Nullable BlockOverlay> overlayProperty() {
        return overlay;
    }

    /** Whether zooming by keys and double click moves smoothly (under 150 ms). */
    public BooleanProperty animatedProperty() {
        return animated;
    }

    /** The locked cell; null for none. Set it to lock a cell from elsewhere. */
    public ObjectProperty<@Nullable Cell> selectedCellProperty() {
        return selectedCell;
    }

    /** The cell under the pointer; null for none. */
    public ReadOnlyObjectProperty<@Nullable Cell> hoveredCellProperty() {
        return hoveredCell.getReadOnlyProperty();
    }

    void hover(@Nullable Cell cell) {
        hoveredCell.set(cell);
    }

    /** What linked views follow: the locked cell, otherwise the hovered one; null for none. */
    public ReadOnlyObjectProperty<@Nullable Cell> currentCellProperty() {
        return currentCell.getReadOnlyProperty();
    }

    /**
     * What part of the map is seen, in pixels of the surface (device pixels of the plot). Null
     * until the control has a map and a size.
     */
    public ObjectProperty<@Nullable MapViewport> viewportProperty() {
        return viewport;
    }

    /** What kind of picture this is: "exact", "max-pooled 8x", "preview"; empty without a map. */
    public ReadOnlyStringProperty badgeProperty() {
        return badge.getReadOnlyProperty();
    }

    void setBadge(String text) {
        badge.set(text);
    }

    /** The work on the FX thread per frame. */
    public FrameTimes frameTimes() {
        return frameTimes;
    }

    /** Shows the whole map. */
    public void fit() {
        change((now, shown) -> now.fit(shown.rows(), shown.cols()));
    }

    /** One cell, one pixel, around the same centre. */
    public void oneToOne() {
        change((now, shown) -> now.oneToOne());
    }

    /** Zooms around the centre; a factor above 1 zooms in. */
    public void zoom(double factor) {
        change((now, shown) -> now.zoomAt(now.width() / 2.0, now.height() / 2.0, factor));
    }

    /** Zooms around a place on the surface, in surface pixels; above 1 zooms in. */
    public void zoomAt(double px, double py, double factor) {
        change((now, shown) -> now.zoomAt(px, py, factor));
    }

    /** Moves the map under the surface, in surface pixels, positive to the right and down. */
    public void pan(double dx, double dy) {
        change((now, shown) -> now.pan(dx, dy));
    }

    /** Brings a cell into the centre, as large as it is. */
    public void centerOn(Cell cell) {
        change((now, shown) -> now.centerOn(cell.row() + 0.5, cell.col() + 0.5));
    }

    /** Moves the view as little as needed, so that a cell is seen. */
    public void reveal(Cell cell) {
        change((now, shown) ->
                now.pan(
                        step(now.xOf(cell.col()), now.xOf(cell.col() + 1.0), now.width()),
                        step(now.yOf(cell.row()), now.yOf(cell.row() + 1.0), now.height())));
    }

    private static double step(double from, double to, double size) {
        if (from < 0) {
            return -from;
        }
        return to > size ? size - to : 0;
    }

    /** Paints again from the map: call it when a preview has been refined. */
    public void refresh() {
        refreshes.set(refreshes.get() + 1);
    }

    ReadOnlyIntegerProperty refreshes() {
        return refreshes;
    }

    private void change(BiFunction<MapViewport, AttentionMap, MapViewport> operator) {
        MapViewport now = viewport.get();
        AttentionMap shown = map.get();
        if (now != null && shown != null) {
            viewport.set(operator.apply(now, shown).clamp(shown.rows(), shown.cols()));
        }
    }
}
