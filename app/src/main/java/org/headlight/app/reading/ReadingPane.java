package org.headlight.app.reading;

import javafx.beans.binding.Bindings;
import javafx.collections.ObservableList;
import javafx.geometry.Pos;
import javafx.geometry.VPos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

import org.headlight.app.task.TaskStatus;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/**
 * The pane of a reading under the map: a title with one sentence, tools, the content, and the
 * states of {@link ReadingState}: an empty state that says what to do, progress with cancel, and a
 * problem in place.
 */
public final class ReadingPane extends BorderPane {
    private final FlowPane tools = new FlowPane(12, 4);
    private final HBox head = new HBox(8);
    private final VBox empty = new VBox(12);
    private final StackPane middle = new StackPane();
    private final ProgressBar bar = new ProgressBar();
    private final Label stage = new Label();
    private @Nullable TaskStatus work;

    /**
     * A pane without content yet.
     *
     * @param title such as "Sinks"
     * @param sentence what is seen, one sentence with the paper named
     */
    public ReadingPane(String title, String sentence, ReadingState state) {
        getStyleClass().addAll("pane", "reading-pane");
        Label name = new Label(title);
        name.getStyleClass().add("pane-title");
        name.setMinWidth(Region.USE_PREF_SIZE);
        Label words = new Label(sentence);
        words.getStyleClass().addAll("caption", "reading-sentence");
        words.setMinWidth(0);
        words.setMaxWidth(Double.MAX_VALUE);
        HBox.setHgrow(words, Priority.ALWAYS);
        words.setTooltip(new Tooltip(sentence));
        head.getChildren().addAll(name, words);
        head.setAlignment(Pos.CENTER_LEFT);
        head.getStyleClass().add("pane-head");
        tools.getStyleClass().add("reading-tools");
        tools.setRowValignment(VPos.CENTER);
        tools.managedProperty().bind(Bindings.isNotEmpty(tools.getChildren()));
        setTop(new VBox(head, tools, buildProblem(state), buildWork(state)));
        setCenter(middle);
        Label hint = new Label();
        hint.getStyleClass().add("empty-sentence");
        hint.setWrapText(true);
        hint.textProperty().bind(state.emptyProperty());
        empty.getChildren().add(hint);
        empty.setAlignment(Pos.CENTER);
        empty.getStyleClass().add("reading-empty");
        empty.visibleProperty().bind(state.readyProperty().not());
        middle.getChildren().add(empty);
        middle.setMinHeight(0);
        state.readyProperty().subscribe(ready -> showContent(ready));
    }

    /** Controls beside the title, at the right: exports and the like. */
    public ObservableList<Node> actions() {
        return head.getChildren();
    }

    /** The controls above the content; they wrap. */
    public ObservableList<Node> tools() {
        return tools.getChildren();
    }

    /** What the result is shown in; hidden until there is one. */
    public void setContent(Node content) {
        boolean shown = !empty.isVisible();
        // What does not fit hangs out below, not over the tools.
        StackPane.setAlignment(content, Pos.TOP_LEFT);
        middle.getChildren().setAll(content, empty);
        showContent(shown);
    }

    /** Buttons under the sentence of the empty state. */
    public void setEmptyActions(Button... buttons) {
        HBox row = new HBox(8, buttons);
        row.setAlignment(Pos.CENTER);
        while (empty.getChildren().size() > 1) {
            empty.getChildren().removeLast();
        }
        empty.getChildren().add(row);
    }

    /** The least height of the content, in pixels: the pane claims it from the map. */
    public void setContentMinHeight(double height) {
        middle.setMinHeight(height);
    }

    private void showContent(boolean shown) {
        for (Node node : middle.getChildren()) {
            if (!node.equals(empty)) {
                node.setVisible(shown);
            }
        }
    }

    private static Node buildProblem(ReadingState state) {
        Label problem = new Label();
        problem.setGraphic(new FontIcon(Feather.ALERT_TRIANGLE));
        problem.setGraphicTextGap(8);
        problem.setWrapText(true);
        problem.setMinHeight(Region.USE_PREF_SIZE);
        problem.setMaxWidth(Double.MAX_VALUE);
        problem.getStyleClass().add("problem-bar");
        problem.textProperty().bind(state.problemProperty());
        problem.visibleProperty().bind(state.problemProperty().isNotEmpty());
        problem.managedProperty().bind(problem.visibleProperty());
        return problem;
    }

    private Node buildWork(ReadingState state) {
        Button cancel = new Button("Cancel");
        cancel.getStyleClass().addAll("flat", "small");
        cancel.setMinWidth(Region.USE_PREF_SIZE);
        cancel.setOnAction(event -> cancel());
        stage.getStyleClass().add("caption");
        stage.setMinWidth(0);
        bar.setPrefWidth(160);
        bar.setMinWidth(60);
        HBox row = new HBox(8, bar, stage, cancel);
        row.setAlignment(Pos.CENTER_LEFT);
        row.getStyleClass().add("reading-work");
        row.visibleProperty().bind(state.workProperty().isNotNull());
        row.managedProperty().bind(row.visibleProperty());
        state.workProperty().subscribe(this::follow);
        return row;
    }

    private void cancel() {
        TaskStatus now = work;
        if (now != null) {
            now.cancel();
        }
    }

    private void follow(@Nullable TaskStatus status) {
        work = status;
        bar.progressProperty().unbind();
        stage.textProperty().unbind();
        if (status == null) {
            stage.setText("");
        } else {
            bar.progressProperty().bind(status.fractionProperty());
            stage.textProperty()
                    .bind(
                            Bindings.when(status.stageProperty().isEmpty())
                                    .then(status.title())
                                    .otherwise(status.stageProperty()));
        }
    }
}
