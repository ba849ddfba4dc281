package org.headlight.viz.export;

import org.headlight.assets.Assets;
import org.headlight.assets.FontFace;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Draws matrices side by side in one figure: one key of colours, a title over each. */
public final class MatrixRowRenderer {
    private static final double UNIT = MatrixBody.UNIT;
    private static final double MARGIN = 20;
    private static final double BODY = 360;
    private static final double GAP = 28;
    private static final double LINE = 16;

    /** From the top of the page to the cells: title, panel title, note, axis and labels. */
    private static final double HEAD = 104;

    private final FigureFonts fonts;

    public MatrixRowRenderer(Assets assets) {
        this.fonts = new FigureFonts(assets);
    }

    /**
     * Draws the matrices.
     *
     * @throws org.headlight.engine.problem.BadInputException when the figure would be larger than
     *     16 384 pixels
     * @throws org.headlight.engine.problem.TooLargeException when it would not fit in memory
     */
    public Figure render(MatrixRowSpec spec) {
        Lettering letters = new Lettering(fonts, UNIT);
        FigureTheme theme = FigureTheme.of(spec.dark());
        Lettering.Style bold = new Lettering.Style(FontFace.SANS_SEMIBOLD, 16, theme.ink());
        Lettering.Style head = new Lettering.Style(FontFace.SANS_SEMIBOLD, 12, theme.ink());
        Lettering.Style soft = new Lettering.Style(FontFace.SANS, 11, theme.soft());
        List<MatrixBody> bodies = new ArrayList<>();
        double x = MARGIN * UNIT;
        double bottom = 0;
        for (MatrixRowSpec.Panel panel : spec.panels()) {
            MatrixBody body = body(spec, panel, letters, theme, x, soft);
            bodies.add(body);
            double wide =
                    Math.max(letters.width(panel.title(), head), letters.width(panel.note(), soft));
            x = Math.max(body.right(), body.left() + wide) + GAP * UNIT;
            bottom = Math.max(bottom, body.bottom());
        }
        MatrixBody first = bodies.getFirst();
        double right = Math.max(x - GAP * UNIT, first.left() + (MatrixBody.KEY + 140) * UNIT);
        right = Math.max(right, MARGIN * UNIT + letters.width(spec.title(), bold));
        String caption = spec.source().caption(spec.note());
        List<String> lines = letters.wrap(caption, soft, right - MARGIN * UNIT);
        double keyTop = bottom + 20 * UNIT;
        double captionTop = keyTop + 44 * UNIT;
        double height = captionTop + (lines.size() * LINE + MARGIN - 8) * UNIT;
        BufferedImage image = Sheet.blank(right + MARGIN * UNIT, height, theme, UNIT);
        Graphics2D g = image.createGraphics();
        Lettering.prepare(g);
        Lettering.Anchor start = Lettering.Anchor.START;
        letters.draw(g, spec.title(), bold, start, MARGIN * UNIT, (MARGIN + 12) * UNIT);
        for (int i = 0; i < bodies.size(); i++) {
            MatrixRowSpec.Panel panel = spec.panels().get(i);
            MatrixBody body = bodies.get(i);
            letters.draw(g, panel.title(), head, start, body.left(), (MARGIN + 38) * UNIT);
            letters.draw(g, panel.note(), soft, start, body.left(), (MARGIN + 53) * UNIT);
            body.draw(g);
        }
        first.key(g, keyTop);
        for (int i = 0; i < lines.size(); i++) {
            double y = captionTop + (i * LINE + 4) * UNIT;
            letters.draw(g, lines.get(i), soft, start, MARGIN * UNIT, y);
        }
        g.dispose();
        return new Figure(image, spec.source().fields(spec.title(), caption), alt(spec));
    }

    private static MatrixBody body(
            MatrixRowSpec spec,
            MatrixRowSpec.Panel panel,
            Lettering letters,
            FigureTheme theme,
            double x,
            Lettering.Style labels) {
        double cell = MatrixBody.cell(panel.values(), BODY);
        double left = x + 8 * UNIT + MatrixBody.labelWidth(panel.values(), letters, labels);
        return new MatrixBody(
                panel.values(),
                spec.scale(),
                letters,
                theme,
                spec.colorMap().palette(spec.dark()),
                Math.ceil(left),
                Math.ceil((MARGIN + HEAD) * UNIT),
                cell * UNIT,
                Math.min(cell, 36) * UNIT);
    }

    private static String alt(MatrixRowSpec spec) {
        return spec.title()
                + ": "
                + spec.panels().getFirst().values().valueName()
                + " side by side: "
                + spec.panels().stream()
                        .map(MatrixRowSpec.Panel::title)
                        .collect(Collectors.joining(", "))
                + ".";
    }
}
