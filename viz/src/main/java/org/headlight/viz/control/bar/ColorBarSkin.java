package org.headlight.viz.control.bar;

import javafx.beans.InvalidationListener;
import javafx.beans.Observable;
import javafx.scene.control.Label;
import javafx.scene.control.SkinBase;
import javafx.scene.control.Tooltip;

import org.headlight.viz.raster.NumberText;
import org.headlight.viz.raster.Pooling;
import org.headlight.viz.raster.Scale;

import java.util.List;

/** The gradient with its handles, and below it what it means in words. */
final class ColorBarSkin extends SkinBase<ColorBar> {
    private static final double BAR = 40;
    private static final double TEXT = 16;

    private final ColorBar bar;
    private final BarCanvas canvas;
    private final Label meaning = new Label();
    private final InvalidationListener changed = o -> update();

    ColorBarSkin(ColorBar bar) {
        super(bar);
        this.bar = bar;
        canvas = new BarCanvas(bar);
        meaning.getStyleClass().add("color-bar-meaning");
        meaning.setMinWidth(0);
        getChildren().addAll(canvas, meaning);
        watched().forEach(o -> o.addListener(changed));
        Tooltip.install(
                canvas,
                new Tooltip(
                        "Drag an end to change the range of the colours; double-click for all"));
        canvas.setOnMousePressed(e -> canvas.grab(e.getX()));
        canvas.setOnMouseDragged(e -> canvas.drag(e.getX()));
        canvas.setOnMouseClicked(e -> {
            if (e.getClickCount() == 2) {
                canvas.reset();
            }
        });
        update();
    }

    private List<Observable> watched() {
        return List.of(
                bar.colorMapProperty(),
                bar.darkProperty(),
                bar.scaleProperty(),
                bar.poolingProperty(),
                bar.smallestProperty(),
                bar.largestProperty(),
                bar.sinkDroppedProperty(),
                bar.droppedMassProperty(),
                bar.editableProperty());
    }

    private void update() {
        canvas.recolor();
        meaning.setText(meaning());
        Scale scale = bar.scaleProperty().get();
        bar.setAccessibleText(
                "Colours from "
                        + NumberText.probability(scale.low())
                        + " to "
                        + NumberText.probability(scale.high())
                        + ", "
                        + meaning());
    }

    private String meaning() {
        String kind =
                switch (bar.scaleProperty().get().kind()) {
                    case LINEAR -> "linear scale";
                    case LOG -> "log scale";
                    case PERCENTILE -> "linear between percentiles";
                };
        String pooling =
                bar.poolingProperty().get() == Pooling.MAX
                        ? "largest cell of each pixel"
                        : "mean of each pixel";
        String text = "attention weight, " + kind + ", " + pooling;
        if (bar.sinkDroppedProperty().get()) {
            long percent = Math.round(bar.droppedMassProperty().get() * 100);
            text += ", sink dropped, " + percent + " % of mass hidden";
        }
        return text;
    }

    @Override
    public void dispose() {
        watched().forEach(o -> o.removeListener(changed));
        super.dispose();
    }

    @Override
    protected double computePrefHeight(double w, double t, double r, double b, double l) {
        return t + BAR + TEXT + b;
    }

    @Override
    protected double computeMinHeight(double w, double t, double r, double b, double l) {
        return t + BAR + TEXT + b;
    }

    @Override
    protected double computeMinWidth(double h, double t, double r, double b, double l) {
        return l + 160 + r;
    }

    @Override
    protected double computePrefWidth(double h, double t, double r, double b, double l) {
        return l + 420 + r;
    }

    @Override
    protected void layoutChildren(double x, double y, double w, double h) {
        canvas.resizeRelocate(x, y, w, BAR);
        meaning.resizeRelocate(x, y + BAR, w, TEXT);
        canvas.repaint();
    }
}
