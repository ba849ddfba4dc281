package org.headlight.app.reading;

import javafx.beans.property.BooleanProperty;
import javafx.beans.property.DoubleProperty;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ObjectProperty;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Control;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Priority;

import java.util.List;
import java.util.function.Function;

/** Settings of a reading: names to the left, controls to the right, each with a tooltip. */
public final class SettingsForm extends GridPane {
    private static final double WIDTH = 104;

    /** A form without settings. */
    public SettingsForm() {
        setHgap(8);
        setVgap(4);
        ColumnConstraints name = new ColumnConstraints();
        name.setHgrow(Priority.ALWAYS);
        name.setMinWidth(40);
        getColumnConstraints().add(name);
    }

    /** A whole number, typed or stepped; what is no number gives back the one that is there. */
    public void whole(
            String name, IntegerProperty property, int low, int high, int step, String tip) {
        spinner(name, NumberSpinner.whole(property, low, high, step, name, tip), tip);
    }

    /** A number, typed or stepped; what is no number gives back the one that is there. */
    public void number(
            String name,
            DoubleProperty property,
            double low,
            double high,
            double step,
            String tip) {
        spinner(name, NumberSpinner.fraction(property, low, high, step, name, tip), tip);
    }

    private void spinner(String name, NumberSpinner<?> spinner, String tip) {
        spinner.getStyleClass().add("small");
        line(name, spinner, tip);
    }

    /** One of several. */
    public <T> void choice(
            String name,
            ObjectProperty<T> property,
            List<T> all,
            Function<T, String> title,
            String tip) {
        line(name, new NamedChoice<>(all, property, title), tip);
    }

    /** Yes or no, over the whole width. */
    public void check(String name, BooleanProperty property, String tip) {
        CheckBox box = new CheckBox(name);
        box.setTooltip(new Tooltip(tip));
        box.selectedProperty().bindBidirectional(property);
        add(box, 0, getRowCount(), 2, 1);
    }

    private void line(String name, Control control, String tip) {
        int line = getRowCount();
        Label label = new Label(name);
        label.setMinWidth(0);
        label.setLabelFor(control);
        label.setTooltip(new Tooltip(tip));
        control.setTooltip(new Tooltip(tip));
        control.setAccessibleText(name);
        control.setPrefWidth(WIDTH);
        control.setMinWidth(WIDTH);
        add(label, 0, line);
        add(control, 1, line);
    }
}
