package org.headlight.app.reading;

import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.Region;

import org.headlight.engine.problem.Problem;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

import java.util.List;
import java.util.function.Supplier;

/** The export button of a reading: a menu with what can be written. */
public final class ExportMenu extends MenuButton {

    /**
     * A choice of the menu.
     *
     * @param label such as "Picture of the matrix (PNG)"
     * @param file asked on the window's thread when it is chosen; may throw a {@link Problem},
     *     which the pane then shows
     */
    public record Item(String label, Supplier<ResultFile> file) {}

    /**
     * A menu of results.
     *
     * @param state shows why a file could not be written, and enables the menu when there is a
     *     result
     */
    public ExportMenu(ResultExport export, ReadingState state, List<Item> items) {
        super("Export", new FontIcon(Feather.DOWNLOAD));
        getStyleClass().addAll("flat", "small");
        setMinSize(Region.USE_PREF_SIZE, Region.USE_PREF_SIZE);
        setTooltip(new Tooltip("Write this result to a file."));
        disableProperty().bind(state.readyProperty().not());
        for (Item item : items) {
            MenuItem entry = new MenuItem(item.label());
            entry.setOnAction(event -> save(export, state, item));
            getItems().add(entry);
        }
    }

    private static void save(ResultExport export, ReadingState state, Item item) {
        try {
            export.save(item.file().get(), state::problem);
        } catch (Problem e) {
            state.problem(String.valueOf(e.getMessage()));
        }
    }
}
