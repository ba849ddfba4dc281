package org.headlight.viz.control.bar;

import javafx.geometry.VPos;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.paint.Color;
import javafx.scene.text.TextAlignment;

import org.headlight.viz.control.Painted;
import org.headlight.viz.control.TextWidth;
import org.headlight.viz.raster.NumberText;
import org.headlight.viz.raster.Palette;
import org.headlight.viz.raster.Scale;
import org.headlight.viz.raster.Tick;
import org.headlight.viz.raster.Ticks;
import org.jspecify.annotations.Nullable;

/**
 * The axis from bottom to top; between the two handles the gradient, beyond them the colours of
 * clipped values. Where the map has values beyond the axis or the handles, an arrow at that end and
 * the value that it goes to.
 */
final class BarCanvas extends Painted {
    /** Room for an arrow and its number at either end. */
    static final double END = 20;

    /** Where the gradient begins. */
    static final double LEFT = 4;

    /** How wide it is. */
    static final double THICK = 12;

    private static final double TEXT = LEFT + THICK + 8;
    private static final double TICK_ROOM = 40;

    private final ColorBar bar;
    private TextWidth text = new TextWidth(font());
    private @Nullable Palette palette;
    private @Nullable BarAxis held;
    private boolean holdsUpper;

    BarCanvas(ColorBar bar) {
        super("color-bar-canvas");
        this.bar = bar;
    }

    void recolor() {
        palette = null;
        repaint();
    }

    private Palette palette() {
        Palette now = palette;
        if (now == null) {
            boolean dark = bar.darkProperty().get();
            now =
                    bar.signedProperty().get()
                            ? Palette.signed(dark)
                            : bar.colorMapProperty().get().palette(dark);
            palette = now;
        }
        return now;
    }

    private BarAxis axis() {
        return held == null ? bar.axis() : held;
    }

    private double length() {
        return Math.max(1, getHeight() - 2 * END);
    }

    /** Where a value is painted, from the top. */
    double y(float value) {
        return END + (1 - axis().position(value)) * length();
    }

    /** Takes hold of the nearer end of the colours; true for the upper one. */
    boolean grab(double y) {
        held = bar.axis();
        bar.setDragging(true);
        Scale scale = bar.scaleProperty().get();
        holdsUpper = Math.abs(y - y(scale.high())) < Math.abs(y - y(scale.low()));
        drag(y);
        return holdsUpper;
    }

    void drag(double y) {
        double at = 1 - (y - END) / length();
        bar.scaleProperty().set(axis().moved(bar.scaleProperty().get(), holdsUpper, at));
    }

    void release() {
        held = null;
        bar.setDragging(false);
        repaint();
    }

    @Override
    protected void paint(GraphicsContext g, double width, double height) {
        if (!text.font().equals(font())) {
            text = new TextWidth(font());
        }
        Scale scale = bar.scaleProperty().get();
        double low = y(scale.low());
        double high = y(scale.high());
        Palette colors = palette();
        for (int y = (int) END; y < height - END; y++) {
            int argb;
            if (y + 1 > Math.ceil(low)) {
                argb = colors.under();
            } else if (y < Math.floor(high)) {
                argb = colors.over();
            } else {
                argb = colors.argb((float) Math.clamp((low - y) / Math.max(1, low - high), 0, 1));
            }
            g.setFill(color(argb));
            g.fillRect(LEFT, y, THICK, 1);
        }
        g.setStroke(line());
        g.strokeRect(LEFT - 0.5, END - 0.5, THICK + 1, height - 2 * END + 1);
        g.setTextAlign(TextAlignment.LEFT);
        g.setTextBaseline(VPos.CENTER);
        ticks(g);
        arrows(g, scale, height);
    }

    private void ticks(GraphicsContext g) {
        int most = (int) Math.max(2, length() / TICK_ROOM);
        double last = Double.POSITIVE_INFINITY;
        for (Tick tick : Ticks.of(axis().range(), most)) {
            double y = Math.rint(y((float) tick.value())) + 0.5;
            g.setStroke(line());
            double from = LEFT + THICK + 1;
            g.strokeLine(from, y, from + (tick.major() ? 4 : 2), y);
            if (tick.major() && y < last - 14) {
                g.setFill(muted());
                g.fillText(tick.label(), TEXT, y);
                last = y;
            }
        }
    }

    private void arrows(GraphicsContext g, Scale scale, double height) {
        float smallest = bar.smallestProperty().get();
        if (smallest < scale.low()) {
            g.setFill(color(palette().under()));
            boolean beyond = smallest < axis().range().low();
            arrow(g, height - END + 3, height - END + 11, beyond ? smallest : Float.NaN);
        }
        if (bar.largestProperty().get() > scale.high()) {
            g.setFill(color(palette().over()));
            arrow(g, END - 3, END - 11, Float.NaN);
        }
    }

    private void arrow(GraphicsContext g, double from, double to, float reach) {
        double[] xs = {LEFT, LEFT + THICK / 2, LEFT + THICK};
        double[] ys = {from, to, from};
        g.fillPolygon(xs, ys, 3);
        g.strokePolygon(xs, ys, 3);
        if (!Float.isNaN(reach)) {
            g.setFill(muted());
            String label = NumberText.probability(reach);
            g.fillText(label, Math.min(TEXT, getWidth() - text.of(label)), from + 11);
        }
    }

    private static Color color(int argb) {
        return Color.rgb((argb >> 16) & 0xFF, (argb >> 8) & 0xFF, argb & 0xFF);
    }
}
