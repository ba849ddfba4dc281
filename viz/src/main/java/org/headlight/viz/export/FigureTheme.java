package org.headlight.viz.export;

import java.awt.Color;

/**
 * The colours around the maps.
 *
 * @param page the background
 * @param ink titles and axis names
 * @param soft ticks and captions
 * @param line hairlines
 */
record FigureTheme(Color page, Color ink, Color soft, Color line) {
    static FigureTheme of(boolean dark) {
        return dark
                ? new FigureTheme(
                        new Color(0x16191D),
                        new Color(0xE8EAED),
                        new Color(0xA3A9B2),
                        new Color(0x5A616B))
                : new FigureTheme(
                        Color.WHITE, new Color(0x1B1F24), new Color(0x5B636E), new Color(0xAEB4BC));
    }
}
