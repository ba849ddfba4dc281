package org.headlight.app.reading;

import javafx.beans.property.BooleanProperty;
import javafx.beans.property.DoubleProperty;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ObjectProperty;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Control;
import javafx.scene.control.Label;
import javafx.scene.control.Spinner;
import javafx.scene.control.SpinnerValueFactory;
import javafx.scene.control.SpinnerValueFactory.DoubleSpinnerValueFactory;
import javafx.scene.control.SpinnerValueFactory.IntegerSpinnerValueFactory;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Priority;
import javafx.util.StringConverter;

import org.headlight.viz.raster.NumberText;
import org.jspecify.annotations.Nullable;

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
        SpinnerValueFactory<Integer> values =
                new IntegerSpinnerValueFactory(low, high, property.get(), step);
        values.setConverter(
                new StringConverter<>() {
                    @Override
                    public String toString(@Nullable Integer value) {
                        return value == null ? "" : value.toString();
                    }

                    @Override
                    public Integer fromString(@Nullable String text) {
                        try {
                            return Integer.valueOf(text == null ? "" : text.strip());
                        } catch (NumberFormatException e) {
                            return property.get();
                        }
                    }
                });
        values.valueProperty().addListener((o, was, now) -> property.set(now == null ? low : now));
        property.subscribe(now -> values.setValue(now.intValue()));
        spinner(name, new Spinner<>(values), tip);
    }

    /** A number, typed or stepped; what is no number gives back the one that is there. */
    public void number(
            String name,
            DoubleProperty property,
            double low,
            double high,
            double step,
            String tip) {
        SpinnerValueFactory<Double> values =
                new DoubleSpinnerValueFactory(low, high, property.get(), step);
        values.setConverter(
                new StringConverter<>() {
                    @Override
                    public String toString(@Nullable Double value) {
                        return value == null ? "" : NumberText.plain(value);
                    }

                    @Override
                    public Double fromString(@Nullable String text) {
                        try {
                            String typed = text == null ? "" : text.strip().replace(',', '.');
                            double value = Double.parseDouble(typed);
                            return Double.isFinite(value) ? value : property.get();
                        } catch (NumberFormatException e) {
                            return property.get();
                        }
                    }
                });
        values.valueProperty().addListener((o, was, now) -> property.set(now == null ? low : now));
        property.subscribe(now -> values.setValue(now.doubleValue()));
        spinner(name, new Spinner<>(values), tip);
    }

    private void spinner(String name, Spinner<?> spinner, String tip) {
        spinner.setEditable(true);
        spinner.getStyleClass().add("small");
        spinner.focusedProperty()
                .addListener((property, was, focused) -> {
                    if (!focused) {
                        spinner.commitValue();
                    }
                });
        line(name, spinner, tip);
    }

    /** One of several. */
    public <T> void choice(
            String name,
            ObjectProperty<T> property,
            List<T> all,
            Function<T, String> title,
            String tip) {
        ComboBox<T> box = new ComboBox<>();
        box.getItems().addAll(all);
        box.setConverter(
                new StringConverter<>() {
                    @Override
                    public String toString(@Nullable T value) {
                        return value == null ? "" : title.apply(value);
                    }

                    @Override
                    public T fromString(@Nullable String text) {
                        return property.get();
                    }
                });
        box.valueProperty().bindBidirectional(property);
        box.getStyleClass().add("small");
        line(name, box, tip);
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
