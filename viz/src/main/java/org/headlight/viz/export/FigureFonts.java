package org.headlight.viz.export;

import org.headlight.assets.Assets;
import org.headlight.assets.FontFace;

import java.awt.Font;
import java.awt.FontFormatException;
import java.awt.GraphicsEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The bundled typefaces; a character that one lacks comes from another of them, and one that all
 * lack from the first installed font that has it. Safe for use by several threads.
 */
final class FigureFonts {
    private final Map<FontFace, Font> faces = new EnumMap<>(FontFace.class);
    private final Map<Integer, Font> substitutes = new ConcurrentHashMap<>();

    FigureFonts(Assets assets) {
        for (FontFace face : FontFace.values()) {
            faces.put(face, load(assets, face));
        }
    }

    /** A face at a size in pixels. */
    Font font(FontFace face, double size) {
        Font font = faces.get(face);
        if (font == null) {
            throw new IllegalStateException("no face " + face);
        }
        return font.deriveFont((float) size);
    }

    /** The font itself if it has the character, otherwise one that has it, in the same size. */
    Font covering(Font font, int codePoint) {
        if (font.canDisplay(codePoint) || Character.getType(codePoint) == Character.FORMAT) {
            return font;
        }
        return substitutes.computeIfAbsent(codePoint, this::search).deriveFont(font.getSize2D());
    }

    private Font search(int codePoint) {
        for (Font font : faces.values()) {
            if (font.canDisplay(codePoint)) {
                return font;
            }
        }
        for (Font font : GraphicsEnvironment.getLocalGraphicsEnvironment().getAllFonts()) {
            if (font.canDisplay(codePoint)) {
                return font;
            }
        }
        return new Font(Font.SANS_SERIF, Font.PLAIN, 12);
    }

    private static Font load(Assets assets, FontFace face) {
        try (InputStream in = assets.font(face)) {
            return Font.createFont(Font.TRUETYPE_FONT, in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (FontFormatException e) {
            throw new IllegalStateException("the bundled font " + face + " does not load", e);
        }
    }
}
