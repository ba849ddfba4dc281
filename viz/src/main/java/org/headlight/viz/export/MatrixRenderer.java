package org.headlight.viz.export;

import org.headlight.assets.Assets;
import org.headlight.assets.FontFace;
import org.headlight.viz.raster.NumberText;
import org.headlight.viz.raster.Palette;
import org.headlight.viz.raster.ValueGrid;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Draws a matrix of values as a figure: cells with their numbers, labels, colour key, caption. */
public final class MatrixRenderer {
    /** Pixels per unit. */
    private static final double UNIT = 2;

    private static final double MARGIN = 20;
    private static final double LARGEST_CELL = 56;
    private static final double SMALLEST_CELL = 8;
    private static final double BODY = 640;
    private static final double LINE = 16;
    private static final double KEY = 160;

    private final FigureFonts fonts;

    public MatrixRenderer(Assets assets) {
        this.fonts = new FigureFonts(assets);
    }

    /** What is drawn with, and where. */
    private record Page(
            MatrixSpec spec,
            Lettering letters,
            FigureTheme theme,
            Palette palette,
            double left,
            double top,
            double cellWidth,
            double cellHeight) {
        Lettering.Style ink(double size) {
            return new Lettering.Style(FontFace.SANS, size, theme.ink());
        }

        Lettering.Style soft(double size) {
            return new Lettering.Style(FontFace.SANS, size, theme.soft());
        }

        double right() {
            return left + spec.values().columns() * cellWidth;
        }

        double bottom() {
            return top + spec.values().rows() * cellHeight;
        }
    }

    /**
     * Draws the matrix.
     *
     * @throws org.headlight.engine.problem.BadInputException when it would be larger than 16 384
     *     pixels
     * @throws org.headlight.engine.problem.TooLargeException when it would not fit in memory
     */
    public Figure render(MatrixSpec spec) {
        Page page = page(spec);
        Lettering letters = page.letters();
        Lettering.Style bold = new Lettering.Style(FontFace.SANS_SEMIBOLD, 16, page.theme().ink());
        double width =
                Math.max(
                        Math.max(page.right(), page.left() + (KEY + 140) * UNIT),
                        MARGIN * UNIT + letters.width(spec.title(), bold));
        String caption = caption(spec);
        List<String> lines = letters.wrap(caption, page.soft(11), width - MARGIN * UNIT);
        double keyTop = page.bottom() + 20 * UNIT;
        double captionTop = keyTop + 44 * UNIT;
        double height = captionTop + (lines.size() * LINE + MARGIN - 8) * UNIT;
        BufferedImage image = Sheet.blank(width + MARGIN * UNIT, height, page.theme(), UNIT);
        Graphics2D g = image.createGraphics();
        Lettering.prepare(g);
        letters.draw(
                g, spec.title(), bold, Lettering.Anchor.START, MARGIN * UNIT, (MARGIN + 12) * UNIT);
        cells(g, page);
        labels(g, page);
        key(g, page, keyTop);
        for (int i = 0; i < lines.size(); i++) {
            letters.draw(
                    g,
                    lines.get(i),
                    page.soft(11),
                    Lettering.Anchor.START,
                    MARGIN * UNIT,
                    captionTop + (i * LINE + 4) * UNIT);
        }
        g.dispose();
        return new Figure(image, fields(spec, caption), alt(spec));
    }

    private Page page(MatrixSpec spec) {
        Lettering letters = new Lettering(fonts, UNIT);
        FigureTheme theme = FigureTheme.of(spec.dark());
        Lettering.Style soft = new Lettering.Style(FontFace.SANS, 11, theme.soft());
        double widest = letters.width(spec.values().rowAxis().title(), soft);
        for (String label : spec.values().rowAxis().labels()) {
            widest = Math.max(widest, letters.width(label, soft));
        }
        int most = Math.max(1, Math.max(spec.values().columns(), spec.values().rows()));
        double cell = Math.clamp(Math.floor(BODY / most), SMALLEST_CELL, LARGEST_CELL);
        return new Page(
                spec,
                letters,
                theme,
                spec.colorMap().palette(spec.dark()),
                Math.ceil((MARGIN + 8) * UNIT + widest),
                Math.ceil((MARGIN + 54) * UNIT),
                cell * UNIT,
                Math.min(cell, 36) * UNIT);
    }

    private static void cells(Graphics2D g, Page page) {
        ValueGrid values = page.spec().values();
        for (int r = 0; r < values.rows(); r++) {
            for (int c = 0; c < values.columns(); c++) {
                cell(g, page, r, c);
            }
        }
        g.setColor(page.theme().line());
        g.draw(
                new Rectangle2D.Double(
                        page.left() - 0.5,
                        page.top() - 0.5,
                        page.right() - page.left() + 1,
                        page.bottom() - page.top() + 1));
    }

