package org.headlight.app.sinks;

import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.headlight.app.reading.ReadingState;
import org.headlight.app.task.TaskStatus;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/** Progress with cancel, and a problem in place, of a card. */
final class WorkLine extends VBox {
    private final ProgressBar bar = new ProgressBar();
    private @Nullable TaskStatus work;

    WorkLine(ReadingState state) {
        super(4);
        Label problem = new Label();
        problem.setGraphic(new FontIcon(Feather.ALERT_TRIANGLE));
        problem.setWrapText(true);
        problem.setMinHeight(Region.USE_PREF_SIZE);
        problem.getStyleClass().add("sinks-problem");
        problem.textProperty().bind(state.problemProperty());
        problem.visibleProperty().bind(state.problemProperty().isNotEmpty());
        problem.managedProperty().bind(problem.visibleProperty());
        Button cancel = new Button("Cancel");
        cancel.getStyleClass().addAll("flat", "small");
        cancel.setMinWidth(Region.USE_PREF_SIZE);
        cancel.setOnAction(event -> cancel());
        bar.setMaxWidth(Double.MAX_VALUE);
        HBox.setHgrow(bar, Priority.ALWAYS);
        HBox running = new HBox(8, bar, cancel);
        running.setAlignment(Pos.CENTER_LEFT);
        running.visibleProperty().bind(state.workProperty().isNotNull());
        running.managedProperty().bind(running.visibleProperty());
        state.workProperty().subscribe(this::follow);
        getChildren().addAll(problem, running);
        managedProperty().bind(problem.visibleProperty().or(running.visibleProperty()));
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
        if (status != null) {
            bar.progressProperty().bind(status.fractionProperty());
        }
    }
}
