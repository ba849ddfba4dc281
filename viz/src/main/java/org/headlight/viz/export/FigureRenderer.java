package org.headlight.viz.export;

import org.headlight.assets.Assets;
import org.headlight.assets.FontFace;
import org.headlight.viz.raster.BlockOverlay;
import org.headlight.viz.raster.NumberText;
import org.jspecify.annotations.Nullable;

import java.awt.BasicStroke;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Map;

/**
 * Draws figures with Java2D, with or without a display: the map on whole pixels, axes, colour bar,
 * title and caption. All sizes of type follow the size of the map.
 */
public final class FigureRenderer {
    private static final double MARGIN = 20;
    private static final double BAR_GAP = 18;
    private static final int MOST_MAGNIFIED = 96;

    private final FigureFonts fonts;

    public FigureRenderer(Assets assets) {
        this.fonts = new FigureFonts(assets);
    }

    FigureFonts fonts() {
        return fonts;
    }

    /** How large type and gaps are, for maps of a size in pixels. */
    static double unit(int size) {
        return Math.clamp(size / 720.0, 0.8, 16);
    }

    /**
     * Draws the whole map or the range of the spec.
     *
     * @throws org.headlight.engine.problem.BadInputException when it would be larger than 16 384
     *     pixels
     * @throws org.headlight.engine.problem.TooLargeException when it would not fit in memory
     */
    public Figure render(FigureSpec spec) {
        return render(spec, null);
    }

    /**
     * Draws the whole map or the range of the spec, and blocks over it.
     *
     * @param overlay what is laid over the map; null for nothing
     * @throws org.headlight.engine.problem.BadInputException when it would be larger than 16 384
     *     pixels
     * @throws org.headlight.engine.problem.TooLargeException when it would not fit in memory
     */
    public Figure render(FigureSpec spec, @Nullable BlockOverlay overlay) {
        Sheet.checkSize(spec.look().size());
        FigureLook look = spec.look();
        MapRange range = spec.range();
        double unit = unit(look.size());
        BodyPlan plan = BodyPlan.of(range, look.size(), (int) (MOST_MAGNIFIED * unit));
        Lettering letters = new Lettering(fonts, unit);
        Caption caption = new Caption(look, spec.source());
        MapAxes axes = new MapAxes(letters, unit, look.dark());
        ColorBar bar = new ColorBar(letters, unit, look, caption);
        MapAxes.Axis rows = new MapAxes.Axis(range.row0(), range.row1(), spec.queryTokens(), plan);
        MapAxes.Axis cols = new MapAxes.Axis(range.col0(), range.col1(), spec.keyTokens(), plan);

        double left = Math.rint(MARGIN * unit + axes.left(rows));
        double top = Math.rint((MARGIN + 34) * unit);
        double barLeft = left + plan.width() + BAR_GAP * unit;
        double bodyHeight = Math.max(plan.height() + axes.below(cols), bar.minHeight());
        FigureTheme theme = FigureTheme.of(look.dark());
        String subject = caption.subject() + part(range, spec);
        double width =
                Math.max(
                        barLeft + bar.width() + MARGIN * unit,
                        left + titleWidth(letters, spec.head(), subject, theme) + MARGIN * unit);
        Lettering.Style small = new Lettering.Style(FontFace.SANS, 11, theme.soft());
        String pooling = plan.text(caption.rule());
        List<String> lines =
                letters.wrap(caption.line(what(spec), pooling), small, width - 2 * MARGIN * unit);
        double captionTop = top + bodyHeight + 22 * unit;
        double height = captionTop + lines.size() * 16 * unit + (MARGIN - 10) * unit;

        BufferedImage image = Sheet.blank(width, height, theme, unit);
        MapBody body = new MapBody(look);
        body.draw(spec.map(), range, plan, image, (int) left, (int) top);
        Graphics2D g = image.createGraphics();
        Lettering.prepare(g);
        if (overlay != null) {
            new OverlayBody(g, look.palette(), unit).draw(overlay, range, plan, left, top);
        }
        g.setStroke(new BasicStroke((float) Math.max(1, unit * 0.9)));
        g.setColor(theme.line());
        g.draw(new Rectangle2D.Double(left - 0.5, top - 0.5, plan.width() + 1, plan.height() + 1));
        axes.draw(g, rows, cols, left, top);
        bar.draw(g, barLeft, top, top + Math.max(plan.height(), bar.minHeight()), body);
        title(g, letters, spec.head(), subject, theme, left, top);
        for (int i = 0; i < lines.size(); i++) {
            double y = captionTop + (i * 16 + 4) * unit;
            letters.draw(g, lines.get(i), small, Lettering.Anchor.START, MARGIN * unit, y);
        }
        g.dispose();
        String fullTitle = spec.head() + " \u00b7 " + subject;
        Map<String, String> fields = caption.fields(fullTitle, what(spec), pooling);
        return new Figure(image, fields, alt(spec, caption));
    }

    static double titleWidth(Lettering letters, String head, String rest, FigureTheme theme) {
        Lettering.Style bold = new Lettering.Style(FontFace.SANS_SEMIBOLD, 16, theme.ink());
        return letters.width(head + " \u00b7 " + rest, bold);
    }

    static void title(
            Graphics2D g,
            Lettering letters,
            String head,
            String rest,
            FigureTheme theme,
            double x,
            double top) {
        double unit = letters.unit();
        Lettering.Style bold = new Lettering.Style(FontFace.SANS_SEMIBOLD, 16, theme.ink());
        Lettering.Style plain = new Lettering.Style(FontFace.SANS, 16, theme.soft());
        double y = top - 14 * unit;
        double advance = letters.draw(g, head, bold, Lettering.Anchor.START, x, y);
        letters.draw(g, "\u00b7 " + rest, plain, Lettering.Anchor.START, x + advance + 5 * unit, y);
    }

    private static String part(MapRange range, FigureSpec spec) {
        if (range.equals(MapRange.all(spec.map()))) {
            return "";
        }
        return " \u00b7 queries "
                + span(range.row0(), range.row1())
                + ", keys "
                + span(range.col0(), range.col1());
    }

    private static String span(int from, int end) {
        return NumberText.count(from) + "\u2013" + NumberText.count(end - 1L);
    }

    private static String what(FigureSpec spec) {
        return spec.head() + part(spec.range(), spec);
    }

    private static String alt(FigureSpec spec, Caption caption) {
        return "Attention map of head "
                + spec.head()
                + " of "
                + caption.subject()
                + ": queries from top to bottom, keys from left to right, colour is "
                + caption.quantity()
                + ".";
    }
}
