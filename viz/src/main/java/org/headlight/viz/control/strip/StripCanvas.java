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

    /** How much higher lines are where signs stand above or below the chips. */
    private static final double SIGN_ROOM = 8;

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
        return lines().lines() * lineHeight() + 4;
    }

    /** From one line to the next. */
    double lineHeight() {
        return strip.marks().isEmpty() ? LINE : LINE + SIGN_ROOM;
    }

    /** From the top of a line to its chips. */
    private double lead() {
        return strip.marks().isEmpty() ? 2 : 2 + SIGN_ROOM / 2;
    }

    int positionAt(double x, double y) {
        return lines().at((int) Math.floor((y + scroll) / lineHeight()), x - MARGIN);
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
        int first = Math.max(0, (int) (scroll / lineHeight()));
        int last = Math.min(lines.lines() - 1, (int) ((scroll + height) / lineHeight()));
        for (int line = first; line <= last; line++) {
            double y = line * lineHeight() - scroll + lead();
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
        Paint letters = ink();
        boolean written = strip.written(i);
        TokenTint tint = strip.tintProperty().get();
        float[] profile = strip.profileProperty().get();
        if (tint == null && (profile == null || i >= profile.length)) {
            g.setFill(written ? secondGround() : ground());
            g.fillRoundRect(x, y, w, CHIP, 6, 6);
        } else {
            float position = position(tint, profile, i);
            if (Float.isNaN(position)) {
                letters = muted();
            } else {
                int argb = palette().argb(position);
                g.setFill(color(argb));
                g.fillRoundRect(x, y, w, CHIP, 6, 6);
                letters = dark(argb) ? accentInk() : line();
            }
        }
        if (written) {
            response(g, x, y, w);
        }
        outline(g, i, x, y, w);
        g.setFill(letters);
        g.fillText(lines.label(i), x + StripLayout.PAD, y + CHIP / 2);
        signs(g, i, x, y, w);
    }

    /** Where a token lies along the colour map; NaN for nowhere. */
    private float position(@Nullable TokenTint tint, float @Nullable [] profile, int i) {
        if (tint != null) {
            return tint.scale().position(tint.value(i));
        }
        return profile == null ? Float.NaN : strip.scaleProperty().get().position(profile[i]);
    }

    /** The signs of a token: above side by side from the left, and so below. */
    private void signs(GraphicsContext g, int i, double x, double y, double w) {
        int above = 0;
        int below = 0;
        List<TokenMarks> marks = strip.marks();
        for (int kind = 0; kind < marks.size(); kind++) {
            TokenMarks mark = marks.get(kind);
            boolean over = mark.sign().above();
            if (mark.positions().contains(i)) {
                int nth = over ? above++ : below++;
                sign(g, mark.sign(), kind, x + Math.min(2 + nth * 10.0, Math.max(0, w - 8)), y);
            }
        }
    }

    private void sign(GraphicsContext g, TokenMarks.Sign sign, int kind, double x, double y) {
        double top = sign.above() ? y - 5 : y + CHIP - 1;
        g.save();
        g.translate(x, top);
        g.beginPath();
        g.appendSVGPath(sign.shape());
        g.setStroke(accentInk());
        g.setLineWidth(2);
        g.stroke();
        g.setFill(kind % 2 == 0 ? accent() : second());
        g.fill();
        g.restore();
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
