package org.headlight.app.reading;

import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/** What a reading puts in the inspector's place: things below each other, scrolled. */
public class SidePane extends ScrollPane {
    private static final double SWATCH = 20;

    private final VBox box = new VBox(12);

    /** An empty pane. */
    @SuppressWarnings("this-escape") // its own set-up; subclasses have nothing to override
    protected SidePane() {
        getStyleClass().addAll("pane", "inspector-pane", "edge-to-edge");
        setFitToWidth(true);
        setHbarPolicy(ScrollBarPolicy.NEVER);
        box.getStyleClass().add("inspector-box");
        setContent(box);
    }

    /** A title over what follows. */
    protected static Label title(String text) {
        Label title = new Label(text);
        title.getStyleClass().add("pane-title");
        title.setWrapText(true);
        return title;
    }

    /** What a mark over the map means, beside the mark. */
    protected static Node mark(String styleClass, String meaning) {
        Region swatch = new Region();
        swatch.getStyleClass().addAll("block-swatch", styleClass);
        swatch.setMinSize(SWATCH, SWATCH);
        swatch.setMaxSize(SWATCH, SWATCH);
        HBox line = new HBox(8, swatch, FactGrid.words(meaning));
        line.setAlignment(Pos.CENTER_LEFT);
        return line;
    }

    /** Puts these below what is there. */
    protected final void put(Node... nodes) {
        box.getChildren().addAll(nodes);
    }
}
