package org.headlight.app.workbench;

import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

import org.headlight.app.command.KeyBinding;

import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/** Every key at a glance, over the window; any click or Esc takes it away. */
final class ShortcutSheet extends StackPane {

    private static final Set<KeyBinding.Category> LEFT =
            EnumSet.of(
                    KeyBinding.Category.SOURCE,
                    KeyBinding.Category.HEADS,
                    KeyBinding.Category.VIEW,
                    KeyBinding.Category.WINDOW);

    ShortcutSheet() {
        getStyleClass().add("sheet-veil");
        VBox left = new VBox(16);
        VBox right = new VBox(16);
        for (KeyBinding.Category category : KeyBinding.Category.values()) {
            boolean first = LEFT.contains(category);
            (first ? left : right).getChildren().add(buildGroup(category));
        }
        Label title = new Label("Keys");
        title.getStyleClass().add("sheet-title");
        Label mouse =
                new Label(
                        "Wheel zooms at the pointer, drag pans, a click keeps a cell, Esc lets it"
                                + " go.");
        mouse.getStyleClass().add("text-muted");
        VBox sheet = new VBox(16, title, new HBox(40, left, right), mouse);
        sheet.getStyleClass().add("sheet");
        sheet.setMaxSize(Region.USE_PREF_SIZE, Region.USE_PREF_SIZE);
        setAlignment(sheet, Pos.CENTER);
        getChildren().add(sheet);
        setVisible(false);
        setOnMouseClicked(event -> setVisible(false));
    }

    void toggle() {
        setVisible(!isVisible());
    }

    private static Node buildGroup(KeyBinding.Category category) {
        GridPane grid = new GridPane();
        grid.setHgap(16);
        grid.setVgap(4);
        Label title = new Label(category.label());
        title.getStyleClass().add("sheet-group");
        grid.add(title, 0, 0, 2, 1);
        int line = 1;
        for (KeyBinding binding : KeyBinding.values()) {
            if (binding.category() == category) {
                Label label = new Label(binding.label());
                label.setMinWidth(Region.USE_PREF_SIZE);
                grid.add(keys(binding), 0, line);
                grid.add(label, 1, line++);
            }
        }
        return grid;
    }

    private static Label keys(KeyBinding binding) {
        Label keys =
                new Label(
                        binding.combinations().stream()
                                .limit(2)
                                .map(keysOf -> keysOf.getDisplayText())
                                .distinct()
                                .collect(Collectors.joining(", ")));
        keys.getStyleClass().add("key-cap");
        keys.setMinWidth(Region.USE_PREF_SIZE);
        return keys;
    }
}
