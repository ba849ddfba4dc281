package org.headlight.viz.control.profile;

import javafx.geometry.VPos;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.text.TextAlignment;

import org.headlight.viz.control.Painted;
import org.headlight.viz.control.TextWidth;
import org.headlight.viz.raster.Scale;
import org.headlight.viz.raster.Tick;
import org.headlight.viz.raster.Ticks;

/** Bars of a profile over its positions, axes with quantity and numbers, and a cursor. */
final class ProfileCanvas extends Painted {
    private static final double LEFT = 44;
    private static final double RIGHT = 8;
    private static final double TOP = 16;
    private static final double BOTTOM = 32;
    private static final float FLOOR = 1e-6f;

    private final ProfileChart chart;
    private TextWidth text = new TextWidth(font());

    ProfileCanvas(ProfileChart chart) {
        super("profile-canvas");
        this.chart = chart;
    }

    private double plotWidth() {
        return Math.max(1, getWidth() - LEFT - RIGHT);
    }

    int positionAt(double x) {
        float[] values = chart.valuesProperty().get();
        if (values == null || x < LEFT || x > LEFT + plotWidth()) {
            return ProfileChart.NONE;
        }
        int at = (int) ((x - LEFT) / plotWidth() * values.length);
        return at < values.length ? at : ProfileChart.NONE;
    }

    @Override
    protected void paint(GraphicsContext g, double width, double height) {
        float[] values = chart.valuesProperty().get();
        if (!text.font().equals(font())) {
            text = new TextWidth(font());
        }
        double bottom = height - BOTTOM;
        g.setTextBaseline(VPos.CENTER);
        g.setTextAlign(TextAlignment.LEFT);
        g.setFill(muted());
        g.fillText("weight", LEFT, 7);
        boolean row = chart.kind() == ProfileKind.ROW;
        g.setTextAlign(TextAlignment.RIGHT);
        g.fillText(row ? "key position" : "query position", width - RIGHT, height - 6);
        if (values == null || values.length == 0) {
            g.setStroke(line());
            g.strokeLine(LEFT, bottom + 0.5, width - RIGHT, bottom + 0.5);
            return;
        }
        float[] bars = Decimation.byMaximum(values, (int) plotWidth());
        Scale scale = scale(bars);
        grid(g, scale, width, bottom);
        positions(g, values.length, width, height);
        g.setFill(accent());
        for (int x = 0; x < bars.length; x++) {
            if (!Float.isNaN(bars[x])) {
                double tall = scale.position(bars[x]) * (bottom - TOP);
                g.fillRect(LEFT + x, bottom - tall, 1, tall);
            } else {
                g.setFill(ground());
                g.fillRect(LEFT + x, TOP, 1, bottom - TOP);
                g.setFill(accent());
            }
        }
        cursor(g, values.length, bottom);
    }

    private Scale scale(float[] bars) {
        float most = 0;
        float least = 1;
        for (float bar : bars) {
            if (bar > 0) {
                most = Math.max(most, bar);
                least = Math.min(least, bar);
            }
        }
        most = most > 0 ? most : 1;
        if (!chart.logarithmicProperty().get()) {
            return new Scale(Scale.Kind.LINEAR, 0, most);
        }
        float low = Math.max(FLOOR, least);
        return new Scale(Scale.Kind.LOG, low < most ? low : most / 10, most);
    }

    private void grid(GraphicsContext g, Scale scale, double width, double bottom) {
        int most = (int) Math.max(2, (bottom - TOP) / 24);
        g.setTextAlign(TextAlignment.RIGHT);
        for (Tick tick : Ticks.of(scale, most)) {
            if (tick.major()) {
                double at = scale.position((float) tick.value()) * (bottom - TOP);
                double y = Math.rint(bottom - at) + 0.5;
                g.setStroke(line());
                g.strokeLine(LEFT, y, width - RIGHT, y);
                g.setFill(muted());
                g.fillText(tick.label(), LEFT - 4, y);
            }
        }
        g.setStroke(line());
        g.strokeLine(LEFT, bottom + 0.5, width - RIGHT, bottom + 0.5);
    }

    private void positions(GraphicsContext g, int count, double width, double height) {
        g.setTextAlign(TextAlignment.CENTER);
        int most = (int) Math.max(2, plotWidth() / 56);
        for (Tick tick : Ticks.positions(0, count, most)) {
            double x = Math.rint(LEFT + (tick.value() + 0.5) / count * plotWidth());
            double half = text.of(tick.label()) / 2;
            g.setFill(muted());
            g.fillText(tick.label(), Math.min(x, width - half), height - BOTTOM + 10);
        }
    }

    private void cursor(GraphicsContext g, int count, double bottom) {
        mark(g, chart.markedProperty().get(), count, bottom, true);
        mark(g, chart.hoveredProperty().get(), count, bottom, false);
    }

    private void mark(GraphicsContext g, int at, int count, double bottom, boolean dashed) {
        if (at >= 0 && at < count) {
            double x = Math.rint(LEFT + (at + 0.5) / count * plotWidth()) + 0.5;
            g.setStroke(ink());
            g.setLineDashes(dashed ? new double[] {3, 2} : new double[0]);
            g.strokeLine(x, TOP - 4, x, bottom);
            g.setLineDashes(new double[0]);
        }
    }
}
