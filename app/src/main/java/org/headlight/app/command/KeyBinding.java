package org.headlight.app.command;

import javafx.scene.input.KeyCombination;

import java.util.List;
import java.util.regex.Pattern;

/** Every key of the window, in the order of the shortcut sheet. */
public enum KeyBinding {
    OPEN(Category.SOURCE, "Open a model file, a capture or a dump", "Shortcut+O"),
    OPEN_FOLDER(Category.SOURCE, "Open a model folder", "Shortcut+Shift+O"),
    FOUND(Category.SOURCE, "What was found in the model", "Shortcut+M"),
    RUN(Category.SOURCE, "Run the text", "Shortcut+R", "Shortcut+ENTER"),
    GENERATE(Category.SOURCE, "Let the model write on from the text", "Shortcut+G"),
    CANCEL(Category.SOURCE, "Cancel what runs", "Shortcut+PERIOD"),
    EDIT_TEXT(Category.SOURCE, "Edit the text", "Shortcut+L"),

    EXPLORE(Category.READINGS, "The map alone", "Shortcut+1"),
    SINKS(Category.READINGS, "Sinks", "Shortcut+2"),
    RETRIEVAL(Category.READINGS, "Retrieval heads", "Shortcut+3"),
    INFLUENCE(Category.READINGS, "Influence of heads on documents", "Shortcut+4"),
    XATTENTION(Category.READINGS, "Antidiagonal block scores", "Shortcut+5"),
    RHYTHM(Category.READINGS, "Preplan and anchor", "Shortcut+6"),
    ATLAS(Category.READINGS, "Atlas of heads", "Shortcut+7"),
    SPARSE(Category.READINGS, "Sparse attention", "Shortcut+8"),

    NEXT_HEAD(Category.HEADS, "Next head", "Shortcut+RIGHT"),
    PREVIOUS_HEAD(Category.HEADS, "Previous head", "Shortcut+LEFT"),
    NEXT_LAYER(Category.HEADS, "Next layer", "Shortcut+DOWN"),
    PREVIOUS_LAYER(Category.HEADS, "Previous layer", "Shortcut+UP"),

    SCALE(Category.VIEW, "Scale: linear, log, percentile", "L"),
    COLOR_MAP(Category.VIEW, "Next colour map", "C"),
    SINK(Category.VIEW, "Drop the sink and renormalise", "S"),
    POOLING(Category.VIEW, "Pool by maximum or by mean", "P"),

    FIT(Category.MAP, "Show the whole map", "F", "SPACE", "HOME", "0"),
    ONE_TO_ONE(Category.MAP, "One cell, one pixel", "1"),
    ZOOM_IN(Category.MAP, "Zoom in", "PLUS", "EQUALS", "ADD"),
    ZOOM_OUT(Category.MAP, "Zoom out", "MINUS", "SUBTRACT"),
    CELL_MOVE(Category.MAP, "Move the cell cursor", "UP", "DOWN", "LEFT", "RIGHT"),
    CELL_JUMP(
            Category.MAP, "Move it by ten", "Shift+UP", "Shift+DOWN", "Shift+LEFT", "Shift+RIGHT"),
    LET_GO(Category.MAP, "Let go of the cell", "Esc"),
    FIND_TOKEN(Category.MAP, "Find a token", "Shortcut+F"),
    GO_TO(Category.MAP, "Go to a position", "Shortcut+J"),

    UNDO(Category.EDIT, "Undo the last change of the view", "Shortcut+Z"),
    REDO(Category.EDIT, "Redo it", "Shortcut+Shift+Z", "Shortcut+Y"),
    EXPORT(Category.EDIT, "Export the picture or its numbers", "Shortcut+E"),
    COPY_COMMAND(Category.EDIT, "Copy the command that redraws this view", "Shortcut+Shift+C"),

    FOLD_HEADS(Category.WINDOW, "Fold or unfold the head grid", "Shortcut+B"),
    FOLD_INSPECTOR(Category.WINDOW, "Fold or unfold the inspector", "Shortcut+I"),
    FOLD_LOWER(Category.WINDOW, "Fold or unfold the pane under the map", "Shortcut+D"),
    THEME(Category.WINDOW, "Light or dark", "Shortcut+T"),
    SETTINGS(Category.WINDOW, "Settings", "Shortcut+COMMA"),
    FULL_SCREEN(Category.WINDOW, "Full screen", "F11"),
    SHORTCUTS(Category.WINDOW, "This sheet", "F1", "Shift+SLASH");

    /** The groups of the shortcut sheet. */
    public enum Category {
        SOURCE("Model and text"),
        READINGS("Readings"),
        HEADS("Heads"),
        VIEW("What the picture shows"),
        MAP("Moving in the map"),
        EDIT("Undo, export"),
        WINDOW("Window");

        private final String label;

        Category(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }

    private static final String SEPARATOR = " ";

    private final Category category;
    private final String label;
    private final String keys;

    KeyBinding(Category category, String label, String... keys) {
        this.category = category;
        this.label = label;
        this.keys = String.join(SEPARATOR, keys);
    }

    public Category category() {
        return category;
    }

    /** What it does, for people. */
    public String label() {
        return label;
    }

    /** Its key combinations; the first one is shown. */
    public List<KeyCombination> combinations() {
        return Pattern.compile(SEPARATOR).splitAsStream(keys).map(KeyBinding::combination).toList();
    }

    private static KeyCombination combination(String keys) {
        return KeyCombination.valueOf(keys);
    }

    /** The first combination as people read it, such as "Ctrl+O". */
    public String display() {
        return combinations().getFirst().getDisplayText();
    }
}
