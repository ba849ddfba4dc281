package org.headlight.app.explore;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.headlight.viz.control.strip.TokenMarks;
import org.headlight.viz.control.strip.TokenTint;
import org.headlight.viz.raster.BlockOverlay;
import org.jspecify.annotations.Nullable;

/**
 * What a reading lays over the map and the token strip. The reading that is chosen sets it; it is
 * taken away when another one is chosen.
 */
public final class MapDress {
    private final ObjectProperty<@Nullable BlockOverlay> overlay = new SimpleObjectProperty<>();
    private final ObjectProperty<@Nullable MapShow> instead = new SimpleObjectProperty<>();
    private final ObjectProperty<@Nullable TokenTint> tint = new SimpleObjectProperty<>();
    private final ObservableList<TokenMarks> marks = FXCollections.observableArrayList();

    /** Blocks over the map; null for none. */
    public ObjectProperty<@Nullable BlockOverlay> overlayProperty() {
        return overlay;
    }

    /** A tint of the token strip, by key position; null for that of the map's profile. */
    public ObjectProperty<@Nullable TokenTint> tintProperty() {
        return tint;
    }

    /** Kinds of tokens that are marked in the token strip, by key position. */
    public ObservableList<TokenMarks> marks() {
        return marks;
    }

    /** A map in the place of the head's own; null for the head's own. */
    public ObjectProperty<@Nullable MapShow> insteadProperty() {
        return instead;
    }

    /** Takes everything away. */
    public void clear() {
        instead.set(null);
        overlay.set(null);
        tint.set(null);
        marks.clear();
    }
}
