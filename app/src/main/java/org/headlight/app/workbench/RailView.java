package org.headlight.app.workbench;

import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ContentDisplay;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.headlight.app.command.KeyBinding;
import org.headlight.app.reading.Reading;
import org.headlight.app.reading.ReadingsModel;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

import java.util.function.Consumer;

/** The readings of the map at the left edge, and at its foot what folds and colours the window. */
final class RailView extends VBox {

    /** What the buttons at the foot do. */
    record Actions(Runnable foldHeads, Runnable foldInspector, Runnable theme, Runnable settings) {}

    /**
     * A rail.
     *
     * @param pressed is told which reading's button was pressed, also that of the chosen one
     */
    RailView(ReadingsModel readings, Consumer<Reading> pressed, Actions actions) {
        super(4);
        getStyleClass().add("rail");
        setAlignment(Pos.TOP_CENTER);
        Region gap = new Region();
        VBox.setVgrow(gap, Priority.ALWAYS);
        for (Reading reading : readings.readings()) {
            getChildren().add(button(reading, readings, pressed));
        }
        getChildren()
                .addAll(
                        gap,
                        action("Heads", Feather.GRID, KeyBinding.FOLD_HEADS, actions.foldHeads()),
                        action(
                                "Inspect",
                                Feather.SIDEBAR,
                                KeyBinding.FOLD_INSPECTOR,
                                actions.foldInspector()),
                        action("Theme", Feather.MOON, KeyBinding.THEME, actions.theme()),
                        action(
                                "Settings",
                                Feather.SETTINGS,
                                KeyBinding.SETTINGS,
                                actions.settings()));
    }

    private static Node button(Reading reading, ReadingsModel readings, Consumer<Reading> pressed) {
        ToggleButton button = new ToggleButton(reading.name(), new FontIcon(reading.icon()));
        button.setContentDisplay(ContentDisplay.TOP);
        button.getStyleClass().addAll("flat", "rail-button");
        button.setTooltip(new Tooltip(reading.tip() + " (" + reading.key().display() + ")"));
        readings.chosenProperty().subscribe(chosen -> button.setSelected(chosen.equals(reading)));
        button.setOnAction(event -> {
            pressed.accept(reading);
            button.setSelected(readings.chosenProperty().get().equals(reading));
        });
        return button;
    }

    private static Node action(String name, Feather icon, KeyBinding key, Runnable action) {
        Button button = new Button(name, new FontIcon(icon));
        button.setContentDisplay(ContentDisplay.TOP);
        button.getStyleClass().addAll("flat", "rail-button");
        button.setTooltip(new Tooltip(key.label() + " (" + key.display() + ")"));
        button.setOnAction(event -> action.run());
        return button;
    }
}
