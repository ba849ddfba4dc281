package org.headlight.viz.export;

import org.headlight.assets.Assets;
import org.headlight.assets.FontFace;
import org.headlight.engine.problem.BadInputException;
import org.headlight.viz.chart.ChartLook;
import org.headlight.viz.chart.ChartPane;
import org.headlight.viz.chart.FigureChart;
import org.jfree.chart.JFreeChart;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Draws a chart of the window as a figure: title above, where it comes from below. */
public final class ChartFigure {
    /** Pixels of the picture per unit of the chart. */
    private static final int DETAIL = 3;

    private static final List<String> ENDINGS = List.of(".png", ".svg", ".pdf");
    private static final int MARGIN = 16;
    private static final int TITLE = 32;
    private static final int LINE = 16;
    private static final double TEXT = 11;

    private final FigureFonts fonts;

    public ChartFigure(Assets assets) {
        this.fonts = new FigureFonts(assets);
    }

    /**
     * What a figure says.
     *
     * @param dark whether it is light on dark
     * @param title what the chart shows
     * @param note how it was made, such as thresholds; may be empty
     */
    public record Words(boolean dark, String title, String note, Provenance source) {
        String caption() {
            return source.caption(note);
        }

        Map<String, String> fields() {
            return source.fields(title, caption());
        }
    }

    /**
     * Draws. To be called on the window's thread, because the pane's state is read.
     *
     * @param width of the chart in units of the window; the picture is three times as large
     * @param height of the chart in units of the window
     * @param title what the chart shows
     * @param note how it was made, such as thresholds; may be empty
     */
    public Figure draw(
            ChartPane pane,
            int width,
            int height,
            boolean dark,
            String title,
            String note,
            Provenance source) {
        return draw(pane::chartFor, width, height, new Words(dark, title, note, source));
    }

    /**
     * Draws as a picture.
     *
     * @param width of the chart in units of the window; the picture is three times as large
     * @param height of the chart in units of the window
     */
    public Figure draw(FigureChart chart, int width, int height, Words words) {
        Page page = new Page(words, width, height, DETAIL);
        BufferedImage image =
                Sheet.blank(page.width(), page.height(), FigureTheme.of(words.dark()), DETAIL);
        Graphics2D g = image.createGraphics();
        page.draw(g, chart);
        g.dispose();
        return new Figure(image, words.fields(), words.title() + ".");
    }

    /**
     * Refuses a file that no chart can be written to, before the work that makes the chart.
     *
     * @throws BadInputException when its ending is none of .png, .svg and .pdf
     */
    public static void check(Path target) {
        ending(target);
    }

    private static String ending(Path target) {
        String name = target.toString().toLowerCase(Locale.ROOT);
        return ENDINGS.stream()
                .filter(name::endsWith)
                .findFirst()
                .orElseThrow(() ->
                        new BadInputException(
                                target
                                        + ": a chart is written as .png, .svg or .pdf; give the"
                                        + " file one of these endings."));
    }

    /**
     * Draws and writes a file that appears when it is whole: pixels as .png, lines and outlined
     * letters as .svg or .pdf.
     *
     * @param width of the chart in units of the window
     * @param height of the chart in units of the window
     * @throws BadInputException when the file cannot be written, or has another ending
     */
    public void write(FigureChart chart, int width, int height, Words words, Path target) {
        String ending = ending(target);
        if (ending.equals(".png")) {
            new PngWriter().write(draw(chart, width, height, words), target);
        } else if (ending.equals(".svg")) {
            new SvgWriter().write(vector(chart, width, height, words), target);
        } else {
            new PdfWriter().write(vector(chart, width, height, words), target);
        }
    }

    private VectorFigure vector(FigureChart chart, int width, int height, Words words) {
        Page page = new Page(words, width, height, 1);
        VectorCanvas g = new VectorCanvas();
        page.draw(g, chart);
        VectorFigure figure =
                new VectorFigure(
                        page.width(),
                        page.height(),
                        FigureTheme.of(words.dark()).page(),
                        g.marks(),
                        words.fields(),
                        words.title() + ".");
        g.dispose();
        return figure;
    }

    /** Title, chart and caption on a page. */
    private final class Page {
        private final int width;
        private final int height;
        private final int detail;
        private final boolean dark;
        private final FigureTheme theme;
        private final Lettering letters;
        private final Lettering.Style bold;
        private final Lettering.Style small;
        private final List<String> titles;
        private final List<String> lines;
        private final int top;

        Page(Words words, int width, int height, int detail) {
            this.width = width;
            this.height = height;
            this.detail = detail;
            dark = words.dark();
            theme = FigureTheme.of(dark);
            letters = new Lettering(fonts, detail);
            bold = new Lettering.Style(FontFace.SANS_SEMIBOLD, 16, theme.ink());
            small = new Lettering.Style(FontFace.SANS, TEXT, theme.soft());
            double room = (double) width * detail;
            titles = letters.wrap(words.title(), bold, room);
            lines = letters.wrap(words.caption(), small, room);
            top = MARGIN + titles.size() * (LINE + 6) + TITLE - LINE - 6;
        }

        double width() {
            return (width + 2.0 * MARGIN) * detail;
        }

        double height() {
            return (top + height + 8.0 + lines.size() * LINE + MARGIN) * detail;
        }

        void draw(Graphics2D g, FigureChart chart) {
            Lettering.prepare(g);
            for (int i = 0; i < titles.size(); i++) {
                line(g, titles.get(i), bold, MARGIN + 14 + i * (LINE + 6));
            }
            for (int i = 0; i < lines.size(); i++) {
                line(g, lines.get(i), small, top + height + 8 + 12 + i * LINE);
            }
            g.scale(detail, detail);
            g.translate(MARGIN, top);
            JFreeChart drawn = chart.chart(look(), width, height);
            drawn.draw(g, new Rectangle2D.Double(0, 0, width, height), null, null);
        }

        private void line(Graphics2D g, String text, Lettering.Style style, double y) {
            letters.draw(
                    g, text, style, Lettering.Anchor.START, MARGIN * (double) detail, y * detail);
        }

        private ChartLook look() {
            return new ChartLook(
                    theme.ink(),
                    theme.soft(),
                    theme.line(),
                    dark ? new Color(0x22262C) : new Color(0xF3F5F7),
                    dark ? new Color(0x58A6FF) : new Color(0x0969DA),
                    fonts.font(FontFace.SANS, TEXT));
        }
    }
}
