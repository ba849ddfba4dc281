package org.headlight.app.settings;

import javafx.geometry.HPos;
import javafx.geometry.Pos;
import javafx.geometry.VPos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.util.StringConverter;

import org.controlsfx.control.SegmentedButton;

import java.util.List;
import java.util.OptionalInt;

/** The few settings, over the window. */
public final class SettingsSheet extends StackPane {
    private final SettingsViewModel settings;

    /**
     * A sheet.
     *
     * @param device the controls for the device
     * @param close takes it away
     */
    public SettingsSheet(SettingsViewModel settings, DeviceLines device, Runnable close) {
        this.settings = settings;
        getStyleClass().add("sheet-veil");
        Label title = new Label("Settings");
        title.getStyleClass().add("sheet-title");
        GridPane lines = new GridPane();
        lines.setHgap(16);
        lines.setVgap(4);
        ColumnConstraints names = new ColumnConstraints();
        names.setMinWidth(Region.USE_PREF_SIZE);
        lines.getColumnConstraints().addAll(names, new ColumnConstraints());
        line(lines, 0, "Theme", buildTheme(), "How the window looks, now and the next time.");
        gap(lines, 2);
        line(
                lines,
                3,
                "Threads",
                buildThreads(),
                "How many threads ONNX Runtime computes with. It takes effect on the next opened"
                        + " model.");
        gap(lines, 5);
        line(lines, 6, "Device", device.device(), device.deviceSentence());
        gap(lines, 8);
        line(lines, 9, "Natives for CUDA", device.natives(), device.nativesSentence());
        Button done = new Button("Close");
        done.setDefaultButton(true);
        done.setCancelButton(true);
        done.setOnAction(event -> close.run());
        HBox foot = new HBox(done);
        foot.setAlignment(Pos.CENTER_RIGHT);
        VBox sheet = new VBox(16, title, lines, foot);
        sheet.getStyleClass().addAll("sheet", "settings-sheet");
        sheet.setPrefWidth(560);
        sheet.setMaxSize(Region.USE_PREF_SIZE, Region.USE_PREF_SIZE);
        getChildren().add(sheet);
    }

    private static void gap(GridPane lines, int row) {
        Region gap = new Region();
        gap.setMinHeight(12);
        lines.add(gap, 0, row);
    }

    private static void line(GridPane lines, int row, String name, Node control, String sentence) {
        Label explanation = new Label(sentence);
        explanation.setWrapText(true);
        explanation.setMinHeight(Region.USE_PREF_SIZE);
        explanation.getStyleClass().add("caption");
        line(lines, row, name, control, explanation);
    }

    private static void line(
            GridPane lines, int row, String name, Node control, Label explanation) {
        Label label = new Label(name);
        label.setMinWidth(Region.USE_PREF_SIZE);
        label.getStyleClass().add("text-muted");
        lines.addRow(row, label, control);
        GridPane.setValignment(label, VPos.CENTER);
        GridPane.setHalignment(control, HPos.LEFT);
        lines.add(explanation, 1, row + 1);
    }

    private Node buildTheme() {
        SegmentedButton buttons = new SegmentedButton();
        for (ThemeChoice choice :
                List.of(ThemeChoice.SYSTEM, ThemeChoice.LIGHT, ThemeChoice.DARK)) {
            ToggleButton button = new ToggleButton(choice.label());
            button.setMinWidth(Region.USE_PREF_SIZE);
            button.setOnAction(event -> {
                button.setSelected(true);
                settings.chooseTheme(choice);
            });
            settings.themeProperty().subscribe(now -> button.setSelected(now == choice));
            button.setToggleGroup(buttons.getToggleGroup());
            buttons.getButtons().add(button);
        }
        buttons.setMaxWidth(Region.USE_PREF_SIZE);
        return buttons;
    }

    private Node buildThreads() {
        ComboBox<OptionalInt> box = new ComboBox<>();
        box.setConverter(
                new StringConverter<>() {
                    @Override
                    public String toString(OptionalInt count) {
                        return count == null ? "" : settings.words(count);
                    }

                    @Override
                    public OptionalInt fromString(String text) {
                        throw new UnsupportedOperationException("the box is not edited");
                    }
                });
        box.getItems().setAll(settings.threadChoices());
        box.setValue(settings.threadsProperty().get());
        box.setAccessibleText("Threads");
        box.setId("settings-threads");
        box.setOnAction(event -> settings.chooseThreads(box.getValue()));
        return box;
    }
}
