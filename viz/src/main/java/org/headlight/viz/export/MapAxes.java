package org.headlight.viz.export;

import org.headlight.assets.FontFace;
import org.headlight.engine.token.Token;
import org.headlight.viz.raster.Tick;
import org.headlight.viz.raster.Ticks;
import org.headlight.viz.text.TokenLabel;

import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The two axes of a map: tokens where cells are large enough, round positions otherwise. */
final class MapAxes {
    static final String QUERY = "query (attends)";
    static final String KEY = "key (is attended to)";

    /** Tokens are written where there are so few cells at most. */
    private static final int MOST_TOKENS = 64;

    private static final int TOKEN_LENGTH = 14;
    private static final double TICK = 4;
    private static final double GAP = 4;

    private final Lettering letters;
    private final double unit;
    private final FigureTheme theme;
    private final Lettering.Style number;
    private final Lettering.Style token;
    private final Lettering.Style special;
    private final Lettering.Style name;

    /** What stands at a pixel of an axis. */
    private record Mark(double at, String text, Style style) {}

    private enum Style {
        NUMBER,
        TOKEN,
        SPECIAL
    }

    /**
     * One axis.
     *
     * @param first first position
     * @param end one after the last
     * @param tokens all tokens of the input; empty when unknown
     */
    record Axis(int first, int end, List<Token> tokens, BodyPlan plan) {}

    MapAxes(Lettering letters, double unit, boolean dark) {
        this.letters = letters;
        this.unit = unit;
        this.theme = FigureTheme.of(dark);
        this.number = new Lettering.Style(FontFace.SANS, 11, theme.soft());
        this.token = new Lettering.Style(FontFace.MONO, 11, theme.ink());
        this.special = new Lettering.Style(FontFace.MONO, 9.5, theme.soft());
        this.name = new Lettering.Style(FontFace.SANS_MEDIUM, 12, theme.ink());
    }

    /** Whether an axis has token labels. */
    boolean tokens(Axis axis) {
        int cells = axis.end - axis.first;
        return cells <= MOST_TOKENS
                && axis.tokens.size() >= axis.end
                && axis.plan.magnification() >= 13 * unit;
    }

    /** Width left of the body. */
    double left(Axis rows) {
        return (name.size() + 10) * unit + widest(rows) + (TICK + GAP) * unit;
    }

    /** Height below the body. */
    double below(Axis cols) {
        double labels = tokens(cols) ? widest(cols) : number.size() * unit;
        return labels + (TICK + GAP + 10 + name.size()) * unit;
    }

    void draw(Graphics2D g, Axis rows, Axis cols, double x, double y) {
        rowTicks(g, rows, x, y);
        colTicks(g, cols, x, y + rows.plan.height());
        names(
                g,
                x - left(rows) + name.size() * unit,
                y + rows.plan.height() / 2.0,
                x + cols.plan.width() / 2.0,
                y + rows.plan.height() + below(cols) - 3 * unit);
    }

    /** The names of both axes: queries turned around a point, keys centred at one. */
    void names(Graphics2D g, double queryX, double queryY, double keyX, double keyY) {
        letters.drawUp(g, QUERY, name, Lettering.Anchor.MIDDLE, queryX, queryY);
        letters.draw(g, KEY, name, Lettering.Anchor.MIDDLE, keyX, keyY);
    }

    /** Marks of the rows left of a body whose upper left corner is at (x, y). */
    void rowTicks(Graphics2D g, Axis rows, double x, double y) {
        for (Mark mark : marks(rows)) {
            double at = y + mark.at;
            g.setColor(theme.line());
            g.draw(new Line2D.Double(x - TICK * unit, at, x, at));
            letters.draw(
                    g,
                    mark.text,
                    style(mark),
                    Lettering.Anchor.END,
                    x - (TICK + GAP) * unit,
                    at + letters.capHeight(number) / 2);
        }
    }

    /** Marks of the columns below a body whose lower left corner is at (x, bottom). */
    void colTicks(Graphics2D g, Axis cols, double x, double bottom) {
        boolean turned = tokens(cols);
        for (Mark mark : marks(cols)) {
            double at = x + mark.at;
            g.setColor(theme.line());
            g.draw(new Line2D.Double(at, bottom, at, bottom + TICK * unit));
            if (turned) {
                letters.drawUp(
                        g,
                        mark.text,
                        style(mark),
                        Lettering.Anchor.END,
                        at + letters.capHeight(number) / 2,
                        bottom + (TICK + GAP) * unit);
            } else {
                letters.draw(
                        g,
                        mark.text,
                        style(mark),
                        Lettering.Anchor.MIDDLE,
                        at,
                        bottom + (TICK + GAP) * unit + letters.capHeight(number));
            }
        }
    }

    private List<Mark> marks(Axis axis) {
        List<Mark> marks = new ArrayList<>();
        if (tokens(axis)) {
            for (int i = axis.first; i < axis.end; i++) {
                TokenLabel label = TokenLabel.of(axis.tokens.get(i), TOKEN_LENGTH);
                marks.add(
                        new Mark(
                                axis.plan.middle(i - axis.first),
                                label.special()
                                        ? label.text().toUpperCase(Locale.ROOT)
                                        : label.text(),
                                label.special() ? Style.SPECIAL : Style.TOKEN));
            }
            return marks;
        }
        double length = (axis.end - axis.first) * axis.plan.middle(0) * 2;
        int most = Math.max(2, (int) (length / (56 * unit)));
        for (Tick tick : Ticks.positions(axis.first, axis.end, most)) {
            marks.add(
                    new Mark(
                            axis.plan.middle((int) tick.value() - axis.first),
                            tick.label(),
                            Style.NUMBER));
        }
        return marks;
    }

    private double widest(Axis axis) {
        return marks(axis).stream()
                .mapToDouble(mark -> letters.width(mark.text, style(mark)))
                .max()
                .orElse(0);
    }

    private Lettering.Style style(Mark mark) {
        return switch (mark.style) {
            case NUMBER -> number;
            case TOKEN -> token;
            case SPECIAL -> special;
        };
    }
}
