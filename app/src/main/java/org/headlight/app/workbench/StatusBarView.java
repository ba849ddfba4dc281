package org.headlight.app.workbench;

import javafx.animation.Animation;
import javafx.animation.KeyFrame;
import javafx.animation.Timeline;
import javafx.beans.binding.Bindings;
import javafx.collections.ListChangeListener;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.util.Duration;

import org.headlight.app.command.KeyBinding;
import org.headlight.app.input.Need;
import org.headlight.app.settings.DeviceViewModel;
import org.headlight.app.task.TaskRunner;
import org.headlight.app.task.TaskStatus;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

import java.util.stream.Stream;

/** Facts at the left; memory, tasks and help at the right. */
final class StatusBarView extends HBox {
    private final HBox tasks = new HBox(12);
    private final Label memory = new Label();
    private final Timeline clock;

    /** What the bar asks of the window. */
    record Actions(Runnable settings, Runnable shortcuts) {}

    StatusBarView(
            StatusViewModel status, TaskRunner runner, DeviceViewModel devices, Actions actions) {
        super(12);
        MemoryGauge gauge = new MemoryGauge();
        getStyleClass().add("status-bar");
        setAlignment(Pos.CENTER_LEFT);
        Label facts = new Label();
        facts.textProperty().bind(status.factsProperty());
        facts.setMinWidth(120);
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        memory.setMinWidth(Region.USE_PREF_SIZE);
        memory.setTooltip(new Tooltip("Memory of the whole process."));
        tasks.setAlignment(Pos.CENTER_RIGHT);
        getChildren()
                .addAll(
                        facts,
                        gap,
                        tasks,
                        buildDevice(devices, actions.settings()),
                        memory,
                        buildHelp(actions.shortcuts()));
        runner.tasks().addListener((ListChangeListener<TaskStatus>) change -> showTasks(runner));
        clock =
                new Timeline(
                        new KeyFrame(Duration.ZERO, event -> measure(gauge, devices)),
                        new KeyFrame(Duration.seconds(2)));
        clock.setCycleCount(Animation.INDEFINITE);
        clock.play();
    }

    void stop() {
        clock.stop();
    }

    private void measure(MemoryGauge gauge, DeviceViewModel devices) {
        memory.setText(Need.bytes(gauge.bytes()));
        if (devices.onCuda()) {
            devices.refresh();
        }
    }

    /** Where models run; a click leads to the settings. */
    private static Button buildDevice(DeviceViewModel devices, Runnable settings) {
        Button device = new Button(null, new FontIcon(Feather.CPU));
        device.setId("status-device");
        device.getStyleClass().addAll("flat", "small");
        device.textProperty().bind(devices.chipProperty());
        Tooltip words = new Tooltip();
        words.setWrapText(true);
        words.setMaxWidth(420);
        words.textProperty()
                .bind(
                        Bindings.createStringBinding(
                                () ->
                                        Stream.of(
                                                        devices.reasonProperty().get(),
                                                        devices.attentionProperty().get(),
                                                        "Where models run (settings)")
                                                .filter(text -> !text.isEmpty())
                                                .findFirst()
                                                .orElseThrow(),
                                devices.reasonProperty(),
                                devices.attentionProperty()));
        device.setTooltip(words);
        device.setMinWidth(Region.USE_PREF_SIZE);
        device.setOnAction(event -> settings.run());
        return device;
    }

    private static Button buildHelp(Runnable shortcuts) {
        Button help = new Button("Keys", new FontIcon(Feather.COMMAND));
        help.getStyleClass().addAll("flat", "small");
        help.setTooltip(new Tooltip("All keys (" + KeyBinding.SHORTCUTS.display() + ")"));
        help.setMinWidth(Region.USE_PREF_SIZE);
        help.setOnAction(event -> shortcuts.run());
        return help;
    }

    private void showTasks(TaskRunner runner) {
        tasks.getChildren().setAll(runner.tasks().stream().map(StatusBarView::task).toList());
    }

    private static Node task(TaskStatus status) {
        Label title = new Label();
        title.textProperty()
                .bind(
                        status.stageProperty()
                                .map(stage ->
                                        stage.isEmpty()
                                                ? status.title()
                                                : status.title() + ": " + stage));
        title.setMaxWidth(280);
        ProgressBar bar = new ProgressBar();
        bar.getStyleClass().add("small");
        bar.setPrefWidth(72);
        bar.progressProperty().bind(status.fractionProperty());
        Button cancel = new Button(null, new FontIcon(Feather.X));
        cancel.getStyleClass().addAll("flat", "small", "button-icon");
        cancel.setTooltip(new Tooltip("Cancel"));
        cancel.setOnAction(event -> status.cancel());
        HBox box = new HBox(6, title, bar, cancel);
        box.setAlignment(Pos.CENTER_LEFT);
        return box;
    }
}
