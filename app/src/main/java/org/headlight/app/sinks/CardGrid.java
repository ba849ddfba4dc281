package org.headlight.app.sinks;

import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;

/** Names to the left, numbers to the right. */
final class CardGrid extends GridPane {
    private final int values;

    /**
     * An empty grid.
     *
     * @param values columns of numbers
     */
    CardGrid(int values) {
        this.values = values;
        setHgap(10);
        setVgap(4);
        ColumnConstraints name = new ColumnConstraints();
        name.setHgrow(Priority.ALWAYS);
        name.setMinWidth(40);
        getColumnConstraints().add(name);
        for (int i = 0; i < values; i++) {
            ColumnConstraints value = new ColumnConstraints();
            value.setMinWidth(Region.USE_PREF_SIZE);
            getColumnConstraints().add(value);
        }
    }

    /** Takes every line away. */
    void clear() {
        getChildren().clear();
    }

    /** A line of names over the numbers. */
    void heading(String... names) {
        int line = getRowCount();
        for (int i = 0; i < values; i++) {
            Label label = new Label(names[i]);
            label.getStyleClass().add("caption");
            label.setMaxWidth(Double.MAX_VALUE);
            label.setAlignment(Pos.CENTER_RIGHT);
            add(label, i + 1, line);
        }
    }

    /** A line of numbers. */
    void line(String name, String tip, String... numbers) {
        int line = getRowCount();
        Label left = new Label(name);
        left.getStyleClass().add("text-muted");
        left.setMinWidth(0);
        left.setTooltip(new Tooltip(tip));
        add(left, 0, line);
        for (int i = 0; i < values; i++) {
            Label right = new Label(numbers[i]);
            right.getStyleClass().add("mono");
            right.setMaxWidth(Double.MAX_VALUE);
            right.setAlignment(Pos.CENTER_RIGHT);
            add(right, i + 1, line);
        }
    }

    /** A control with its name. */
    void control(String name, Node control) {
        int line = getRowCount();
        Label left = new Label(name);
        left.setMinWidth(Region.USE_PREF_SIZE);
        left.setLabelFor(control);
        add(left, 0, line);
        add(control, 1, line);
    }
}
