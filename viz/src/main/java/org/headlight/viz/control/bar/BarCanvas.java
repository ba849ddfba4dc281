package org.headlight.viz.control.bar;

import javafx.geometry.VPos;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.paint.Color;
import javafx.scene.text.TextAlignment;

import org.headlight.viz.control.Painted;
import org.headlight.viz.control.TextWidth;
import org.headlight.viz.raster.Palette;
import org.headlight.viz.raster.Scale;
import org.headlight.viz.raster.Tick;
import org.headlight.viz.raster.Ticks;
import org.jspecify.annotations.Nullable;

/**
 * The range of the map from end to end; between the two handles the gradient, beyond them the
 * colours of clipped values, with an arrow where there are such values.
 */
final class BarCanvas extends Painted {
    private static final double SIDE = 16;
    private static final double TOP = 4;
    private static final double THICK = 12;
    private static final double HANDLE = 3;
    private static final double APART = 0.02;

    private final ColorBar bar;
    private TextWidth text = new TextWidth(font());
    private @Nullable Palette palette;
    private boolean holdsHigh;

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
            now = bar.colorMapProperty().get().palette(bar.darkProperty().get());
            palette = now;
        }
        return now;
    }

    /** Everything that the handles can reach, on a scale of the same kind. */
    Scale domain() {
        Scale scale = bar.scaleProperty().get();
        float high = Math.max(scale.high(), bar.largestProperty().get());
        if (scale.kind() == Scale.Kind.LOG) {
            float least = Math.max(1e-9f, bar.smallestProperty().get());
            return new Scale(Scale.Kind.LOG, Math.min(scale.low(), least), high);
        }
        return new Scale(scale.kind(), Math.min(0, scale.low()), high);
    }

    private double x(double position) {
        return SIDE + position * (getWidth() - 2 * SIDE);
    }

    void grab(double x) {
        Scale domain = domain();
        Scale scale = bar.scaleProperty().get();
        double low = x(domain.position(scale.low()));
        double high = x(domain.position(scale.high()));
        holdsHigh = Math.abs(x - high) < Math.abs(x - low);
        drag(x);
    }

    void drag(double x) {
        if (!bar.editableProperty().get()) {
            return;
        }
        Scale domain = domain();
        Scale scale = bar.scaleProperty().get();
        double at = Math.clamp((x - SIDE) / Math.max(1, getWidth() - 2 * SIDE), 0, 1);
        float low = scale.low();
        float high = scale.high();
        if (holdsHigh) {
            double least = domain.position(low) + APART;
            high = domain.value((float) Math.max(at, Math.min(1, least)));
        } else {
            double most = domain.position(high) - APART;
            low = domain.value((float) Math.min(at, Math.max(0, most)));
        }
        if (high > low) {
            bar.scaleProperty().set(new Scale(scale.kind(), low, high));
        }
    }

    /** All that the map holds. */
    void reset() {
        if (bar.editableProperty().get()) {
            Scale domain = domain();
            bar.scaleProperty()
                    .set(new Scale(domain.kind(), domain.low(), bar.largestProperty().get()));
        }
    }

    @Override
    protected void paint(GraphicsContext g, double width, double height) {
        if (!text.font().equals(font())) {
            text = new TextWidth(font());
        }
        Scale domain = domain();
        Scale scale = bar.scaleProperty().get();
        double low = x(domain.position(scale.low()));
        double high = x(domain.position(scale.high()));
        Palette colors = palette();
        for (int x = (int) SIDE; x < width - SIDE; x++) {
            int argb;
            if (x < Math.floor(low)) {
                argb = colors.under();
            } else if (x >= high) {
                argb = colors.over();
            } else {
                argb = colors.argb((float) ((x - low) / Math.max(1, high - low)));
            }
            g.setFill(color(argb));
            g.fillRect(x, TOP, 1, THICK);
        }
        g.setStroke(line());
        g.strokeRect(SIDE - 0.5, TOP - 0.5, width - 2 * SIDE + 1, THICK + 1);
        arrows(g, scale, width);
        ticks(g, domain, width);
        if (bar.editableProperty().get()) {
            handle(g, low);
            handle(g, high);
        }
    }

    private void arrows(GraphicsContext g, Scale scale, double width) {
        double middle = TOP + THICK / 2;
        if (bar.smallestProperty().get() < scale.low()) {
            g.setFill(color(palette().under()));
            arrow(g, SIDE - 4, SIDE - 12, middle);
        }
        if (bar.largestProperty().get() > scale.high()) {
            g.setFill(color(palette().over()));
            arrow(g, width - SIDE + 4, width - SIDE + 12, middle);
        }
    }

    private void arrow(GraphicsContext g, double from, double to, double middle) {
        double[] xs = {from, to, from};
        double[] ys = {middle - THICK / 2, middle, middle + THICK / 2};
        g.fillPolygon(xs, ys, 3);
        g.strokePolygon(xs, ys, 3);
    }

    private void ticks(GraphicsContext g, Scale domain, double width) {
        g.setTextAlign(TextAlignment.CENTER);
        g.setTextBaseline(VPos.CENTER);
        int most = (int) Math.max(2, (width - 2 * SIDE) / 56);
        double end = Double.NEGATIVE_INFINITY;
        for (Tick tick : Ticks.of(domain, most)) {
            double x = Math.rint(x(domain.position((float) tick.value()))) + 0.5;
            g.setStroke(line());
            g.strokeLine(x, TOP + THICK, x, TOP + THICK + (tick.major() ? 5 : 3));
            double half = text.of(tick.label()) / 2;
            if (tick.major() && x - half > end + 4) {
                g.setFill(muted());
                g.fillText(tick.label(), x, TOP + THICK + 13);
                end = x + half;
            }
        }
    }

    private void handle(GraphicsContext g, double at) {
        double x = Math.rint(at);
        g.setFill(ground());
        g.setStroke(ink());
        g.fillRoundRect(x - HANDLE + 0.5, TOP - 2.5, 2 * HANDLE, THICK + 5, 4, 4);
        g.strokeRoundRect(x - HANDLE + 0.5, TOP - 2.5, 2 * HANDLE, THICK + 5, 4, 4);
    }

    private static Color color(int argb) {
        return Color.rgb((argb >> 16) & 0xFF, (argb >> 8) & 0xFF, argb & 0xFF);
    }
}
