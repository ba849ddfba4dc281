package org.headlight.viz.raster;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The sequential colour maps: perceptually uniform, monotone in lightness, readable with every
 * common colour blindness and in grey print. The tables are the published 256-entry ones of
 * viridis, magma, inferno (S. van der Walt, N. Smith) and cividis (J. Nuñez, C. Anderton, R.
 * Renslow), all released as CC0; the greys are equal steps of CIE lightness.
 */
public enum ColorMap {
    VIRIDIS,
    MAGMA,
    INFERNO,
    CIVIDIS,
    /** White to black in the light theme, black to white in the dark one. */
    GREYS;

    /** The name in commands and files: lower case. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The name for people: capitalised. */
    public String title() {
        return name().charAt(0) + id().substring(1);
    }

    /** The map with the given {@link #id()}, in any case. */
    public static Optional<ColorMap> named(String id) {
        return Arrays.stream(values()).filter(map -> map.id().equalsIgnoreCase(id)).findFirst();
    }

    /** All {@link #id()}s, in the order of the menu. */
    public static List<String> ids() {
        return Arrays.stream(values()).map(ColorMap::id).toList();
    }

    /** All colours that a map is painted with in the light or the dark theme. */
    public Palette palette(boolean dark) {
        return Palettes.make(this, dark);
    }
}
