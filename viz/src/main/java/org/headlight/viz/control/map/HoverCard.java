package org.headlight.viz.control.map;

import javafx.css.PseudoClass;
import javafx.geometry.VPos;
import javafx.scene.control.Label;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Region;

/** The card beside the pointer: everything about one cell, readable without colour. */
final class HoverCard extends GridPane {
    private static final PseudoClass MASKED = PseudoClass.getPseudoClass("masked");
    private static final double OFFSET = 16;

    private final Label query = value("heatmap-card-query");
    private final Label key = value("heatmap-card-key");
    private final Label distance = value("heatmap-card-distance");
    private final Label probability = value("heatmap-card-probability");
    private final Label rank = value("heatmap-card-rank");
    private final Label sink = value("heatmap-card-sink");

    HoverCard() {
        getStyleClass().add("heatmap-card");
        setMouseTransparent(true);
        setManaged(false);
        setVisible(false);
        addRow(0, name("query"), query);
        addRow(1, name("key"), key);
        addRow(2, name("distance"), distance);
        addRow(3, name("weight"), probability);
        addRow(4, new Region(), rank);
        addRow(5, new Region(), sink);
    }

    private static Label name(String text) {
        Label label = new Label(text);
        label.getStyleClass().add("heatmap-card-name");
        GridPane.setValignment(label, VPos.BASELINE);
        return label;
    }

    private static Label value(String styleClass) {
        Label label = new Label();
        label.getStyleClass().addAll("heatmap-card-value", styleClass);
        label.setMinWidth(USE_PREF_SIZE);
        return label;
    }

    void show(CellText text, boolean masked) {
        query.setText(text.query());
        key.setText(text.key());
        distance.setText(text.distance());
        probability.setText(text.probability());
        rank.setText(text.rank());
        sink.setText(text.sink());
        sink.setManaged(!text.sink().isEmpty());
        sink.setVisible(sink.isManaged());
        pseudoClassStateChanged(MASKED, masked);
        setVisible(true);
    }

    /** Puts the card beside a place, on the side where there is room. */
    void placeBeside(double x, double y, double width, double height) {
        double w = snapSizeX(prefWidth(-1));
        double h = snapSizeY(prefHeight(-1));
        double left = x + OFFSET + w <= width ? x + OFFSET : x - OFFSET - w;
        double above = y + OFFSET + h <= height ? y + OFFSET : y - OFFSET - h;
        resizeRelocate(
                snapPositionX(Math.clamp(left, 0, Math.max(0, width - w))),
                snapPositionY(Math.clamp(above, 0, Math.max(0, height - h))),
                w,
                h);
    }
}
