package org.headlight.app.reading;

import javafx.beans.property.DoubleProperty;
import javafx.beans.property.IntegerProperty;
import javafx.scene.control.Spinner;
import javafx.scene.control.SpinnerValueFactory;
import javafx.scene.control.SpinnerValueFactory.DoubleSpinnerValueFactory;
import javafx.scene.control.SpinnerValueFactory.IntegerSpinnerValueFactory;
import javafx.scene.control.Tooltip;
import javafx.util.StringConverter;

import org.headlight.viz.raster.NumberText;
import org.jspecify.annotations.Nullable;

/** A number to be typed or stepped; what is no number gives back the one that is there. */
public final class NumberSpinner<T extends Number> extends Spinner<T> {
    private static final double WIDTH = 96;

    private NumberSpinner(SpinnerValueFactory<T> values, String name, String tip) {
        super(values);
        setEditable(true);
        setPrefWidth(WIDTH);
        setAccessibleText(name);
        setTooltip(new Tooltip(tip));
        focusedProperty()
                .addListener((property, was, focused) -> {
                    if (!focused) {
                        commitValue();
                    }
                });
    }

    /**
     * A whole number.
     *
     * @param property is set when the number changes, and followed
     * @param name for people who hear the window
     */
    public static NumberSpinner<Integer> whole(
            IntegerProperty property, int low, int high, int step, String name, String tip) {
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
        return new NumberSpinner<>(values, name, tip);
    }

    /**
     * A number with a fraction.
     *
     * @param property is set when the number changes, and followed
     * @param name for people who hear the window
     */
    public static NumberSpinner<Double> fraction(
            DoubleProperty property,
            double low,
            double high,
            double step,
            String name,
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
        return new NumberSpinner<>(values, name, tip);
    }
}
