package org.headlight.app.input;

import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextArea;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.headlight.app.command.KeyBinding;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/**
 * The text as one line, which unfolds over the window for editing. Its height in the layout never
 * changes, so that nothing jumps.
 */
public final class InputView extends Region {
    private static final double LINE = 34;
    private static final double UNFOLDED = 208;

    private final InputViewModel input;
    private final Label line = new Label();
    private final Label note = new Label();
    private final HBox folded;
    private final TextArea area = new TextArea();
    private final VBox unfolded;

    public InputView(InputViewModel input) {
        this.input = input;
        getStyleClass().add("input-view");
        folded = buildFolded();
        unfolded = buildUnfolded();
        unfolded.setVisible(false);
        getChildren().addAll(folded, unfolded);
        input.textProperty().subscribe(text -> showLine());
        input.documentProperty().subscribe(text -> showLine());
        input.idsProperty().subscribe(ids -> showLine());
        input.obstacleProperty().subscribe(obstacle -> showLine());
    }

    private HBox buildFolded() {
        line.getStyleClass().add("input-line");
        line.setMaxWidth(Double.MAX_VALUE);
        HBox.setHgrow(line, Priority.ALWAYS);
        note.getStyleClass().addAll("caption", "input-note");
        note.setMinWidth(Region.USE_PREF_SIZE);
        note.textProperty().bind(input.noteProperty());
        HBox box = new HBox(8, line, note, buildForget());
        box.getStyleClass().add("input-folded");
        box.setAlignment(Pos.CENTER_LEFT);
        box.setFocusTraversable(true);
        box.setAccessibleText("Text");
        box.setOnMouseClicked(event -> edit());
        box.addEventHandler(KeyEvent.KEY_PRESSED, this::unfoldByKey);
        Tooltip.install(
                box,
                new Tooltip(
                        "The text that is run. Click, or press "
                                + KeyBinding.EDIT_TEXT.display()
                                + ", to edit it."));
        return box;
    }

    private Button buildForget() {
        Button forget = new Button(null, new FontIcon(Feather.X));
        forget.getStyleClass().addAll("flat", "small", "button-icon");
        forget.setTooltip(new Tooltip("Put the long text away"));
        forget.setOnAction(event -> input.forgetDocument());
        forget.visibleProperty().bind(input.documentProperty().isNotEmpty());
        forget.managedProperty().bind(forget.visibleProperty());
        return forget;
    }

    private void unfoldByKey(KeyEvent event) {
        if (event.getCode() == KeyCode.ENTER || event.getCode() == KeyCode.F2) {
            edit();
            event.consume();
        }
    }

    private VBox buildUnfolded() {
        area.setWrapText(true);
        area.getStyleClass().add("input-area");
        area.textProperty().bindBidirectional(input.textProperty());
        VBox.setVgrow(area, Priority.ALWAYS);
        area.focusedProperty()
                .addListener((property, old, focused) -> {
                    if (!focused) {
                        fold();
                    }
                });
        area.addEventFilter(KeyEvent.KEY_PRESSED, this::foldByKey);
        Label count = new Label();
        count.textProperty().bind(input.noteProperty());
        count.getStyleClass().add("caption");
        Label hint =
                new Label(
                        KeyBinding.RUN.combinations().getLast().getDisplayText()
                                + " runs it, Esc folds it");
        hint.getStyleClass().add("caption");
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        HBox foot = new HBox(8, count, gap, hint);
        foot.getStyleClass().add("input-foot");
        VBox box = new VBox(area, foot);
        box.getStyleClass().add("input-unfolded");
        return box;
    }

    private void foldByKey(KeyEvent event) {
        if (event.getCode() == KeyCode.ESCAPE) {
            folded.requestFocus();
            event.consume();
        }
    }

    /** Unfolds the text for editing. */
    public void edit() {
        if (!input.documentProperty().get().isEmpty()) {
            return;
        }
        unfolded.setVisible(true);
        requestLayout();
        area.requestFocus();
    }

    /** Folds it to one line. */
    public void fold() {
        unfolded.setVisible(false);
    }

    private void showLine() {
        String document = input.documentProperty().get();
        String text = document.isEmpty() ? input.textProperty().get() : document;
        boolean none = text.isEmpty();
        line.setText(none ? prompt() : firstLine(text));
        if (none) {
            line.getStyleClass().add("prompt");
        } else {
            line.getStyleClass().removeAll("prompt");
        }
        area.setPromptText(line.getText());
    }

    private String prompt() {
        if (!input.obstacleProperty().get().isEmpty()) {
            return "This model needs more than a text";
        }
        return input.idsProperty().get()
                ? "Type token ids, such as 1, 17, 4: this model has no tokenizer"
                : "Type a text, or choose a sample text";
    }

    private static String firstLine(String text) {
        String start = text.substring(0, Math.min(400, text.length()));
        return start.strip().replaceAll("\\s*\\R\\s*", " \u21b5 ");
    }

    @Override
    protected double computePrefHeight(double width) {
        return LINE;
    }

    @Override
    protected double computeMinHeight(double width) {
        return LINE;
    }

    @Override
    protected double computePrefWidth(double height) {
        return 420;
    }

    @Override
    protected double computeMinWidth(double height) {
        return 160;
    }

    @Override
    protected void layoutChildren() {
        folded.resizeRelocate(0, 0, getWidth(), LINE);
        unfolded.resizeRelocate(0, 0, getWidth(), UNFOLDED);
    }
}
