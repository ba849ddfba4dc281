package org.headlight.app.export;

import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.RadioButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

/** The export dialog, over the window. */
public final class ExportDialog extends StackPane {
    private final ExportViewModel export;

    /**
     * A dialog for one map.
     *
     * @param close takes the dialog away
     */
    public ExportDialog(ExportViewModel export, Runnable close) {
        this.export = export;
        getStyleClass().add("sheet-veil");
        Label title = new Label("Export");
        title.getStyleClass().add("sheet-title");
        Label summary = new Label();
        summary.setWrapText(true);
        summary.getStyleClass().add("text-muted");
        summary.textProperty().bind(export.summaryProperty());
        Label problem = new Label();
        problem.setWrapText(true);
        problem.getStyleClass().add("map-problem");
        problem.textProperty().bind(export.problemProperty());
        problem.visibleProperty().bind(export.problemProperty().isNotEmpty());
        problem.managedProperty().bind(problem.visibleProperty());
        VBox sheet = new VBox(16, title, buildChoices(), summary, problem, buildButtons(close));
        sheet.getStyleClass().add("sheet");
        sheet.setPrefWidth(480);
        sheet.setMaxSize(Region.USE_PREF_SIZE, Region.USE_PREF_SIZE);
        getChildren().add(sheet);
        export.writtenProperty()
                .addListener((property, old, now) -> {
                    if (now != null) {
                        close.run();
                    }
                });
    }

    /** What is written, of which part, and how large: a line each, with its name in front. */
    private GridPane buildChoices() {
        GridPane choices = new GridPane();
        choices.setHgap(16);
        choices.setVgap(12);
        choices.addRow(0, name("Format"), buildKinds());
        choices.addRow(1, name("Part"), buildRange());
        Label pixels = name("Longer side");
        HBox picture = buildPicture();
        pixels.visibleProperty().bind(picture.visibleProperty());
        pixels.managedProperty().bind(picture.visibleProperty());
        choices.addRow(2, pixels, picture);
        return choices;
    }

    private static Label name(String text) {
        Label label = new Label(text);
        label.setMinWidth(USE_PREF_SIZE);
        label.getStyleClass().add("text-muted");
        return label;
    }

    private HBox buildKinds() {
        ToggleGroup group = new ToggleGroup();
        HBox box = new HBox(16);
        for (ExportKind kind : ExportKind.values()) {
            RadioButton button = new RadioButton(kind.title());
            button.setToggleGroup(group);
            button.setSelected(kind == export.kindProperty().get());
            button.setOnAction(event -> export.kindProperty().set(kind));
            box.getChildren().add(button);
        }
        return box;
    }

    private HBox buildRange() {
        ToggleGroup group = new ToggleGroup();
        RadioButton whole = new RadioButton("Whole map");
        RadioButton part = new RadioButton("What the window shows");
        whole.setToggleGroup(group);
        part.setToggleGroup(group);
        whole.setSelected(export.wholeMapProperty().get());
        part.setSelected(!export.wholeMapProperty().get());
        whole.selectedProperty()
                .addListener((property, old, now) -> export.wholeMapProperty().set(now));
        return new HBox(16, whole, part);
    }

    private HBox buildPicture() {
        ComboBox<Integer> size = new ComboBox<>();
        size.getItems().setAll(512, 1024, 2048, 4096);
        size.setValue(export.sizeProperty().get());
        size.valueProperty().addListener((property, old, now) -> export.sizeProperty().set(now));
        CheckBox dark = new CheckBox("Dark picture");
        Region gap = new Region();
        gap.setMinWidth(8);
        dark.selectedProperty().bindBidirectional(export.darkProperty());
        HBox box = new HBox(8, size, new Label("pixels"), gap, dark);
        box.setAlignment(Pos.CENTER_LEFT);
        box.visibleProperty().bind(export.kindProperty().isEqualTo(ExportKind.PNG));
        box.managedProperty().bind(box.visibleProperty());
        return box;
    }

    private HBox buildButtons(Runnable close) {
        Button write = new Button("Choose a file \u2026");
        write.getStyleClass().add("accent");
        write.setDefaultButton(true);
        write.disableProperty().bind(export.writingProperty());
        write.setOnAction(event -> export.export());
        Button cancel = new Button("Cancel");
        cancel.setCancelButton(true);
        cancel.setOnAction(event -> {
            export.cancel();
            close.run();
        });
        HBox box = new HBox(8, cancel, write);
        box.setAlignment(Pos.CENTER_RIGHT);
        return box;
    }
}
