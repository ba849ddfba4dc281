package org.headlight.viz.export;

import org.headlight.assets.Assets;
import org.headlight.assets.FontFace;
import org.headlight.viz.raster.ValueGrid;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.List;

/** Draws a matrix of values as a figure: cells with their numbers, labels, colour key, caption. */
public final class MatrixRenderer {
    private static final double UNIT = MatrixBody.UNIT;
    private static final double MARGIN = 20;
    private static final double BODY = 640;
    private static final double LINE = 16;

    private final FigureFonts fonts;

    public MatrixRenderer(Assets assets) {
        this.fonts = new FigureFonts(assets);
    }

    /**
     * Draws the matrix.
     *
     * @throws org.headlight.engine.problem.BadInputException when it would be larger than 16 384
     *     pixels
     * @throws org.headlight.engine.problem.TooLargeException when it would not fit in memory
     */
    public Figure render(MatrixSpec spec) {
        MatrixBody page = body(spec);
        Lettering letters = page.letters();
        Lettering.Style bold = new Lettering.Style(FontFace.SANS_SEMIBOLD, 16, page.theme().ink());
        double width =
                Math.max(
                        Math.max(page.right(), page.left() + (MatrixBody.KEY + 140) * UNIT),
                        MARGIN * UNIT + letters.width(spec.title(), bold));
        String caption = spec.source().caption(spec.note());
        List<String> lines = letters.wrap(caption, page.soft(11), width - MARGIN * UNIT);
        double keyTop = page.bottom() + 20 * UNIT;
        double captionTop = keyTop + 44 * UNIT;
        double height = captionTop + (lines.size() * LINE + MARGIN - 8) * UNIT;
        BufferedImage image = Sheet.blank(width + MARGIN * UNIT, height, page.theme(), UNIT);
        Graphics2D g = image.createGraphics();
        Lettering.prepare(g);
        letters.draw(
                g, spec.title(), bold, Lettering.Anchor.START, MARGIN * UNIT, (MARGIN + 12) * UNIT);
        page.draw(g);
        page.key(g, keyTop);
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
        return new Figure(image, spec.source().fields(spec.title(), caption), alt(spec));
    }

    private MatrixBody body(MatrixSpec spec) {
        Lettering letters = new Lettering(fonts, UNIT);
        FigureTheme theme = FigureTheme.of(spec.dark());
        Lettering.Style soft = new Lettering.Style(FontFace.SANS, 11, theme.soft());
        double cell = MatrixBody.cell(spec.values(), BODY);
        return new MatrixBody(
                spec.values(),
                spec.scale(),
                letters,
                theme,
                spec.colorMap().palette(spec.dark()),
                Math.ceil(
                        (MARGIN + 8) * UNIT + MatrixBody.labelWidth(spec.values(), letters, soft)),
                Math.ceil((MARGIN + 54) * UNIT),
                cell * UNIT,
                Math.min(cell, 36) * UNIT);
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
