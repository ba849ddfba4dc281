package org.headlight.viz.control;

import javafx.scene.text.Font;
import javafx.scene.text.Text;

/**
 * Widths of text in a monospaced font without laying it out: one measured digit for each narrow
 * character, two for wide ones. Good enough to decide what fits, fast enough for every frame.
 */
public final class TextWidth {
    private static final int FIRST_WIDE = 0x1100;

    private final Font font;
    private final double cell;

    public TextWidth(Font font) {
        this.font = font;
        Text probe = new Text("0000000000");
        probe.setFont(font);
        this.cell = probe.getLayoutBounds().getWidth() / 10;
    }

    /** The font measured. */
    public Font font() {
        return font;
    }

    /** The width of a narrow character. */
    public double cell() {
        return cell;
    }

    /** The width of a text. */
    public double of(String text) {
        return cell * cells(text);
    }

    /** The longest start of a text that fits, with an ellipsis where it was cut; may be empty. */
    public String fitted(String text, double width) {
        int room = (int) Math.floor(width / cell + 1e-6);
        if (cells(text) <= room) {
            return text;
        }
        int used = 1;
        int at = 0;
        while (at < text.length()) {
            int c = text.codePointAt(at);
            used += cells(c);
            if (used > room) {
                break;
            }
            at += Character.charCount(c);
        }
        return at == 0 ? "" : text.substring(0, at) + "\u2026";
    }

    private static int cells(String text) {
        return text.codePoints().map(TextWidth::cells).sum();
    }

    private static int cells(int codePoint) {
        boolean narrow = codePoint < FIRST_WIDE || (codePoint >= 0x2000 && codePoint < 0x2E80);
        return narrow ? 1 : 2;
    }
}
