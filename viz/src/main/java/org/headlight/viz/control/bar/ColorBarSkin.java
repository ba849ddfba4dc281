package org.headlight.viz.control.bar;

import javafx.beans.InvalidationListener;
import javafx.beans.Observable;
import javafx.scene.control.SkinBase;
import javafx.scene.control.Tooltip;
import javafx.scene.input.MouseEvent;

import org.headlight.viz.raster.NumberText;
import org.headlight.viz.raster.Scale;

import java.util.List;

/** The gradient with its numbers, and its two handles. */
final class ColorBarSkin extends SkinBase<ColorBar> {
    private static final double WIDTH = 72;
    private static final double LEAST = 96;
    private static final double HANDLE = 8;
    private static final double OVER = 3;

    private final ColorBar bar;
    private final BarCanvas canvas;
    private final BarHandle upper;
    private final BarHandle lower;
    private final InvalidationListener changed = o -> update();

    ColorBarSkin(ColorBar bar) {
        super(bar);
        this.bar = bar;
        canvas = new BarCanvas(bar);
        upper = new BarHandle(bar, true);
        lower = new BarHandle(bar, false);
        getChildren().addAll(canvas, upper, lower);
        watched().forEach(o -> o.addListener(changed));
        Tooltip.install(
                canvas,
                new Tooltip(
                        "Drag an end, or move it with the arrow keys, to change the range of the"
                                + " colours; double-click, or press Home, for the usual range"));
        canvas.setOnMousePressed(this::grab);
        canvas.setOnMouseDragged(e -> canvas.drag(e.getY()));
        canvas.setOnMouseReleased(e -> {
            canvas.release();
            bar.requestLayout();
        });
        canvas.setOnMouseClicked(e -> {
            if (e.getClickCount() == 2) {
                bar.reset();
            }
        });
        update();
    }

    private void grab(MouseEvent event) {
        (canvas.grab(event.getY()) ? upper : lower).requestFocus();
    }

    private List<Observable> watched() {
        return List.of(
                bar.colorMapProperty(),
                bar.signedProperty(),
                bar.darkProperty(),
                bar.scaleProperty(),
                bar.smallestProperty(),
                bar.largestProperty(),
                bar.meaningProperty());
    }

    private void update() {
        canvas.recolor();
        bar.requestLayout();
        upper.tell();
        lower.tell();
        Scale scale = bar.scaleProperty().get();
        bar.setAccessibleText(
                "Colours from "
                        + NumberText.probability(scale.low())
                        + " to "
                        + NumberText.probability(scale.high())
                        + ", "
                        + bar.meaningProperty().get());
    }

    @Override
    public void dispose() {
        watched().forEach(o -> o.removeListener(changed));
        super.dispose();
    }

    @Override
    protected double computePrefHeight(double w, double t, double r, double b, double l) {
        return t + 320 + b;
    }

    @Override
    protected double computeMinHeight(double w, double t, double r, double b, double l) {
        return t + LEAST + b;
    }

    @Override
    protected double computeMaxHeight(double w, double t, double r, double b, double l) {
        return Double.MAX_VALUE;
    }

    @Override
    protected double computeMinWidth(double h, double t, double r, double b, double l) {
        return l + WIDTH + r;
    }

    @Override
    protected double computePrefWidth(double h, double t, double r, double b, double l) {
        return l + WIDTH + r;
    }

    @Override
    protected void layoutChildren(double x, double y, double w, double h) {
        canvas.resizeRelocate(x, y, w, h);
        place(upper, x, y + canvas.y(bar.scaleProperty().get().high()));
        place(lower, x, y + canvas.y(bar.scaleProperty().get().low()));
        canvas.repaint();
    }

    private static void place(BarHandle handle, double x, double at) {
        handle.resizeRelocate(
                x + BarCanvas.LEFT - OVER,
                Math.rint(at) - HANDLE / 2,
                BarCanvas.THICK + 2 * OVER,
                HANDLE);
    }
}
