package org.headlight.app.explore;

import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Slider;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;

import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/** Goes through the steps in which a response was written; there only when there is one. */
final class StepsBar extends HBox {
    private static final double SLIDER = 150;

    private final StepsViewModel steps;
    private final Slider slider = new Slider(1, 1, 1);

    StepsBar(StepsViewModel steps) {
        super(8);
        this.steps = steps;
        getStyleClass().add("steps-bar");
        setAlignment(Pos.CENTER_LEFT);
        buildSlider();
        Label text = new Label();
        text.getStyleClass().addAll("mono", "steps-text");
        text.setMinWidth(Region.USE_PREF_SIZE);
        text.textProperty().bind(steps.textProperty());
        Label others = new Label();
        others.getStyleClass().addAll("mono", "steps-others");
        others.setMinWidth(0);
        others.textProperty().bind(steps.othersProperty());
        others.setTooltip(new Tooltip("The most probable tokens that it did not write."));
        HBox.setHgrow(others, Priority.SOMETIMES);
        getChildren()
                .addAll(
                        button(Feather.CHEVRON_LEFT, "The step before", -1),
                        slider,
                        button(Feather.CHEVRON_RIGHT, "The next step", 1),
                        text,
                        others);
        visibleProperty().bind(steps.countProperty().greaterThan(0));
        managedProperty().bind(visibleProperty());
    }

    private void buildSlider() {
        slider.getStyleClass().addAll("small", "steps-slider");
        slider.setAccessibleText("Step of the response");
        slider.setMajorTickUnit(1);
        slider.setMinorTickCount(0);
        slider.setSnapToTicks(false);
        slider.setBlockIncrement(1);
        slider.setPrefWidth(SLIDER);
        slider.setMinWidth(SLIDER);
        slider.setTooltip(
                new Tooltip(
                        "The steps of the response: each selects the row of the map that the model"
                                + " looked through to write its token. Arrow keys move by one."));
        steps.countProperty().subscribe(count -> slider.setMax(Math.max(1, count.intValue())));
        steps.stepProperty()
                .subscribe(step -> {
                    if (step.intValue() >= 1 && Math.round(slider.getValue()) != step.intValue()) {
                        slider.setValue(step.intValue());
                    }
                });
        slider.valueProperty()
                .addListener((property, old, now) -> {
                    int step = (int) Math.round(now.doubleValue());
                    if (slider.isFocused() || slider.isValueChanging()) {
                        steps.stepProperty().set(step);
                    }
                });
        slider.setOnMousePressed(event -> take());
        slider.setOnMouseReleased(event -> take());
    }

    private void take() {
        steps.stepProperty().set((int) Math.round(slider.getValue()));
    }

    private Button button(Feather icon, String words, int by) {
        Button button = new Button(null, new FontIcon(icon));
        button.getStyleClass().addAll("flat", "small", "button-icon");
        button.setMinWidth(Region.USE_PREF_SIZE);
        button.setAccessibleText(words);
        button.setTooltip(new Tooltip(words + "."));
        button.setOnAction(event -> steps.move(by));
        return button;
    }
}
