package org.headlight.viz.control.strip;

import javafx.geometry.VPos;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.paint.Color;
import javafx.scene.paint.Paint;
import javafx.scene.text.TextAlignment;

import org.headlight.engine.token.Token;
import org.headlight.viz.control.Painted;
import org.headlight.viz.control.TextWidth;
import org.headlight.viz.raster.NumberText;
import org.headlight.viz.raster.Palette;
import org.jspecify.annotations.Nullable;

import java.util.List;

/** Paints the chips that are seen, and knows where each one is. */
final class StripCanvas extends Painted {
    static final double LINE = 24;
    private static final double CHIP = 20;
    private static final double MARGIN = 52;
    private static final double LID = 3;
    private static final double DARK_BELOW = 0.5;

    private final TokenStrip strip;
    private TextWidth text = new TextWidth(font());
    private @Nullable StripLayout layout;
    private double layoutWidth;
    private @Nullable List<Token> layoutTokens;
    private @Nullable Palette palette;
    private double scroll;

    StripCanvas(TokenStrip strip) {
        super("token-strip-canvas");
        this.strip = strip;
    }

    void scrollTo(double offset) {
        scroll = offset;
        repaint();
    }

    void recolor() {
        palette = null;
        repaint();
    }

    /** The lines for the present width and tokens. */
    @SuppressWarnings("ReferenceEquality") // Comparing 32,768 tokens each frame is not wanted.
    StripLayout lines() {
        List<Token> tokens = strip.tokensProperty().get();
        if (!text.font().equals(font())) {
            text = new TextWidth(font());
            layout = null;
        }
        StripLayout now = layout;
        if (now == null || layoutWidth != getWidth() || layoutTokens != tokens) {
            now = StripLayout.of(tokens, text, Math.max(40, getWidth() - MARGIN));
            layout = now;
            layoutWidth = getWidth();
            layoutTokens = tokens;
        }
        return now;
    }

    double contentHeight() {
        return lines().lines() * LINE + 4;
    }

    int positionAt(double x, double y) {
        return lines().at((int) Math.floor((y + scroll) / LINE), x - MARGIN);
    }

    private Palette palette() {
        Palette now = palette;
        if (now == null) {
            now = strip.colorMapProperty().get().palette(strip.darkProperty().get());
            palette = now;
        }
        return now;
    }

    @Override
    protected void paint(GraphicsContext g, double width, double height) {
        StripLayout lines = lines();
        g.setTextBaseline(VPos.CENTER);
        int first = Math.max(0, (int) (scroll / LINE));
        int last = Math.min(lines.lines() - 1, (int) ((scroll + height) / LINE));
        for (int line = first; line <= last; line++) {
            double y = line * LINE - scroll + 2;
            g.setFill(muted());
            g.setTextAlign(TextAlignment.RIGHT);
            g.fillText(NumberText.count(lines.start(line)), MARGIN - 8, y + CHIP / 2);
            g.setTextAlign(TextAlignment.LEFT);
            for (int i = lines.start(line); i < lines.end(line); i++) {
                chip(g, lines, i, y);
            }
        }
    }

    private void chip(GraphicsContext g, StripLayout lines, int i, double y) {
        double x = MARGIN + lines.left(i);
        double w = lines.width(i);
        float @Nullable [] profile = strip.profileProperty().get();
        Paint letters = ink();
        boolean written = strip.written(i);
        if (profile == null || i >= profile.length) {
            g.setFill(written ? secondGround() : ground());
            g.fillRoundRect(x, y, w, CHIP, 6, 6);
        } else if (Float.isNaN(profile[i])) {
            letters = muted();
        } else {
            int argb = palette().argb(strip.scaleProperty().get().position(profile[i]));
            g.setFill(color(argb));
            g.fillRoundRect(x, y, w, CHIP, 6, 6);
            letters = dark(argb) ? accentInk() : line();
        }
        if (written) {
            response(g, x, y, w);
        }
        outline(g, i, x, y, w);
        g.setFill(letters);
        g.fillText(lines.label(i), x + StripLayout.PAD, y + CHIP / 2);
    }

    /** A lid over what the model wrote; apart from any colour of the data below it. */
    private void response(GraphicsContext g, double x, double y, double w) {
        g.setFill(second());
        g.fillRect(x + 1, y - LID / 2, w - 2, LID);
    }

    private void outline(GraphicsContext g, int i, double x, double y, double w) {
        boolean query = i == strip.queryProperty().get();
        boolean key = i == strip.keyProperty().get();
        if (query) {
            g.setStroke(accent());
            g.setLineWidth(2);
            g.strokeRoundRect(x + 1, y + 1, w - 2, CHIP - 2, 6, 6);
        }
        if (key) {
            g.setFill(accent());
            g.fillRect(x, y + CHIP - 3, w, 3);
        }
        if (i == strip.hoveredProperty().get()) {
            g.setStroke(ink());
            g.setLineWidth(1);
            g.strokeRoundRect(x + 0.5, y + 0.5, w - 1, CHIP - 1, 6, 6);
        }
        g.setLineWidth(1);
    }

    private static Color color(int argb) {
        return Color.rgb((argb >> 16) & 0xFF, (argb >> 8) & 0xFF, argb & 0xFF);
    }

    /** Whether light letters read better on this colour of the data. */
    private static boolean dark(int argb) {
        double light =
                0.299 * ((argb >> 16) & 0xFF)
                        + 0.587 * ((argb >> 8) & 0xFF)
                        + 0.114 * (argb & 0xFF);
        return light / 255 < DARK_BELOW;
    }
}
