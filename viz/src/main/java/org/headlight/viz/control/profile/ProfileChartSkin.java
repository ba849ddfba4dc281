package org.headlight.viz.control.profile;

import javafx.beans.InvalidationListener;
import javafx.beans.Observable;
import javafx.scene.control.Label;
import javafx.scene.control.SkinBase;

import org.headlight.viz.raster.NumberText;
import org.headlight.viz.text.TokenLabel;

import java.util.List;

/** A title that says whose profile this is, and the chart. */
final class ProfileChartSkin extends SkinBase<ProfileChart> {
    private static final double TITLE = 20;

    private final ProfileChart chart;
    private final ProfilePane canvas;
    private final Label title = new Label();
    private final Label reading = new Label();
    private final InvalidationListener changed = o -> update();

    ProfileChartSkin(ProfileChart chart) {
        super(chart);
        this.chart = chart;
        canvas = new ProfilePane(chart);
        title.getStyleClass().add("profile-title");
        title.setMinWidth(0);
        reading.getStyleClass().add("profile-reading");
        reading.setMinWidth(0);
        getChildren().addAll(title, canvas, reading);
        watched().forEach(o -> o.addListener(changed));
        canvas.setOnMouseMoved(e -> chart.hover(canvas.positionAt(e.getX())));
        canvas.setOnMouseExited(e -> chart.hover(ProfileChart.NONE));
        update();
    }

    private List<Observable> watched() {
        return List.of(
                chart.valuesProperty(),
                chart.tokensProperty(),
                chart.positionProperty(),
                chart.markedProperty(),
                chart.hoveredProperty(),
                chart.logarithmicProperty());
    }

    private void update() {
        int position = chart.positionProperty().get();
        boolean row = chart.kind() == ProfileKind.ROW;
        String whose = position < 0 ? "" : (row ? " of query " : " of key ") + position;
        title.setText((row ? "Row" : "Column") + " profile" + whose);
        reading.setText(reading());
        chart.setAccessibleText(title.getText() + (reading().isEmpty() ? "" : ", " + reading()));
        canvas.repaint();
    }

    private String reading() {
        float[] values = chart.valuesProperty().get();
        int at =
                chart.hoveredProperty().get() >= 0
                        ? chart.hoveredProperty().get()
                        : chart.markedProperty().get();
        if (values == null || at < 0 || at >= values.length) {
            return "";
        }
        var tokens = chart.tokensProperty().get();
        String name = at < tokens.size() ? " " + TokenLabel.of(tokens.get(at), 16).text() : "";
        String axis = chart.kind() == ProfileKind.ROW ? "key " : "query ";
        return axis
                + NumberText.count(at)
                + name
                + ": "
                + (Float.isNaN(values[at]) ? "not visible" : NumberText.probability(values[at]));
    }

    @Override
    public void dispose() {
        watched().forEach(o -> o.removeListener(changed));
        super.dispose();
    }

    @Override
    protected double computePrefHeight(double w, double t, double r, double b, double l) {
        return t + 2 * TITLE + 120 + b;
    }

    @Override
    protected double computeMinHeight(double w, double t, double r, double b, double l) {
        return t + 2 * TITLE + 72 + b;
    }

    @Override
    protected double computePrefWidth(double h, double t, double r, double b, double l) {
        return l + 264 + r;
    }

    @Override
    protected double computeMinWidth(double h, double t, double r, double b, double l) {
        return l + 160 + r;
    }

    @Override
    protected void layoutChildren(double x, double y, double w, double h) {
        title.resizeRelocate(x, y, w, TITLE);
        canvas.resizeRelocate(x, y + TITLE, w, Math.max(0, h - 2 * TITLE));
        reading.resizeRelocate(x, y + h - TITLE, w, TITLE);
        canvas.repaint();
    }
}
