package org.headlight.app.open;

import javafx.beans.binding.Bindings;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCombination;

import org.headlight.app.command.KeyBinding;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

import java.nio.file.Path;

/** The button that names the open model and opens another. */
public final class ModelMenu extends MenuButton {
    private final OpenViewModel open;
    private final Runnable found;

    /**
     * A button.
     *
     * @param found shows what was found in the open model
     */
    public ModelMenu(OpenViewModel open, Runnable found) {
        this.open = open;
        this.found = found;
        getStyleClass().add("model-menu");
        setGraphic(new FontIcon(Feather.CPU));
        setMaxWidth(220);
        textProperty()
                .bind(
                        Bindings.createStringBinding(
                                this::label,
                                open.openedProperty(),
                                open.loadingProperty(),
                                open.exampleOpenProperty()));
        setTooltip(new Tooltip("The open model, capture or dump. Click to open another."));
        setOnShowing(event -> fill());
        fill();
    }

    private String label() {
        if (!open.loadingProperty().get().isEmpty()) {
            return "Opening " + open.loadingProperty().get() + " \u2026";
        }
        Opened opened = open.openedProperty().get();
        if (opened == null) {
            return "Open a model";
        }
        return open.exampleOpenProperty().get() ? "headlight-demo" : opened.name();
    }

    private void fill() {
        getItems().clear();
        getItems()
                .addAll(
                        item("Open file \u2026", Feather.FILE, KeyBinding.OPEN, open::browseFile),
                        item(
                                "Open folder \u2026",
                                Feather.FOLDER,
                                KeyBinding.OPEN_FOLDER,
                                open::browseFolder),
                        new SeparatorMenuItem());
        MenuItem example = new MenuItem("headlight-demo, the embedded example");
        example.setGraphic(new FontIcon(Feather.BOOK));
        example.setOnAction(event -> open.openExample());
        getItems().add(example);
        MenuItem about = item("What was found \u2026", Feather.INFO, KeyBinding.FOUND, found);
        about.setDisable(open.openedProperty().get() == null);
        getItems().addAll(new SeparatorMenuItem(), about);
        if (!open.recent().isEmpty()) {
            getItems().add(new SeparatorMenuItem());
            for (Path path : open.recent()) {
                getItems().add(recent(path));
            }
        }
    }

    private static MenuItem item(String text, Feather icon, KeyBinding key, Runnable action) {
        MenuItem item = new MenuItem(text, new FontIcon(icon));
        KeyCombination combination = key.combinations().getFirst();
        item.setAccelerator(combination);
        item.setOnAction(event -> action.run());
        return item;
    }

    private MenuItem recent(Path path) {
        MenuItem item = new MenuItem(shorten(path), new FontIcon(Feather.CLOCK));
        item.setMnemonicParsing(false);
        item.setOnAction(event -> open.open(path));
        return item;
    }

    /** The last parts of a path: enough to tell models apart. */
    private static String shorten(Path path) {
        int parts = path.getNameCount();
        return parts <= 3
                ? path.toString()
                : "\u2026" + path.getFileSystem().getSeparator() + path.subpath(parts - 3, parts);
    }
}
