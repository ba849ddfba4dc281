package org.headlight.app.sparse;

import javafx.beans.binding.Bindings;
import javafx.collections.ListChangeListener;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;

import org.controlsfx.control.SegmentedButton;
import org.headlight.analysis.sparse.Phase;
import org.headlight.app.reading.NamedChoice;
import org.headlight.app.reading.NumberSpinner;
import org.headlight.engine.problem.Problem;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

import java.util.List;

/** The controls above the result: policies, heads, prompt, run, and what the map shows. */
final class SparseTools {
    private static final int LONGEST = 1 << 20;

    private final SparseViewModel sparse;
    private final SparseSetup setup;
    private final SparseMaps maps;

    SparseTools(SparseViewModel sparse, SparseMaps maps) {
        this.sparse = sparse;
        this.setup = sparse.setup();
        this.maps = maps;
    }

    /** What says how the text is run, in order. */
    List<Node> runs() {
        return List.of(policy(), decode(), scope(), run(), keep(), rules(), needle());
    }

    /** What is there for every page. */
    List<Node> always() {
        return List.of(prompt(), view(), mask());
    }

    static HBox labelled(String name, String tip, Node control) {
        control.setAccessibleText(name);
        HBox box = NamedChoice.labelled(name, tip, control);
        return box;
    }

    private Node policy() {
        String tip = "Which keys take part: how the prompt, or each new token, is read.";
        return labelled("policy", tip, new PolicyMenu(setup.main(), setup.policies(), "", tip));
    }

    private Node decode() {
        String tip = "A second policy for the tokens after the prompt, which come one by one.";
        HBox box =
                labelled(
                        "decoding",
                        tip,
                        new PolicyMenu(
                                setup.decode(),
                                setup.policies().stream()
                                        .filter(p -> p.info().phase().covers(Phase.DECODE))
                                        .toList(),
                                "same or dense",
                                tip));
        return withSteps(box);
    }

    private Node scope() {
        NamedChoice<Scope> box =
                new NamedChoice<>(List.of(Scope.values()), setup.scopeProperty(), Scope::title);
        String tip = "The heads that get the policy; all others stay dense, or as kept before.";
        box.setTooltip(new Tooltip(tip));
        box.setPrefWidth(140);
        return labelled("for", tip, box);
    }

    private Node prompt() {
        String tip =
                "Tokens that are read in the prefill; the rest is decoded step by step, and loss,"
                        + " KL and agreement are measured there.";
        NumberSpinner<Integer> spinner =
                NumberSpinner.whole(setup.promptProperty(), 1, LONGEST, 16, "prompt", tip);
        spinner.getStyleClass().add("small");
        spinner.setPrefWidth(92);
        return withSteps(labelled("prompt", tip, spinner));
    }

    /** Something that an encoder has no use for: its whole text is read at once. */
    private Node withSteps(Node node) {
        node.visibleProperty().bind(setup.wholeProperty().not());
        node.managedProperty().bind(node.visibleProperty());
        return node;
    }

    private Node needle() {
        TextField field = new TextField();
        field.getStyleClass().add("small");
        field.setPromptText("text to follow");
        field.setPrefColumnCount(9);
        String tip =
                "A piece of the text whose keys are followed: how much of it do the rows that"
                        + " answer keep?";
        field.setTooltip(new Tooltip(tip));
        field.textProperty().bindBidirectional(setup.needleProperty());
        field.setOnAction(event -> sparse.run());
        return labelled("needle", tip, field);
    }

    private Node run() {
        Button run = new Button("Run", new FontIcon(Feather.PLAY));
        run.getStyleClass().addAll("accent", "small", "sparse-run");
        run.setMinWidth(Region.USE_PREF_SIZE);
        run.setTooltip(
                new Tooltip(
                        "Runs the text densely and sparsely with the same kernels and compares;"
                                + " a run that lasts is given up for it."));
        run.disableProperty().bind(sparse.runnableProperty().not());
        run.setOnAction(event -> sparse.run());
        return run;
    }

    private Node keep() {
        Button keep = new Button(null, new FontIcon(Feather.PLUS));
        keep.getStyleClass().addAll("flat", "small", "button-icon");
        keep.setAccessibleText("Add a policy for other heads");
        keep.setMinWidth(Region.USE_PREF_SIZE);
        keep.setTooltip(
                new Tooltip(
                        "Keeps this policy for these heads, so that another can be chosen for"
                                + " others; what is chosen later holds where both name a head."));
        keep.disableProperty().bind(sparse.runnableProperty().not());
        keep.setOnAction(event -> {
            try {
                setup.keep();
            } catch (Problem e) {
                sparse.state().problem(String.valueOf(e.getMessage()));
            }
        });
        return keep;
    }

    private Node rules() {
        HBox box = new HBox(4);
        box.setAlignment(Pos.CENTER_LEFT);
        setup.rules().addListener((ListChangeListener<SparseRule>) change -> showRules(box));
        showRules(box);
        box.managedProperty().bind(Bindings.isNotEmpty(setup.rules()));
        return box;
    }

    private void showRules(HBox box) {
        box.getChildren().clear();
        for (SparseRule rule : setup.rules()) {
            Button chip = new Button(rule.words(), new FontIcon(Feather.X));
            chip.getStyleClass().addAll("small", "rule-chip");
            chip.setMinWidth(Region.USE_PREF_SIZE);
            chip.setAccessibleText("Take away " + rule.words());
            chip.setTooltip(new Tooltip(rule.choice().text() + ". Click to take it away."));
            chip.setOnAction(event -> setup.rules().remove(rule));
            box.getChildren().add(chip);
        }
    }

    private Node view() {
        SegmentedButton all = new SegmentedButton();
        for (SparseMaps.View view : SparseMaps.View.values()) {
            ToggleButton button = new ToggleButton(view.word());
            button.getStyleClass().add("small");
            button.setMinWidth(Region.USE_PREF_SIZE);
            button.setTooltip(new Tooltip(tip(view)));
            button.setOnAction(event -> {
                maps.viewProperty().set(view);
                button.setSelected(true);
            });
            maps.viewProperty().subscribe(now -> button.setSelected(now == view));
            all.getButtons().add(button);
        }
        all.setMinWidth(Region.USE_PREF_SIZE);
        all.disableProperty().bind(sparse.runProperty().isNull());
        return labelled("map", "What the map above shows of the head.", all);
    }

    private static String tip(SparseMaps.View view) {
        return switch (view) {
            case DENSE -> "The head's own map.";
            case SPARSE ->
                    "The same queries over the kept keys alone, each row renormalised, on the same"
                            + " colours.";
            case DIFFERENCE ->
                    "Sparse minus dense, exact cell by cell, pooled by mean: blue gained by"
                            + " renormalising, orange was lost.";
        };
    }

    private Node mask() {
        CheckBox box = new CheckBox("mask");
        box.setTooltip(
                new Tooltip(
                        "Outlines what is kept, veils what is skipped and hatches what is missed:"
                                + " left out though it holds at least 1 % of its queries'"
                                + " probability."));
        box.selectedProperty().bindBidirectional(maps.maskProperty());
        box.disableProperty().bind(sparse.runProperty().isNull());
        return box;
    }
}
