package org.headlight.app.sparse;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleDoubleProperty;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.headlight.analysis.sparse.Parameter;
import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.PolicyInfo;
import org.headlight.analysis.sparse.Settings;
import org.headlight.app.reading.SettingsForm;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The policy of a slot in words, with a control for each of its parameters. */
final class ParameterForm extends VBox {
    private static final int FEW = 32;

    private final PolicySlot slot;
    private final List<Consumer<Settings>> followers = new ArrayList<>();

    ParameterForm(PolicySlot slot) {
        super(8);
        this.slot = slot;
        slot.policyProperty().subscribe(this::build);
        slot.settingsProperty()
                .subscribe(settings -> {
                    if (settings != null) {
                        followers.forEach(follower -> follower.accept(settings));
                    }
                });
        visibleProperty().bind(slot.policyProperty().isNotNull());
        managedProperty().bind(visibleProperty());
    }

    private void build(@Nullable Policy policy) {
        followers.clear();
        getChildren().clear();
        if (policy == null) {
            return;
        }
        PolicyInfo info = policy.info();
        Label title = new Label(info.title());
        title.getStyleClass().add("pane-title");
        Label paper = words(info.paper(), "caption");
        getChildren().addAll(new VBox(2, title, paper), words(info.claim(), "text-muted"));
        if (!info.parameters().isEmpty()) {
            SettingsForm form = new SettingsForm();
            info.parameters().forEach(parameter -> add(form, parameter));
            getChildren().addAll(form, presets());
        }
    }

    private static Label words(String text, String style) {
        Label label = new Label(text);
        label.setWrapText(true);
        label.getStyleClass().add(style);
        label.setMinHeight(Region.USE_PREF_SIZE);
        return label;
    }

    private void add(SettingsForm form, Parameter parameter) {
        String name = parameter.name();
        String tip = parameter.meaning();
        if (!parameter.choices().isEmpty()) {
            ObjectProperty<String> word =
                    new SimpleObjectProperty<>(parameter.choices().get((int) parameter.standard()));
            form.choice(name, word, parameter.choices(), chosen -> chosen, tip);
            word.addListener(
                    (property, old, now) -> slot.set(name, parameter.choices().indexOf(now)));
            followers.add(settings -> word.set(settings.choice(name)));
        } else if (parameter.whole()) {
            SimpleIntegerProperty number = new SimpleIntegerProperty((int) parameter.standard());
            form.whole(
                    name,
                    number,
                    (int) parameter.least(),
                    (int) parameter.most(),
                    step(parameter),
                    tip);
            number.addListener((property, old, now) -> slot.set(name, now.doubleValue()));
            followers.add(settings -> number.set(settings.whole(name)));
        } else {
            SimpleDoubleProperty number = new SimpleDoubleProperty(parameter.standard());
            double span = parameter.most() - parameter.least();
            form.number(
                    name,
                    number,
                    parameter.least(),
                    parameter.most(),
                    span <= 1 ? 0.05 : span <= 20 ? 0.5 : 1,
                    tip);
            number.addListener((property, old, now) -> slot.set(name, now.doubleValue()));
            followers.add(settings -> number.set(settings.real(name)));
        }
    }

    /** Sizes of blocks and the like go in sixteens. */
    private static int step(Parameter parameter) {
        return parameter.standard() >= FEW && parameter.standard() % 16 == 0 ? 16 : 1;
    }

    private HBox presets() {
        Button paper = button("Paper's default", "Every parameter as the paper has it.");
        paper.setOnAction(event -> slot.takePaper());
        Button scaled =
                button(
                        "Scaled to this text",
                        "The paper's values scaled down to the length of the text, so that"
                                + " something is skipped; scaled presets are Headlight's.");
        scaled.setOnAction(event -> slot.takeScaled());
        return new HBox(8, paper, scaled);
    }

    private static Button button(String text, String tip) {
        Button button = new Button(text);
        button.getStyleClass().add("small");
        button.setMinWidth(Region.USE_PREF_SIZE);
        button.setTooltip(new Tooltip(tip));
        return button;
    }
}
