package org.headlight.app.explore;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;

import org.headlight.viz.raster.BlockOverlay;
import org.jspecify.annotations.Nullable;

/**
 * What a reading lays over the map. The reading that is chosen sets it; it is taken away when
 * another one is chosen.
 */
public final class MapDress {
    private final ObjectProperty<@Nullable BlockOverlay> overlay = new SimpleObjectProperty<>();

    /** Blocks over the map; null for none. */
    public ObjectProperty<@Nullable BlockOverlay> overlayProperty() {
        return overlay;
    }

    /** Takes everything away. */
    public void clear() {
        overlay.set(null);
    }
}
