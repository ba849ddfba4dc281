package org.headlight.viz.text;

import org.headlight.engine.token.Token;

/**
 * A token as it is written on axes, strips and cards: spaces as middle dots, newlines as return
 * arrows, tabs as arrows, invisible characters by their code. Two tokens with the same text are
 * told apart by their index.
 *
 * @param index position in the input
 * @param text what to draw, never empty and never blank
 * @param special whether it is a special token, to be set in small capitals
 */
public record TokenLabel(int index, String text, boolean special) {
    /** What cut-off text ends in. */
    public static final String ELLIPSIS = "\u2026";

    private static final String SPACE = "\u00b7";
    private static final String NEWLINE = "\u21b5";
    private static final String TAB = "\u21e5";

    /** The label of a token, whole. */
    public static TokenLabel of(Token token) {
        return of(token, Integer.MAX_VALUE);
    }

    /**
     * The label of a token.
     *
     * @param most characters (code points) at most, the ellipsis included; 1 or more
     */
    public static TokenLabel of(Token token, int most) {
        return new TokenLabel(
                token.position(),
                cut(token.special() ? token.text().strip() : visible(token.text()), most),
                token.special());
    }

    /** Index and text, such as {@code 12 ·castle}: unique within an input. */
    public String indexed() {
        return index + " " + text;
    }

    /** Text with everything made visible. Tokens without text become an empty-set sign. */
    public static String visible(String text) {
        StringBuilder out = new StringBuilder(text.length() + 4);
        text.codePoints().forEach(c -> append(out, c));
        return out.isEmpty() ? "\u2205" : out.toString();
    }

    private static void append(StringBuilder out, int c) {
        switch (c) {
            case ' ' -> out.append(SPACE);
            case '\n' -> out.append(NEWLINE);
            case '\r' -> out.append("\u240d");
            case '\t' -> out.append(TAB);
            default -> {
                if (invisible(c)) {
                    out.append(String.format(java.util.Locale.ROOT, "<U+%04X>", c));
                } else {
                    out.appendCodePoint(c);
                }
            }
        }
    }

    private static boolean invisible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    c != 0x200D;
            default -> Character.isSpaceChar(c);
        };
    }

    private static String cut(String text, int most) {
        String shown = text.isEmpty() ? "\u2205" : text;
        int length = shown.codePointCount(0, shown.length());
        if (length <= most) {
            return shown;
        }
        return shown.substring(0, shown.offsetByCodePoints(0, most - 1)) + ELLIPSIS;
    }
}
