package org.headlight.viz.export;

import org.headlight.assets.FontFace;
import org.headlight.viz.raster.AttentionMap;

import java.awt.BasicStroke;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;

/** Draws many heads on one sheet with one colour bar. */
public final class GridRenderer {
    private static final double MARGIN = 20;
    private static final double GAP = 14;
    private static final double NAME = 18;
    private static final double TITLE = 40;

    private final FigureFonts fonts;

    public GridRenderer(FigureRenderer renderer) {
        this.fonts = renderer.fonts();
    }

    /** Where everything is, in pixels. */
    private record Layout(
            double unit,
            double left,
            double top,
            int panelWidth,
            int panelHeight,
            double stepX,
            double stepY,
            double right,
            double bottom) {}

    /**
     * Draws the grid.
     *
     * @throws org.headlight.engine.problem.BadInputException when it would be larger than 16 384
     *     pixels
     * @throws org.headlight.engine.problem.TooLargeException when it would not fit in memory
     */
    public Figure render(GridSpec spec) {
        Sheet.checkSize(spec.look().size());
        FigureLook look = spec.look();
        double unit = Math.clamp(look.size() * spec.columns() / 1000.0, 0.8, 12);
        Lettering letters = new Lettering(fonts, unit);
        Caption caption = new Caption(look, spec.source());
        MapAxes axes = new MapAxes(letters, unit, look.dark());
        ColorBar bar = new ColorBar(letters, unit, look, caption);
        FigureTheme theme = FigureTheme.of(look.dark());
        Layout at = layout(spec, axes, unit);

        double barLeft = at.right + (GAP + 4) * unit;
        double width =
                Math.max(
                        barLeft + bar.width() + MARGIN * unit,
                        2 * MARGIN * unit
                                + FigureRenderer.titleWidth(
                                        letters, spec.title(), caption.subject(), theme));
        double body = Math.max(at.bottom, at.top + bar.minHeight());
        double captionTop = body + (spec.axes() ? 62 : 24) * unit;
        Lettering.Style small = new Lettering.Style(FontFace.SANS, 11, theme.soft());
        BodyPlan plan = plan(spec.rows().getFirst().getFirst().map(), look);
        String pooling = plan.text(caption.rule());
        String what = spec.title() + ", all panels on one scale";
        List<String> lines =
                letters.wrap(caption.line(what, pooling), small, width - 2 * MARGIN * unit);
        double height = captionTop + (lines.size() * 16 + MARGIN - 8) * unit;

        BufferedImage image = Sheet.blank(width, height, theme, unit);
        MapBody cells = new MapBody(look);
        Graphics2D g = image.createGraphics();
        Lettering.prepare(g);
        g.setStroke(new BasicStroke((float) Math.max(1, unit * 0.9)));
        panels(g, spec, at, letters, image, cells);
        if (spec.axes()) {
            ticks(g, spec, at, axes);
        }
        double barBottom = Math.min(body, at.top + 460 * unit);
        bar.draw(g, barLeft, at.top, Math.max(barBottom, at.top + bar.minHeight()), cells);
        double titleTop = (MARGIN + 16 + 14) * unit;
        FigureRenderer.title(g, letters, spec.title(), caption.subject(), theme, at.left, titleTop);
        for (int i = 0; i < lines.size(); i++) {
            double y = captionTop + (i * 16 + 4) * unit;
            letters.draw(g, lines.get(i), small, Lettering.Anchor.START, MARGIN * unit, y);
        }
        g.dispose();
        String title = spec.title() + " \u00b7 " + caption.subject();
        return new Figure(image, caption.fields(title, what, pooling), alt(spec, caption));
    }

