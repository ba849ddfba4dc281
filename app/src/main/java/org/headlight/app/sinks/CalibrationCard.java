package org.headlight.app.sinks;

import javafx.beans.value.ObservableValue;
import javafx.collections.SetChangeListener;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.controlsfx.control.SegmentedButton;
import org.headlight.analysis.sinks.ActRule;
import org.headlight.analysis.sinks.Answer;
import org.headlight.analysis.sinks.CalibrationResult;
import org.headlight.analysis.sinks.LogitChange;
import org.headlight.analysis.sinks.NextToken;
import org.headlight.app.explore.ExploreViewModel;
import org.headlight.app.reading.FactGrid;
import org.headlight.app.reading.NumberSpinner;
import org.headlight.engine.capture.Capture;
import org.headlight.viz.control.grid.HeadRef;
import org.headlight.viz.raster.NumberText;
import org.headlight.viz.text.TokenLabel;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Collectors;

/** Choose heads and a rule, run, and see what changed. */
final class CalibrationCard extends VBox {
    private static final int NAMES = 8;

    private final CalibrationViewModel calibration;
    private final ExploreViewModel explore;
    private final FactGrid outcome = new FactGrid(2);
    private final Label chosen = new Label();
    private final Label turned = new Label();
    private final VBox answers = new VBox(2);
    private final VBox results = new VBox(8, turned, outcome, answers);

    CalibrationCard(CalibrationViewModel calibration, ExploreViewModel explore) {
        super(8);
        this.calibration = calibration;
        this.explore = explore;
        getStyleClass().add("sinks-card");
        Label title = new Label("Calibrate sinks away");
        title.getStyleClass().add("pane-title");
        Label sentence =
                new Label(
                        "ACT (Yu et al. 2024) turns sinks beyond the first token down to \u03b2 and"
                                + " gives what they lose to the other tokens of the row.");
        sentence.getStyleClass().add("caption");
        sentence.setWrapText(true);
        turned.setWrapText(true);
        turned.getStyleClass().add("caption");
        getChildren()
                .addAll(
                        title,
                        sentence,
                        buildRule(),
                        buildNumbers(),
                        buildChoice(),
                        buildRun(),
                        new WorkLine(calibration.state()),
                        results);
        calibration.heads().addListener((SetChangeListener<HeadRef>) change -> showChosen());
        explore.captureProperty().subscribe(now -> showChosen());
        calibration.resultProperty().subscribe(this::show);
    }

    private Node buildRule() {
        ToggleButton code = new ToggleButton("As in its code");
        code.setTooltip(
                new Tooltip(
                        "Tokens that receive more than a fixed share; the first such token is"
                                + " spared, whichever it is."));
        ToggleButton paper = new ToggleButton("As in its paper");
        paper.setTooltip(
                new Tooltip("Tokens other than token 0 that receive more than \u03b1 / N."));
        code.getStyleClass().add("small");
        paper.getStyleClass().add("small");
        SegmentedButton rules = new SegmentedButton(code, paper);
        rules.setMinWidth(Region.USE_PREF_SIZE);
        code.setOnAction(event -> {
            code.setSelected(true);
            calibration.ruleProperty().set(ActRule.CODE);
        });
        paper.setOnAction(event -> {
            paper.setSelected(true);
            calibration.ruleProperty().set(ActRule.PAPER);
        });
        calibration
                .ruleProperty()
                .subscribe(rule -> {
                    code.setSelected(rule == ActRule.CODE);
                    paper.setSelected(rule == ActRule.PAPER);
                });
        return rules;
    }

    private Node buildNumbers() {
        FactGrid grid = new FactGrid(1);
        NumberSpinner<Double> threshold =
                NumberSpinner.fraction(
                        calibration.thresholdProperty(),
                        0.001,
                        0.999,
                        0.01,
                        "Threshold",
                        "Received mass above which a token is turned down; 0.1 in the code.");
        NumberSpinner<Double> alpha =
                NumberSpinner.fraction(
                        calibration.alphaProperty(),
                        0.1,
                        1000,
                        1,
                        "Alpha",
                        "Tokens that receive more than \u03b1 / N are turned down; 5 in the"
                                + " paper.");
        grid.control("Threshold", threshold);
        grid.control("\u03b1", alpha);
        grid.control(
                "\u03b2",
                NumberSpinner.fraction(
                        calibration.betaProperty(),
                        0,
                        1,
                        0.1,
                        "Beta",
                        "What is left of the attention to a sink; 0.4 in the paper."));
        grid.control(
                "Answer tokens",
                NumberSpinner.whole(
                        calibration.answerProperty(),
                        0,
                        200,
                        4,
                        "Answer tokens",
                        "Tokens that the model writes with and without calibration; each takes a"
                                + " run."));
        ObservableValue<Boolean> code =
                calibration.ruleProperty().map(rule -> rule == ActRule.CODE);
        threshold.disableProperty().bind(code.map(yes -> !yes));
        alpha.disableProperty().bind(code);
        return grid;
    }

