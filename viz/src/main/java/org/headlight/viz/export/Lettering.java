package org.headlight.viz.export;

import org.headlight.assets.FontFace;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.font.FontRenderContext;
import java.awt.font.TextAttribute;
import java.awt.font.TextLayout;
import java.awt.geom.AffineTransform;
import java.text.AttributedString;
import java.util.ArrayList;
import java.util.List;

/** Text on a figure: every character in a font that has it, measured as it is drawn. */
final class Lettering {
    private static final FontRenderContext CONTEXT = new FontRenderContext(null, true, true);

    private final FigureFonts fonts;
    private final double unit;

    /**
     * @param unit how many pixels one unit of size is
     */
    Lettering(FigureFonts fonts, double unit) {
        this.fonts = fonts;
        this.unit = unit;
    }

    /** How many pixels one unit of size is. */
    double unit() {
        return unit;
    }

    /** Where a text is anchored. */
    enum Anchor {
        START(0),
        MIDDLE(0.5),
        END(1);

        final double share;

        Anchor(double share) {
            this.share = share;
        }
    }

    /**
     * A way of writing.
     *
     * @param face typeface
     * @param size in units
     * @param color ink
     */
    record Style(FontFace face, double size, Color color) {}

    static void prepare(Graphics2D g) {
        g.setRenderingHint(
                RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setRenderingHint(
                RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    }

    double width(String text, Style style) {
        return text.isEmpty() ? 0 : layout(text, style).getAdvance();
    }

    /** Height from the baseline to the top of a capital. */
    double capHeight(Style style) {
        return layout("H", style).getBounds().getHeight();
    }

    /** Draws with the baseline at y; returns the width. */
    double draw(Graphics2D g, String text, Style style, Anchor anchor, double x, double y) {
        if (text.isEmpty()) {
            return 0;
        }
        TextLayout layout = layout(text, style);
        g.setColor(style.color());
        layout.draw(g, (float) (x - anchor.share * layout.getAdvance()), (float) y);
        return layout.getAdvance();
    }

    /** Draws upwards (turned by 90 degrees anticlockwise) with the baseline at x. */
    void drawUp(Graphics2D g, String text, Style style, Anchor anchor, double x, double y) {
        AffineTransform before = g.getTransform();
        g.translate(x, y);
        g.rotate(-Math.PI / 2);
        draw(g, text, style, anchor, 0, 0);
        g.setTransform(before);
    }

    /** The text cut into lines at spaces. */
    List<String> wrap(String text, Style style, double width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            String longer = line.isEmpty() ? word : line + " " + word;
            if (!line.isEmpty() && width(longer, style) > width) {
                lines.add(line.toString());
                line.setLength(0);
                line.append(word);
            } else {
                line.setLength(0);
                line.append(longer);
            }
        }
        lines.add(line.toString());
        return lines;
    }

    private TextLayout layout(String text, Style style) {
        Font font = fonts.font(style.face(), style.size() * unit);
        AttributedString attributed = new AttributedString(text);
        attributed.addAttribute(TextAttribute.FONT, font);
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            int end = i + Character.charCount(c);
            Font covering = fonts.covering(font, c);
            if (!covering.equals(font)) {
                attributed.addAttribute(TextAttribute.FONT, covering, i, end);
            }
            i = end;
        }
        return new TextLayout(attributed.getIterator(), CONTEXT);
    }
}
