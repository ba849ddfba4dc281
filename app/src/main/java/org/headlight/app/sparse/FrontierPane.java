package org.headlight.app.sparse;

import javafx.beans.property.ObjectProperty;
import javafx.collections.ListChangeListener;
import javafx.collections.SetChangeListener;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckMenuItem;
import javafx.scene.control.Label;
import javafx.scene.control.Menu;
import javafx.scene.control.MenuButton;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;

import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.run.FrontierPoint;
import org.headlight.app.reading.NamedChoice;
import org.headlight.viz.chart.FrontierChart;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Policies and settings as points over what they cost and lose. */
final class FrontierPane extends BorderPane {
    private final FrontierViewModel model;
    private final FrontierChart chart = new FrontierChart();
    private final Label hint = new Label();

    FrontierPane(FrontierViewModel model, SparseViewModel sparse) {
        this.model = model;
        FlowPane tools = new FlowPane(12, 4);
        tools.getStyleClass().add("sparse-frontier-tools");
        tools.getChildren()
                .addAll(
                        buildPolicies(sparse.setup().policies()),
                        buildSweep(sparse),
                        choice(
                                "cost",
                                "What is traded.",
                                model.costProperty(),
                                List.of(FrontierPoint.Cost.values()),
                                FrontierPane::word),
                        choice(
                                "loss",
                                "What is lost.",
                                model.lossProperty(),
                                List.of(FrontierPoint.Loss.values()),
                                FrontierPane::word));
        setTop(tools);
        hint.getStyleClass().add("empty-sentence");
        hint.setWrapText(true);
        hint.setMouseTransparent(true);
        setCenter(new StackPane(chart, hint));
        model.points().addListener((ListChangeListener<FrontierPoint>) change -> show());
        model.failures().addListener((ListChangeListener<String>) change -> show());
        model.costProperty().addListener((property, old, now) -> show());
        model.lossProperty().addListener((property, old, now) -> show());
        chart.chosenProperty()
                .addListener((property, old, now) -> {
                    int point = now.intValue();
                    if (point >= 0 && point < model.points().size()) {
                        model.open(model.points().get(point));
                    }
                });
        show();
    }

    private Node buildPolicies(List<Policy> policies) {
        MenuButton menu = new MenuButton();
        menu.getStyleClass().addAll("small", "policy-menu");
        menu.setMinWidth(Region.USE_PREF_SIZE);
        menu.setTooltip(
                new Tooltip(
                        "The policies of the sweep; each is run at five or six values of the"
                                + " parameter that trades density against error."));
        for (Map.Entry<String, List<Policy>> group : PolicyMenu.groups(policies).entrySet()) {
            Menu part = new Menu(group.getKey());
            for (Policy policy : group.getValue()) {
                CheckMenuItem item = new CheckMenuItem(policy.info().title());
                item.setSelected(model.chosen().contains(policy));
                item.setOnAction(event -> {
                    if (item.isSelected()) {
                        model.chosen().add(policy);
                    } else {
                        model.chosen().remove(policy);
                    }
                });
                part.getItems().add(item);
            }
            menu.getItems().add(part);
        }
        model.chosen().addListener((SetChangeListener<Policy>) change -> name(menu));
        name(menu);
        return menu;
    }

    private void name(MenuButton menu) {
        int count = model.chosen().size();
        menu.setText(count + (count == 1 ? " policy" : " policies"));
    }

    private Node buildSweep(SparseViewModel sparse) {
        Button sweep = new Button("Sweep", new FontIcon(Feather.PLAY));
        sweep.getStyleClass().addAll("accent", "small", "sparse-sweep");
        sweep.setMinWidth(Region.USE_PREF_SIZE);
        sweep.setTooltip(
                new Tooltip(
                        "Runs all settings over the text, one after the other; what is there stays"
                                + " when it is cancelled, and is not run again."));
        sweep.disableProperty().bind(sparse.runnableProperty().not());
        sweep.setOnAction(event -> model.sweep());
        return sweep;
    }

    private static <T> Node choice(
            String name,
            String tip,
            ObjectProperty<T> property,
            List<T> all,
            Function<T, String> words) {
        NamedChoice<T> box = new NamedChoice<>(all, property, words);
        return SparseTools.labelled(name, tip, box);
    }

    private static String word(FrontierPoint.Cost cost) {
        return switch (cost) {
            case DENSITY -> "density";
            case TIME -> "time of attention";
        };
    }

    private static String word(FrontierPoint.Loss loss) {
        return switch (loss) {
            case KL -> "KL of the next token";
            case OUTPUT -> "output error";
            case MISSED -> "missed attention";
            case LOSS -> "loss of the continuation";
        };
    }

    private void show() {
        FrontierFigure figure = figure(model);
        chart.show(
                figure.dots(),
                model.points().stream().map(point -> point.choice().text()).toList(),
                figure.across(),
                figure.up());
        hint.setAlignment(Pos.CENTER);
        hint.setText(hint());
        chart.setVisible(!model.points().isEmpty());
    }

    private String hint() {
        if (!model.points().isEmpty()) {
            return "";
        }
        return model.failures().isEmpty()
                ? "Choose policies and sweep: each point is a run of the whole text; a click opens"
                        + " its mask and its numbers."
                : String.join("\n", model.failures());
    }

    /** What is on show: losses go over decades. */
    static FrontierFigure figure(FrontierViewModel model) {
        return new FrontierFigure(
                new FrontierTable(
                        model.points(), model.costProperty().get(), model.lossProperty().get()),
                false,
                true);
    }
}