    private Node buildChoice() {
        chosen.setWrapText(true);
        chosen.getStyleClass().add("caption");
        FlowPane buttons =
                new FlowPane(
                        4,
                        4,
                        choice(
                                "Middle layers",
                                "All heads but those of the first two layers and the last, as in"
                                        + " the paper.",
                                calibration::chooseUsual),
                        choice("All", "Every head.", calibration::chooseAll),
                        choice("This head", "The head on show alone.", calibration::chooseShown),
                        choice("None", "No head.", () -> calibration.heads().clear()));
        return new VBox(4, new Label("Heads"), buttons, chosen);
    }

    private static Button choice(String text, String tip, Runnable action) {
        Button button = new Button(text);
        button.getStyleClass().add("small");
        button.setTooltip(new Tooltip(tip));
        button.setMinWidth(Region.USE_PREF_SIZE);
        button.setOnAction(event -> action.run());
        return button;
    }

    private Node buildRun() {
        Button run = new Button("Run calibrated", new FontIcon(Feather.PLAY));
        run.getStyleClass().add("accent");
        run.setTooltip(new Tooltip("Runs the model as it is and calibrated, and compares."));
        run.disableProperty().bind(calibration.state().workProperty().isNotNull());
        run.setOnAction(event -> calibration.run());
        run.setMaxWidth(Double.MAX_VALUE);
        run.setAlignment(Pos.CENTER);
        return run;
    }

    private void showChosen() {
        Capture capture = explore.captureProperty().get();
        int count = calibration.heads().size();
        String names =
                calibration.heads().stream()
                        .filter(ref -> capture != null && ref.site() < capture.sites().size())
                        .sorted(
                                Comparator.comparingInt(HeadRef::site)
                                        .thenComparingInt(HeadRef::head))
                        .limit(NAMES)
                        .map(ref ->
                                capture == null
                                        ? ""
                                        : capture.sites().get(ref.site()).headName(ref.head()))
                        .collect(Collectors.joining(" "));
        chosen.setText(
                count == 0
                        ? "None chosen. Shift-click heads in the matrix, or use the buttons."
                        : count + " chosen: " + names + (count > NAMES ? " \u2026" : ""));
    }

    private void show(@Nullable CalibrationResult result) {
        outcome.clear();
        answers.getChildren().clear();
        results.setVisible(result != null);
        results.setManaged(result != null);
        if (result == null) {
            return;
        }
        turned.setText(
                result.calibrated() == 0
                        ? "No token of the chosen heads is above the threshold: nothing was turned"
                                + " down."
                        : result.calibrated()
                                + " tokens turned down in "
                                + result.chosen().values().stream()
                                        .filter(keys -> !keys.isEmpty())
                                        .count()
                                + " of "
                                + result.chosen().size()
                                + " heads.");
        LogitChange change = result.change();
        outcome.heading("before", "after");
        outcome.line(
                "loss",
                "Mean cross-entropy of the next token over the text, in nats.",
                loss(change.lossBefore()),
                loss(change.lossAfter()));
        for (NextToken next : change.next()) {
            outcome.line(
                    "next " + TokenLabel.of(next.token(), 14).text(),
                    "Probability that this token comes next.",
                    number(next.before()),
                    number(next.after()));
        }
        outcome.heading("", "change");
        outcome.line(
                "logits",
                "Mean size of the change of a logit; the largest is " + number(change.maxAbs()),
                "",
                number(change.meanAbs()));
        outcome.line(
                "KL a token",
                "Mean of KL(before || after) of the next token over rows, in nats.",
                "",
                number(change.kl()));
        outcome.line(
                "best token kept",
                "Share of rows in which the most probable next token stayed.",
                "",
                Math.round(1000 * change.top1Agreement()) / 10.0 + " %");
        result.before().ifPresent(answer -> answers.getChildren().add(line("before", answer)));
        result.after().ifPresent(answer -> answers.getChildren().add(line("after", answer)));
    }

    private static Node line(String when, Answer answer) {
        Label label = new Label(when + ": " + answer.text().replace("\n", "\u21b5"));
        label.getStyleClass().add("mono");
        label.setWrapText(true);
        label.setTooltip(new Tooltip("What the model writes next, greedily."));
        return label;
    }

    private static String loss(double value) {
        return Double.isNaN(value) ? "\u2013" : String.format(Locale.ROOT, "%.4f", value);
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "\u2013" : NumberText.plain(value);
    }
}
