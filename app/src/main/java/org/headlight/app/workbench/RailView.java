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
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/** The readings of the map at the left edge, and at its foot what folds and colours the window. */
final class RailView extends VBox {

    /** What the buttons at the foot do. */
    record Actions(Runnable foldHeads, Runnable foldInspector, Runnable theme, Runnable settings) {}

    RailView(Actions actions) {
        super(4);
        getStyleClass().add("rail");
        setAlignment(Pos.TOP_CENTER);
        Region gap = new Region();
        VBox.setVgrow(gap, Priority.ALWAYS);
        getChildren()
                .addAll(
                        reading("Explore", Feather.COMPASS, "The map and everything about a cell."),
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

    private static Node reading(String name, Feather icon, String tip) {
        ToggleButton button = new ToggleButton(name, new FontIcon(icon));
        button.setContentDisplay(ContentDisplay.TOP);
        button.getStyleClass().addAll("flat", "rail-button");
        button.setSelected(true);
        button.setTooltip(new Tooltip(tip));
        button.setOnAction(event -> button.setSelected(true));
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
