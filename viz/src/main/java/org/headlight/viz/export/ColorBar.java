package org.headlight.viz.export;

import org.headlight.assets.FontFace;
import org.headlight.viz.raster.NumberText;
import org.headlight.viz.raster.Palette;
import org.headlight.viz.raster.Scale;
import org.headlight.viz.raster.Tick;
import org.headlight.viz.raster.Ticks;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.List;

/**
 * The legend right of the maps: the colours with numbers, arrows where values are clipped, and what
 * masked and dropped cells look like.
 */
final class ColorBar {
    private static final double BAR = 14;
    private static final double ARROW = 10;
    private static final double GAP = 6;
    private static final double KEY_LINE = 18;

    private final Lettering letters;
    private final double unit;
    private final FigureTheme theme;
    private final FigureLook look;
    private final Caption caption;
    private final Lettering.Style tickStyle;

    ColorBar(Lettering letters, double unit, FigureLook look, Caption caption) {
        this.letters = letters;
        this.unit = unit;
        this.look = look;
        this.caption = caption;
        this.theme = FigureTheme.of(look.dark());
        this.tickStyle = new Lettering.Style(FontFace.SANS, 11, theme.soft());
    }

    /** The width it needs, the gap to the maps not included. */
    double width() {
        double widest = letters.width("dropped", tickStyle);
        for (Tick tick : Ticks.of(look.scale(), 6)) {
            widest = Math.max(widest, letters.width(tick.label(), tickStyle));
        }
        Scale scale = look.scale();
        widest = Math.max(widest, letters.width(clip("\u2265 ", scale.high()), tickStyle));
        widest = Math.max(widest, letters.width(clip("\u2264 ", scale.low()), tickStyle));
        return (BAR + GAP + 20) * unit + widest;
    }

    /** The least height at which everything is readable. */
    double minHeight() {
        return 150 * unit;
    }

    /** Draws between top and bottom. */
    void draw(Graphics2D g, double left, double top, double bottom, MapBody body) {
        boolean dropped = look.droppedKeys() > 0;
        int keys = (body.masked() ? 1 : 0) + (dropped ? 1 : 0);
        double barTop = top + (body.above() ? ARROW * unit : 0);
        double foot = keys * KEY_LINE * unit + (keys > 0 ? 4 * unit : 0);
        double barBottom = bottom - foot - (body.below() ? ARROW * unit : 0);
        strip(g, left, barTop, barBottom);
        if (body.above()) {
            arrow(g, left, barTop, -1, look.palette().over());
            label(g, left, barTop - ARROW * unit / 2, clip("\u2265 ", look.scale().high()));
        }
        if (body.below()) {
            arrow(g, left, barBottom, 1, look.palette().under());
            label(g, left, barBottom + ARROW * unit / 2, clip("\u2264 ", look.scale().low()));
        }
        ticks(g, left, barTop, barBottom, body);
        title(g, left, barTop, barBottom);
        double key = bottom - foot + 8 * unit;
        if (body.masked()) {
            swatch(g, left, key, "masked", false);
            key += KEY_LINE * unit;
        }
        if (dropped) {
            swatch(g, left, key, "dropped", true);
        }
    }

    private void strip(Graphics2D g, double left, double top, double bottom) {
        Palette palette = look.palette();
        int y0 = (int) Math.round(top);
        int y1 = (int) Math.round(bottom);
        int x = (int) Math.round(left);
        int width = (int) Math.round(BAR * unit);
        for (int y = y0; y < y1; y++) {
            float position = 1 - (y - y0 + 0.5f) / (y1 - y0);
            g.setColor(new Color(palette.argb(position)));
            g.fillRect(x, y, width, 1);
        }
        g.setColor(theme.line());
        g.draw(new Rectangle2D.Double(x - 0.5, y0 - 0.5, width + 1, y1 - y0 + 1));
    }

    private void arrow(Graphics2D g, double left, double base, int direction, int argb) {
        double x = Math.round(left);
        double y = Math.round(base);
        double width = Math.round(BAR * unit);
        Path2D triangle = new Path2D.Double();
        triangle.moveTo(x, y + direction);
        triangle.lineTo(x + width, y + direction);
        triangle.lineTo(x + width / 2, y + direction * ARROW * unit);
        triangle.closePath();
        g.setColor(new Color(argb));
        g.fill(triangle);
        g.setColor(theme.line());
        g.draw(triangle);
    }

    private void ticks(Graphics2D g, double left, double top, double bottom, MapBody body) {
        double height = bottom - top;
        List<Tick> ticks = Ticks.of(look.scale(), Math.max(2, (int) (height / (56 * unit))));
        double line = letters.capHeight(tickStyle) * 1.6;
        double arrowAt = ARROW * unit / 2;
        for (Tick tick : ticks) {
            double y = bottom - look.scale().position((float) tick.value()) * height;
            double length = (tick.major() ? 4 : 2.5) * unit;
            g.setColor(theme.line());
            double x = left + BAR * unit;
            g.draw(new Line2D.Double(x, y, x + length, y));
            boolean hidden =
                    (body.above() && y - (top - arrowAt) < line)
                            || (body.below() && bottom + arrowAt - y < line);
            if (!hidden) {
                label(g, left, y, tick.label());
            }
        }
    }

    private void label(Graphics2D g, double left, double y, String text) {
        letters.draw(
                g,
                text,
                tickStyle,
                Lettering.Anchor.START,
                left + (BAR + GAP) * unit,
                y + letters.capHeight(tickStyle) / 2);
    }

    private void title(Graphics2D g, double left, double top, double bottom) {
        Lettering.Style style = new Lettering.Style(FontFace.SANS, 12, theme.ink());
        String text = caption.quantity();
        if (letters.width(text, style) > bottom - top) {
            text = "probability";
        }
        letters.drawUp(
                g,
                text,
                style,
                Lettering.Anchor.MIDDLE,
                left + width() - 2 * unit,
                (top + bottom) / 2);
    }

    private void swatch(Graphics2D g, double left, double top, String text, boolean dropped) {
        Palette palette = look.palette();
        int size = (int) Math.round(BAR * unit);
        int x0 = (int) Math.round(left);
        int y0 = (int) Math.round(top);
        for (int y = y0; y < y0 + size * 5 / 6; y++) {
            for (int x = x0; x < x0 + size; x++) {
                g.setColor(new Color(dropped ? palette.dropped(x, y) : palette.masked(x, y)));
                g.fillRect(x, y, 1, 1);
            }
        }
        label(g, left, y0 + size * 5 / 12.0, text);
    }

    private static String clip(String sign, double value) {
        return sign + NumberText.plain(value);
    }
}
