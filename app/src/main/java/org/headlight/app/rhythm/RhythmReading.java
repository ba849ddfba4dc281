package org.headlight.app.rhythm;

import javafx.beans.property.ObjectProperty;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Tooltip;

import org.headlight.analysis.rhythm.Strategy;
import org.headlight.app.command.KeyBinding;
import org.headlight.app.reading.ExportMenu;
import org.headlight.app.reading.NamedChoice;
import org.headlight.app.reading.NumberSpinner;
import org.headlight.app.reading.PaneReading;
import org.headlight.app.reading.ReadingContext;
import org.headlight.app.reading.ReadingPane;
import org.kordamp.ikonli.feather.Feather;

import java.util.List;
import java.util.function.Function;

/** Where a response plans, and what it leans on. */
public final class RhythmReading extends PaneReading<RhythmSide> {
    private static final String SENTENCE =
            "Where a response looks back and plans (WAAD), and which tokens the rest of it leans on"
                    + " (FAI): the preplan-and-anchor rhythm (Li et al. 2025, arXiv 2510.13554).";

    private final ReadingContext context;
    private final RhythmViewModel view;

    /** A reading of what {@code context} shows. */
    public RhythmReading(ReadingContext context) {
        super(
                new Face("Rhythm", SENTENCE, Feather.ACTIVITY, KeyBinding.RHYTHM),
                List.of(RhythmViewModel.LANE));
        this.context = context;
        this.view = new RhythmViewModel(context.tasks(), context.explore(), context::model);
    }

    @Override
    protected Node makeLower() {
        ReadingPane pane = new ReadingPane("Preplan and anchor", SENTENCE, view.state());
        RhythmPane content = new RhythmPane(view, context.explore());
        pane.setContent(content);
        pane.tools().addAll(response(), weights(), strip());
        RhythmExport export = new RhythmExport(context, view);
        pane.actions()
                .add(
                        new ExportMenu(
                                context.export(),
                                view.state(),
                                List.of(
                                        new ExportMenu.Item(
                                                "Picture of the chart (PNG)",
                                                () -> export.chart(content.chart())),
                                        new ExportMenu.Item(
                                                "Picture of the heads (PNG)",
                                                () -> export.heads(sidePane().heads().matrix())),
                                        new ExportMenu.Item("Every token (CSV)", export::table),
                                        new ExportMenu.Item("Everything (JSON)", export::json))));
        return pane;
    }

    private Node response() {
        String tip =
                "Position of the first token of the response: where the model began to write, or"
                        + " where an answer that you pasted begins.";
        NumberSpinner<Integer> spinner =
                NumberSpinner.whole(
                        view.responseFromProperty(),
                        0,
                        Integer.MAX_VALUE,
                        1,
                        "First token of the response",
                        tip);
        spinner.setPrefWidth(80);
        spinner.getStyleClass().add("small");
        Button here = new Button("From query");
        here.getStyleClass().addAll("flat", "small");
        here.setTooltip(new Tooltip("The response begins at the token that is locked in the map."));
        here.disableProperty().bind(context.explore().selectedCellProperty().isNull());
        here.setOnAction(event -> view.beginAtSelection());
        return NamedChoice.labelled("Response from", tip, spinner, here);
    }

    private Node weights() {
        return choice(
                "Credit",
                List.of(Strategy.values()),
                view.strategyProperty(),
                Strategy::title,
                "Whose weights are shown: preplan tokens amplified, anchor tokens amplified, or"
                        + " anchors with part of their credit handed back to the token that"
                        + " introduced them.");
    }

    private Node strip() {
        return choice(
                "Tint",
                List.of(StripShows.values()),
                view.stripProperty(),
                StripShows::title,
                "What the tint of the tokens below the map is.");
    }

    private static <T> Node choice(
            String name,
            List<T> all,
            ObjectProperty<T> property,
            Function<T, String> title,
            String tip) {
        NamedChoice<T> box = new NamedChoice<>(all, property, title);
        box.setPrefWidth(116);
        return NamedChoice.labelled(name, tip, box);
    }

    @Override
    protected RhythmSide makeSide() {
        return new RhythmSide(view, context.explore(), context.dark());
    }

    @Override
    public void shown() {
        view.show();
    }

    @Override
    public void hidden() {
        view.hide();
    }
}
