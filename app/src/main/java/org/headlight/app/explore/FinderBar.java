package org.headlight.app.explore;

import javafx.beans.property.ObjectProperty;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;

import org.controlsfx.control.textfield.TextFields;
import org.headlight.viz.control.map.Cell;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/** One line to find a token or go to a position; hidden until it is asked for. */
final class FinderBar extends HBox {
    private enum Mode {
        FIND,
        GO_TO
    }

    private final FinderViewModel finder;
    private final ObjectProperty<@Nullable Cell> cell;
    private final TextField field = TextFields.createClearableTextField();
    private final Label title = new Label();
    private final Runnable closed;
    private Mode mode = Mode.FIND;

    /**
     * A hidden bar.
     *
     * @param closed gives the keyboard back
     */
    FinderBar(FinderViewModel finder, ObjectProperty<@Nullable Cell> cell, Runnable closed) {
        super(8);
        this.finder = finder;
        this.cell = cell;
        this.closed = closed;
        getStyleClass().add("finder-bar");
        setAlignment(Pos.CENTER_LEFT);
        title.getStyleClass().add("caption");
        title.setMinWidth(USE_PREF_SIZE);
        field.getStyleClass().add("small");
        field.setPrefColumnCount(18);
        field.setOnAction(event -> search(1));
        field.addEventFilter(KeyEvent.KEY_PRESSED, this::key);
        Label answer = new Label();
        answer.textProperty().bind(finder.answerProperty());
        answer.getStyleClass().add("caption");
        Button close = new Button(null, new FontIcon(Feather.X));
        close.getStyleClass().addAll("flat", "small", "button-icon");
        close.setTooltip(new Tooltip("Close (Esc)"));
        close.setOnAction(event -> shut());
        getChildren().addAll(title, field, answer, close);
        setVisible(false);
        managedProperty().bind(visibleProperty());
        finder.targetProperty()
                .addListener((property, old, now) -> {
                    if (now != null) {
                        cell.set(now);
                    }
                });
    }

    private void key(KeyEvent event) {
        if (event.getCode() == KeyCode.ESCAPE) {
            shut();
            event.consume();
        } else if (event.getCode() == KeyCode.ENTER && event.isShiftDown() && mode == Mode.FIND) {
            finder.find(field.getText(), 1, true, cell.get());
            event.consume();
        } else if (event.getCode() == KeyCode.UP || event.getCode() == KeyCode.DOWN) {
            search(event.getCode() == KeyCode.UP ? -1 : 1);
            event.consume();
        }
    }

    private void search(int step) {
        if (mode == Mode.FIND) {
            finder.find(field.getText(), step, false, cell.get());
        } else {
            finder.goTo(field.getText(), cell.get());
        }
    }

    private void shut() {
        setVisible(false);
        closed.run();
    }

    void find() {
        show(Mode.FIND, "Find token", "part of a token; Shift+Enter: as key");
    }

    void goTo() {
        show(Mode.GO_TO, "Go to", "query, key");
    }

    private void show(Mode newMode, String label, String prompt) {
        mode = newMode;
        title.setText(label);
        field.setPromptText(prompt);
        field.clear();
        setVisible(true);
        field.requestFocus();
    }
}
