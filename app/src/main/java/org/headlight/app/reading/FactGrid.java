package org.headlight.app.reading;

import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;

/** Names to the left, numbers to the right. */
public final class FactGrid extends GridPane {
    private final int values;

    /**
     * An empty grid.
     *
     * @param values columns of numbers
     */
    public FactGrid(int values) {
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

    /** Words over several lines, in the color of words that explain. */
    public static Label words(String text) {
        Label label = new Label(text);
        label.setWrapText(true);
        label.getStyleClass().add("text-muted");
        label.setMinHeight(Region.USE_PREF_SIZE);
        return label;
    }

    /** Takes every line away. */
    public void clear() {
        getChildren().clear();
    }

    /** What the lines that follow are about. */
    public void section(String name) {
        Label label = words(name);
        label.getStyleClass().add("caption");
        wide(label);
    }

    /** Something over the whole width. */
    public void wide(Node node) {
        add(node, 0, getRowCount(), values + 1, 1);
    }

    /** A line of names over the numbers. */
    public void heading(String... names) {
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
    public void line(String name, String tip, String... numbers) {
        int line = getRowCount();
        Label left = new Label(name);
        left.getStyleClass().add("text-muted");
        left.setMinWidth(0);
        left.setWrapText(true);
        left.setMinHeight(Region.USE_PREF_SIZE);
        left.setTooltip(new Tooltip(tip));
        add(left, 0, line);
        for (int i = 0; i < values; i++) {
            Label right = new Label(numbers[i]);
            right.getStyleClass().add("mono");
            right.setMaxWidth(Double.MAX_VALUE);
            right.setAlignment(Pos.CENTER_RIGHT);
            right.setTooltip(new Tooltip(tip));
            add(right, i + 1, line);
        }
    }

    /** A control with its name. */
    public void control(String name, Node control) {
        int line = getRowCount();
        Label left = new Label(name);
        left.setMinWidth(Region.USE_PREF_SIZE);
        left.setLabelFor(control);
        add(left, 0, line);
        add(control, 1, line);
    }
}
