package org.headlight.viz.export;

import org.headlight.assets.Assets;
import org.headlight.assets.FontFace;
import org.headlight.viz.chart.ChartLook;
import org.headlight.viz.chart.ChartPane;
import org.headlight.viz.raster.NumberText;
import org.jfree.chart.JFreeChart;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Draws a chart of the window as a figure: title above, where it comes from below. */
public final class ChartFigure {
    /** Pixels of the picture per unit of the chart. */
    private static final int DETAIL = 3;

    private static final int MARGIN = 16;
    private static final int TITLE = 32;
    private static final int LINE = 16;
    private static final double TEXT = 11;

    private final FigureFonts fonts;

    public ChartFigure(Assets assets) {
        this.fonts = new FigureFonts(assets);
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
        FigureTheme theme = FigureTheme.of(dark);
        Lettering letters = new Lettering(fonts, DETAIL);
        Lettering.Style bold = new Lettering.Style(FontFace.SANS_SEMIBOLD, 16, theme.ink());
        Lettering.Style small = new Lettering.Style(FontFace.SANS, TEXT, theme.soft());
        String caption = caption(note, source);
        double room = (double) width * DETAIL;
        List<String> titles = letters.wrap(title, bold, room);
        List<String> lines = letters.wrap(caption, small, room);
        int top = MARGIN + titles.size() * (LINE + 6) + TITLE - LINE - 6;
        double total = top + height + 8 + lines.size() * LINE + MARGIN;
        BufferedImage image =
                Sheet.blank((width + 2 * MARGIN) * DETAIL, total * DETAIL, theme, DETAIL);
        Graphics2D g = image.createGraphics();
        Lettering.prepare(g);
        for (int i = 0; i < titles.size(); i++) {
            double y = (MARGIN + 14 + i * (LINE + 6)) * (double) DETAIL;
            letters.draw(
                    g, titles.get(i), bold, Lettering.Anchor.START, MARGIN * (double) DETAIL, y);
        }
        for (int i = 0; i < lines.size(); i++) {
            double y = (top + height + 8 + 12 + i * LINE) * (double) DETAIL;
            letters.draw(
                    g, lines.get(i), small, Lettering.Anchor.START, MARGIN * (double) DETAIL, y);
        }
        g.scale(DETAIL, DETAIL);
        g.translate(MARGIN, top);
        JFreeChart chart = pane.chartFor(look(theme, dark), width, height);
        chart.draw(g, new Rectangle2D.Double(0, 0, width, height), null, null);
        g.dispose();
        return new Figure(image, fields(title, caption, source), title + ".");
    }

    private ChartLook look(FigureTheme theme, boolean dark) {
        return new ChartLook(
                theme.ink(),
                theme.soft(),
                theme.line(),
                dark ? new Color(0x22262C) : new Color(0xF3F5F7),
                dark ? new Color(0x58A6FF) : new Color(0x0969DA),
                fonts.font(FontFace.SANS, TEXT));
    }

    private static String caption(String note, Provenance source) {
        return source.model()
                + " \u00b7 "
                + NumberText.count(source.tokens())
                + " tokens"
                + (note.isEmpty() ? "" : " \u00b7 " + note)
                + " \u00b7 "
                + source.software();
    }

    private static Map<String, String> fields(String title, String caption, Provenance source) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("Title", title);
        fields.put("Software", source.software());
        fields.put("Description", caption);
        fields.put("model", source.model());
        fields.put("model-hash", source.modelHash());
        fields.put("tokens", Integer.toString(source.tokens()));
        fields.put("command", source.command());
        fields.values().removeIf(String::isEmpty);
        return fields;
    }
}
