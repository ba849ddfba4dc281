package org.headlight.viz.export;

import org.headlight.assets.FontFace;
import org.headlight.viz.raster.NumberText;
import org.headlight.viz.raster.Palette;
import org.headlight.viz.raster.Scale;
import org.headlight.viz.raster.ValueGrid;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.Locale;

/**
 * One matrix on a page: what it is drawn with, and where, in pixels.
 *
 * @param left of its cells
 * @param top of its cells
 */
record MatrixBody(
        ValueGrid values,
        Scale scale,
        Lettering letters,
        FigureTheme theme,
        Palette palette,
        double left,
        double top,
        double cellWidth,
        double cellHeight) {
    /** Pixels per unit. */
    static final double UNIT = 2;

    /** How wide the key is, in units. */
    static final double KEY = 160;

    private static final double LARGEST_CELL = 56;
    private static final double SMALLEST_CELL = 8;

    /** How large cells are, in units, so that so many fill about {@code room} units. */
    static double cell(ValueGrid values, double room) {
        int most = Math.max(1, Math.max(values.columns(), values.rows()));
        return Math.clamp(Math.floor(room / most), SMALLEST_CELL, LARGEST_CELL);
    }

    /** Pixels that the labels of the rows take. */
    static double labelWidth(ValueGrid values, Lettering letters, Lettering.Style style) {
        double widest = letters.width(values.rowAxis().title(), style);
        for (String label : values.rowAxis().labels()) {
            widest = Math.max(widest, letters.width(label, style));
        }
        return widest;
    }

    Lettering.Style ink(double size) {
        return new Lettering.Style(FontFace.SANS, size, theme.ink());
    }

    Lettering.Style soft(double size) {
        return new Lettering.Style(FontFace.SANS, size, theme.soft());
    }

    double right() {
        return left + values.columns() * cellWidth;
    }

    double bottom() {
        return top + values.rows() * cellHeight;
    }

    /** Draws the cells and the labels of both axes. */
    void draw(Graphics2D g) {
        cells(g);
        labels(g);
    }

    private void cells(Graphics2D g) {
        for (int r = 0; r < values.rows(); r++) {
            for (int c = 0; c < values.columns(); c++) {
                cell(g, r, c);
            }
        }
        g.setColor(theme.line());
        g.draw(
                new Rectangle2D.Double(
                        left - 0.5, top - 0.5, right() - left + 1, bottom() - top + 1));
    }

    private void cell(Graphics2D g, int r, int c) {
        double x = left + c * cellWidth;
        double y = top + r * cellHeight;
        double value = values.value(r, c);
        if (Double.isNaN(value)) {
            g.setColor(theme.line());
            g.draw(new Line2D.Double(x + 2, y + cellHeight - 2, x + cellWidth - 2, y + 2));
            return;
        }
        int argb = palette.argb(scale.position((float) value));
        g.setColor(new Color(argb));
        g.fill(new Rectangle2D.Double(x, y, cellWidth, cellHeight));
        boolean bright = bright(argb);
        Lettering.Style style =
                new Lettering.Style(FontFace.SANS, 10, bright ? Color.BLACK : Color.WHITE);
        String text = String.format(Locale.ROOT, "%.2f", value);
        if (letters.width(text, style) + 6 * UNIT <= cellWidth && cellHeight >= 16 * UNIT) {
            letters.draw(
                    g,
                    text,
                    style,
                    Lettering.Anchor.MIDDLE,
                    x + cellWidth / 2,
                    y + cellHeight / 2 + letters.capHeight(style) / 2);
        }
    }

    private static boolean bright(int argb) {
        return 0.299 * ((argb >> 16) & 0xFF) + 0.587 * ((argb >> 8) & 0xFF) + 0.114 * (argb & 0xFF)
                > 128;
    }

    private void labels(Graphics2D g) {
        Lettering.Style soft = soft(11);
        double half = letters.capHeight(soft) / 2;
        int every = (int) Math.max(1, Math.ceil(13 * UNIT / cellHeight));
        for (int r = 0; r < values.rows(); r += every) {
            letters.draw(
                    g,
                    values.rowAxis().labels().get(r),
                    soft,
                    Lettering.Anchor.END,
                    left - 6 * UNIT,
                    top + (r + 0.5) * cellHeight + half);
        }
        double widest = 1;
        for (String label : values.columnAxis().labels()) {
            widest = Math.max(widest, letters.width(label, soft));
        }
        int step = (int) Math.max(1, Math.ceil((widest + 4 * UNIT) / cellWidth));
        for (int c = 0; c < values.columns(); c += step) {
            letters.draw(
                    g,
                    values.columnAxis().labels().get(c),
                    soft,
                    Lettering.Anchor.MIDDLE,
                    left + (c + 0.5) * cellWidth,
                    top - 6 * UNIT);
        }
        letters.draw(
                g,
                values.rowAxis().title(),
                ink(11),
                Lettering.Anchor.END,
                left - 6 * UNIT,
                top - 6 * UNIT);
        letters.draw(
                g,
                values.columnAxis().title(),
                ink(11),
                Lettering.Anchor.START,
                left,
                top - 22 * UNIT);
    }

    /** Draws the key of the colours under it. */
    void key(Graphics2D g, double at) {
        double x = left;
        double width = KEY * UNIT;
        double height = 12 * UNIT;
        for (int i = 0; i < (int) width; i++) {
            g.setColor(new Color(palette.argb((float) ((i + 0.5) / width))));
            g.fill(new Rectangle2D.Double(x + i, at, 1, height));
        }
        Lettering.Style soft = soft(11);
        double base = at + height + 14 * UNIT;
        letters.draw(g, NumberText.plain(scale.low()), soft, Lettering.Anchor.START, x, base);
        letters.draw(
                g, NumberText.plain(scale.high()), soft, Lettering.Anchor.END, x + width, base);
        letters.draw(
                g,
                values.valueName(),
                ink(12),
                Lettering.Anchor.START,
                x + width + 8 * UNIT,
                at + height - 2 * UNIT);
    }
}