    private static void cell(Graphics2D g, Page page, int r, int c) {
        double x = page.left() + c * page.cellWidth();
        double y = page.top() + r * page.cellHeight();
        double value = page.spec().values().value(r, c);
        if (Double.isNaN(value)) {
            g.setColor(page.theme().line());
            g.draw(
                    new Line2D.Double(
                            x + 2, y + page.cellHeight() - 2, x + page.cellWidth() - 2, y + 2));
            return;
        }
        int argb = page.palette().argb(page.spec().scale().position((float) value));
        g.setColor(new Color(argb));
        g.fill(new Rectangle2D.Double(x, y, page.cellWidth(), page.cellHeight()));
        boolean bright = bright(argb);
        Lettering.Style style =
                new Lettering.Style(FontFace.SANS, 10, bright ? Color.BLACK : Color.WHITE);
        String text = String.format(Locale.ROOT, "%.2f", value);
        if (page.letters().width(text, style) + 6 * UNIT <= page.cellWidth()
                && page.cellHeight() >= 16 * UNIT) {
            page.letters()
                    .draw(
                            g,
                            text,
                            style,
                            Lettering.Anchor.MIDDLE,
                            x + page.cellWidth() / 2,
                            y + page.cellHeight() / 2 + page.letters().capHeight(style) / 2);
        }
    }

    private static boolean bright(int argb) {
        return 0.299 * ((argb >> 16) & 0xFF) + 0.587 * ((argb >> 8) & 0xFF) + 0.114 * (argb & 0xFF)
                > 128;
    }

    private static void labels(Graphics2D g, Page page) {
        Lettering letters = page.letters();
        ValueGrid values = page.spec().values();
        Lettering.Style soft = page.soft(11);
        double half = letters.capHeight(soft) / 2;
        int every = (int) Math.max(1, Math.ceil(13 * UNIT / page.cellHeight()));
        for (int r = 0; r < values.rows(); r += every) {
            letters.draw(
                    g,
                    values.rowAxis().labels().get(r),
                    soft,
                    Lettering.Anchor.END,
                    page.left() - 6 * UNIT,
                    page.top() + (r + 0.5) * page.cellHeight() + half);
        }
        double widest = 1;
        for (String label : values.columnAxis().labels()) {
            widest = Math.max(widest, letters.width(label, soft));
        }
        int step = (int) Math.max(1, Math.ceil((widest + 4 * UNIT) / page.cellWidth()));
        for (int c = 0; c < values.columns(); c += step) {
            letters.draw(
                    g,
                    values.columnAxis().labels().get(c),
                    soft,
                    Lettering.Anchor.MIDDLE,
                    page.left() + (c + 0.5) * page.cellWidth(),
                    page.top() - 6 * UNIT);
        }
        letters.draw(
                g,
                values.rowAxis().title(),
                page.ink(11),
                Lettering.Anchor.END,
                page.left() - 6 * UNIT,
                page.top() - 6 * UNIT);
        letters.draw(
                g,
                values.columnAxis().title(),
                page.ink(11),
                Lettering.Anchor.START,
                page.left(),
                page.top() - 22 * UNIT);
    }

    private static void key(Graphics2D g, Page page, double top) {
        double x = page.left();
        double width = KEY * UNIT;
        double height = 12 * UNIT;
        for (int i = 0; i < (int) width; i++) {
            g.setColor(new Color(page.palette().argb((float) ((i + 0.5) / width))));
            g.fill(new Rectangle2D.Double(x + i, top, 1, height));
        }
        Lettering.Style soft = page.soft(11);
        double base = top + height + 14 * UNIT;
        Lettering letters = page.letters();
        letters.draw(
                g,
                NumberText.plain(page.spec().scale().low()),
                soft,
                Lettering.Anchor.START,
                x,
                base);
        letters.draw(
                g,
                NumberText.plain(page.spec().scale().high()),
                soft,
                Lettering.Anchor.END,
                x + width,
                base);
        letters.draw(
                g,
                page.spec().values().valueName(),
                page.ink(12),
                Lettering.Anchor.START,
                x + width + 8 * UNIT,
                top + height - 2 * UNIT);
    }

    private static String caption(MatrixSpec spec) {
        Provenance source = spec.source();
        return source.model()
                + (source.tokens() > 0
                        ? " \u00b7 " + NumberText.count(source.tokens()) + " tokens"
                        : "")
                + (spec.note().isEmpty() ? "" : " \u00b7 " + spec.note())
                + " \u00b7 "
                + source.software();
    }

    private static Map<String, String> fields(MatrixSpec spec, String caption) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("Title", spec.title());
        fields.put("Software", spec.source().software());
        fields.put("Description", caption);
        fields.put("model", spec.source().model());
        fields.put("model-hash", spec.source().modelHash());
        fields.put("tokens", Integer.toString(spec.source().tokens()));
        fields.put("command", spec.source().command());
        fields.values().removeIf(String::isEmpty);
        return fields;
    }

    private static String alt(MatrixSpec spec) {
        ValueGrid values = spec.values();
        return spec.title()
                + ": "
                + values.valueName()
                + " for "
                + values.rows()
                + " rows ("
                + values.rowAxis().title()
                + ") by "
                + values.columns()
                + " columns ("
                + values.columnAxis().title()
                + ").";
    }
}
