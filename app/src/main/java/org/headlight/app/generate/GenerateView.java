package org.headlight.app.generate;

import javafx.beans.property.DoubleProperty;
import javafx.beans.property.IntegerProperty;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Spinner;
import javafx.scene.control.SpinnerValueFactory;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.headlight.app.command.KeyBinding;
import org.headlight.app.settings.WritingChoice;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/**
 * The button that lets the model write, and beside it the one that unfolds how: the panel lies over
 * the window, so that nothing jumps.
 */
public final class GenerateView extends Region {
    private static final double PANEL = 336;
    private static final double GAP = 6;

    private final GenerateViewModel generate;
    private final ToggleButton how = new ToggleButton(null, new FontIcon(Feather.SLIDERS));
    private final HBox buttons;
    private final VBox panel;

    public GenerateView(GenerateViewModel generate) {
        this.generate = generate;
        getStyleClass().add("generate-view");
        buttons = new HBox(buildButton(), buildHow());
        buttons.setAlignment(Pos.CENTER_LEFT);
        panel = buildPanel();
        panel.visibleProperty().bind(how.selectedProperty());
        getChildren().addAll(buttons, panel);
        sceneProperty()
                .subscribe(scene -> {
                    if (scene != null) {
                        scene.addEventFilter(MouseEvent.MOUSE_PRESSED, this::pressed);
                    }
                });
    }

    private Node buildButton() {
        Button button = new Button();
        button.getStyleClass().addAll("generate-button", "left-pill");
        button.setMinWidth(108);
        generate.writingProperty()
                .subscribe(writing -> {
                    button.setText(writing ? "Stop" : "Generate");
                    button.setGraphic(new FontIcon(writing ? Feather.SQUARE : Feather.EDIT_3));
                });
        button.disableProperty().bind(generate.refusalProperty().isNotEmpty());
        button.setOnAction(event -> act());
        // A disabled button gets no pointer, so its reason stands on what holds it.
        HBox holder = new HBox(button);
        holder.setAlignment(Pos.CENTER_LEFT);
        Tooltip tooltip = new Tooltip();
        tooltip.textProperty()
                .bind(
                        generate.refusalProperty()
                                .map(why ->
                                        why.isEmpty()
                                                ? "Let the model write on from the text ("
                                                        + KeyBinding.GENERATE.display()
                                                        + "). Stopping keeps what is there."
                                                : why));
        Tooltip.install(holder, tooltip);
        return holder;
    }

    /** Starts the writing, or stops it. */
    public void act() {
        how.setSelected(false);
        if (generate.writingProperty().get()) {
            generate.cancel();
        } else {
            generate.generate();
        }
    }

    private Node buildHow() {
        how.getStyleClass().addAll("button-icon", "right-pill", "generate-how");
        how.setAccessibleText("How the model writes");
        how.setTooltip(new Tooltip("How many tokens, and how they are drawn."));
        how.disableProperty().bind(generate.refusalProperty().isNotEmpty());
        return how;
    }

    private VBox buildPanel() {
        GridPane lines = new GridPane();
        lines.setHgap(12);
        lines.setVgap(8);
        line(
                lines,
                "Tokens",
                whole(generate.maxTokensProperty(), 1, WritingChoice.MOST_TOKENS, 16),
                "at most",
                "The response ends after so many tokens, or at the end of text.");
        line(
                lines,
                "Temperature",
                fraction(generate.temperatureProperty(), 0, WritingChoice.HOTTEST, 0.1),
                "0 takes the best",
                "T of softmax(logits / T). 0: always the most probable token. 1: the model's own"
                        + " probabilities.");
        line(
                lines,
                "Top-k",
                whole(generate.topKProperty(), 0, WritingChoice.MOST_TOKENS, 10),
                "0 for all",
                "Only the k most probable tokens are drawn from.");
        line(
                lines,
                "Top-p",
                fraction(generate.topPProperty(), WritingChoice.LEAST_SHARE, 1, 0.05),
                "1 for all",
                "Of those, only the fewest that together have the probability p.");
        line(
                lines,
                "Seed",
                whole(generate.seedProperty(), 0, Integer.MAX_VALUE, 1),
                "same seed, same text",
                "Where the random numbers start.");
        VBox box = new VBox(8, lines);
        box.getStyleClass().add("generate-panel");
        box.addEventFilter(
                KeyEvent.KEY_PRESSED,
                event -> {
                    if (event.getCode() == KeyCode.ESCAPE) {
                        how.setSelected(false);
                        how.requestFocus();
                        event.consume();
                    }
                });
        return box;
    }

    private static void line(
            GridPane lines, String name, Spinner<?> value, String hint, String sentence) {
        Label label = new Label(name);
        label.setMinWidth(Region.USE_PREF_SIZE);
        Label note = new Label(hint);
        note.getStyleClass().add("caption");
        note.setMinWidth(Region.USE_PREF_SIZE);
        Tooltip tooltip = new Tooltip(sentence);
        label.setTooltip(tooltip);
        value.setTooltip(tooltip);
        value.setAccessibleText(name);
        value.setEditable(true);
        value.setPrefWidth(116);
        value.getStyleClass().add("generate-value");
        lines.addRow(lines.getRowCount(), label, value, note);
    }

    private static Spinner<Integer> whole(IntegerProperty property, int low, int high, int step) {
        SpinnerValueFactory<Integer> values =
                new SpinnerValueFactory.IntegerSpinnerValueFactory(low, high, property.get(), step);
        values.setConverter(new WholeText(property::get));
        values.valueProperty().addListener((o, was, now) -> property.set(now == null ? low : now));
        property.subscribe(now -> values.setValue(now.intValue()));
        return new Spinner<>(values);
    }

    private static Spinner<Double> fraction(
            DoubleProperty property, double low, double high, double step) {
        SpinnerValueFactory<Double> values =
                new SpinnerValueFactory.DoubleSpinnerValueFactory(low, high, property.get(), step);
        values.setConverter(new FractionText(property::get));
        values.valueProperty().addListener((o, was, now) -> property.set(now == null ? low : now));
        property.subscribe(now -> values.setValue(now.doubleValue()));
        return new Spinner<>(values);
    }

    /** A press outside folds the panel. */
    private void pressed(MouseEvent event) {
        if (how.isSelected() && !contains(sceneToLocal(event.getSceneX(), event.getSceneY()))) {
            boolean inside =
                    panel.contains(panel.sceneToLocal(event.getSceneX(), event.getSceneY()));
            how.setSelected(inside);
        }
    }

    @Override
    protected double computePrefWidth(double height) {
        return buttons.prefWidth(height);
    }

    @Override
    protected double computeMinWidth(double height) {
        return buttons.minWidth(height);
    }

    @Override
    protected double computePrefHeight(double width) {
        return buttons.prefHeight(width);
    }

    @Override
    protected double computeMinHeight(double width) {
        return buttons.minHeight(width);
    }

    @Override
    protected void layoutChildren() {
        buttons.resizeRelocate(0, 0, getWidth(), getHeight());
        double height = panel.prefHeight(PANEL);
        panel.resizeRelocate(getWidth() - PANEL, getHeight() + GAP, PANEL, height);
    }
}
