package org.headlight.app.reading;

import javafx.beans.property.ObjectProperty;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Control;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.util.StringConverter;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.Function;

/**
 * One of several, by their names.
 *
 * @param <T> what is chosen
 */
public final class NamedChoice<T> extends ComboBox<T> {

    /**
     * A choice that sets a property and follows it.
     *
     * @param names what each is called
     */
    public NamedChoice(List<T> all, ObjectProperty<T> property, Function<T, String> names) {
        getStyleClass().add("small");
        getItems().setAll(all);
        setVisibleRowCount(Math.min(24, all.size()));
        setConverter(
                new StringConverter<>() {
                    @Override
                    public String toString(@Nullable T value) {
                        return value == null ? "" : names.apply(value);
                    }

                    @Override
                    public T fromString(@Nullable String text) {
                        return property.get();
                    }
                });
        valueProperty().bindBidirectional(property);
    }

    /** A control of a tool bar with its name before it. */
    public static HBox labelled(String name, String tip, Node control, Node... more) {
        Label label = new Label(name);
        label.getStyleClass().add("text-muted");
        label.setTooltip(new Tooltip(tip));
        label.setLabelFor(control);
        control.setAccessibleHelp(tip);
        if (control instanceof Control whole && whole.getTooltip() == null) {
            whole.setTooltip(new Tooltip(tip));
        }
        HBox box = new HBox(4, label, control);
        box.getChildren().addAll(more);
        box.setAlignment(Pos.CENTER_LEFT);
        return box;
    }
}