    private static Layout layout(GridSpec spec, MapAxes axes, double unit) {
        int width = 1;
        int height = 1;
        double ticks = 0;
        for (List<GridSpec.Panel> row : spec.rows()) {
            for (GridSpec.Panel panel : row) {
                BodyPlan plan = plan(panel.map(), spec.look());
                width = Math.max(width, plan.width());
                height = Math.max(height, plan.height());
                ticks = Math.max(ticks, spec.axes() ? axes.left(rows(panel, plan)) : 0);
            }
        }
        double left = Math.rint(MARGIN * unit + ticks);
        double top = Math.rint((MARGIN + TITLE + NAME) * unit);
        double stepX = Math.rint(width + GAP * unit);
        double stepY = Math.rint(height + (GAP + NAME) * unit);
        double right = left + stepX * (spec.columns() - 1) + width;
        double bottom = top + stepY * (spec.rows().size() - 1) + height;
        return new Layout(unit, left, top, width, height, stepX, stepY, right, bottom);
    }

    private static void panels(
            Graphics2D g,
            GridSpec spec,
            Layout at,
            Lettering letters,
            BufferedImage image,
            MapBody cells) {
        FigureTheme theme = FigureTheme.of(spec.look().dark());
        Lettering.Style name = new Lettering.Style(FontFace.SANS_SEMIBOLD, 11, theme.ink());
        Lettering.Style note = new Lettering.Style(FontFace.SANS, 10, theme.soft());
        for (int r = 0; r < spec.rows().size(); r++) {
            List<GridSpec.Panel> row = spec.rows().get(r);
            for (int c = 0; c < row.size(); c++) {
                GridSpec.Panel panel = row.get(c);
                double x = at.left + c * at.stepX;
                double y = at.top + r * at.stepY;
                BodyPlan plan = plan(panel.map(), spec.look());
                cells.draw(panel.map(), MapRange.all(panel.map()), plan, image, (int) x, (int) y);
                g.setColor(theme.line());
                g.draw(
                        new Rectangle2D.Double(
                                x - 0.5, y - 0.5, plan.width() + 1, plan.height() + 1));
                double base = y - 5 * at.unit;
                double used = letters.draw(g, panel.name(), name, Lettering.Anchor.START, x, base);
                if (used + letters.width(panel.note(), note) + 4 * at.unit <= plan.width()) {
                    letters.draw(
                            g, panel.note(), note, Lettering.Anchor.END, x + plan.width(), base);
                }
            }
        }
    }

    private static void ticks(Graphics2D g, GridSpec spec, Layout at, MapAxes axes) {
        double lowest = 0;
        for (int r = 0; r < spec.rows().size(); r++) {
            List<GridSpec.Panel> row = spec.rows().get(r);
            double y = at.top + r * at.stepY;
            GridSpec.Panel first = row.getFirst();
            axes.rowTicks(g, rows(first, plan(first.map(), spec.look())), at.left, y);
            int below = r + 1 < spec.rows().size() ? spec.rows().get(r + 1).size() : 0;
            for (int c = below; c < row.size(); c++) {
                GridSpec.Panel panel = row.get(c);
                BodyPlan plan = plan(panel.map(), spec.look());
                axes.colTicks(
                        g,
                        new MapAxes.Axis(0, panel.map().cols(), List.of(), plan),
                        at.left + c * at.stepX,
                        y + plan.height());
                lowest = Math.max(lowest, y + plan.height());
            }
        }
        axes.names(
                g,
                (MARGIN + 12) * at.unit,
                (at.top + at.bottom) / 2,
                (at.left + at.right) / 2,
                lowest + 34 * at.unit);
    }

    private static MapAxes.Axis rows(GridSpec.Panel panel, BodyPlan plan) {
        return new MapAxes.Axis(0, panel.map().rows(), List.of(), plan);
    }

    private static BodyPlan plan(AttentionMap map, FigureLook look) {
        return BodyPlan.of(MapRange.all(map), look.size(), 64);
    }

    private static String alt(GridSpec spec, Caption caption) {
        int panels = spec.rows().stream().mapToInt(List::size).sum();
        return "Attention maps of "
                + panels
                + " heads ("
                + spec.title()
                + ") of "
                + caption.subject()
                + ", all on one "
                + (caption.quantity().contains("log") ? "logarithmic" : "linear")
                + " colour scale.";
    }
}
