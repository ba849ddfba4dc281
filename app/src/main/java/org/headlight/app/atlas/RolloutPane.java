package org.headlight.app.atlas;

import javafx.collections.ListChangeListener;
import javafx.scene.Node;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.SplitPane;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

import org.headlight.analysis.heads.flow.Followed;
import org.headlight.app.reading.ExportMenu;
import org.headlight.app.reading.NamedChoice;
import org.headlight.app.reading.ReadingContext;
import org.headlight.app.reading.ReadingPane;
import org.headlight.viz.control.map.Cell;
import org.headlight.viz.control.matrix.MatrixCell;
import org.headlight.viz.control.matrix.ValueMatrix;
import org.headlight.viz.control.profile.LevelChart;
import org.headlight.viz.raster.NumberText;
import org.headlight.viz.raster.Scale;
import org.headlight.viz.raster.ValueGrid;
import org.headlight.viz.text.TokenLabel;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;

/** The locked query followed down: the map of all queries, and what this one takes. */
final class RolloutPane {
    static final String SENTENCE =
            "What reaches a token from each token through all layers: rollout multiplies the"
                    + " layers' mean maps, flow takes them as pipes (Abnar & Zuidema 2020, arXiv"
                    + " 2005.00928).";

    private final RolloutViewModel model;
    private final ReadingPane pane;
    private final ValueMatrix matrix = new ValueMatrix();
    private final LevelChart chart = new LevelChart("token position", "share");
    private final Label title = new Label();
    private final Label reading = new Label();
    private boolean following;

    RolloutPane(RolloutViewModel model, ReadingContext context, Node tabs) {
        this.model = model;
        pane = new ReadingPane("Rollout and flow", SENTENCE, model.state());
        CheckBox residual = new CheckBox("residual stream");
        residual.setTooltip(
                new Tooltip(
                        "Half of what a layer passes on is the residual stream: rows of the mean"
                                + " map plus the identity, made to sum to 1, as in the paper."));
        residual.selectedProperty().bindBidirectional(model.residualProperty());
        pane.tools().addAll(tabs, measure(), layer(), residual);
        RolloutExport export = new RolloutExport(model, context);
        pane.actions()
                .add(
                        new ExportMenu(
                                context.export(),
                                model.state(),
                                List.of(
                                        new ExportMenu.Item(
                                                "Picture of the map (PNG)",
                                                () -> export.map(matrix.scale())),
                                        new ExportMenu.Item(
                                                "Picture of the shares (PNG)",
                                                () -> export.shares(chart)),
                                        new ExportMenu.Item("Every token (CSV)", export::table),
                                        new ExportMenu.Item("Everything (JSON)", export::json))));
        matrix.darkProperty().bind(context.dark());
        matrix.numberedProperty().set(false);
        matrix.scaleProperty().set(new Scale(Scale.Kind.LOG, 1e-3f, 1));
        matrix.valuesProperty().bind(model.gridProperty());
        matrix.hoverTextProperty().set(this::describe);
        SplitPane split = new SplitPane(new StackPane(matrix), profile());
        split.setDividerPositions(0.42);
        pane.setContent(split);
        link();
    }

    Node node() {
        return pane;
    }

    private Node measure() {
        NamedChoice<Followed.Measure> choice =
                new NamedChoice<>(
                        List.of(Followed.Measure.values()),
                        model.measureProperty(),
                        m -> m.name().toLowerCase(Locale.ROOT));
        return NamedChoice.labelled(
                "measure",
                "Rollout: shares of shares, any length. Flow: how much can pass through the"
                        + " narrowest places, at most 64 tokens.",
                choice);
    }

    private Node layer() {
        NamedChoice<Integer> choice =
                new NamedChoice<>(model.layers(), model.layerProperty(), layer -> "L" + layer);
        model.layers()
                .addListener(
                        (ListChangeListener<Integer>)
                                change -> {
                                    Integer now = model.layerProperty().get();
                                    choice.getItems().setAll(model.layers());
                                    choice.setValue(now);
                                });
        return NamedChoice.labelled(
                "after layer", "The layer after which the token is looked at.", choice);
    }

    private Node profile() {
        title.getStyleClass().add("profile-title");
        title.setMinWidth(0);
        reading.getStyleClass().add("profile-reading");
        reading.setMinWidth(0);
        StackPane plot = new StackPane(chart);
        plot.setMinHeight(72);
        VBox.setVgrow(plot, Priority.ALWAYS);
        VBox box = new VBox(4, title, plot, reading);
        box.setMinWidth(180);
        return box;
    }

    private void link() {
        model.followedProperty().subscribe(this::show);
        chart.hoveredProperty().subscribe(at -> read());
        chart.setOnPick(model.explore()::selectKey);
        model.explore()
                .viewProperty()
                .subscribe(view -> matrix.colorMapProperty().set(view.colorMap()));
        model.explore().selectedCellProperty().subscribe(this::follow);
        matrix.selectedProperty()
                .addListener((property, old, now) -> {
                    Followed shown = model.followedProperty().get();
                    if (!following && now != null && shown != null && RolloutGrid.whole(shown)) {
                        model.explore()
                                .selectedCellProperty()
                                .set(new Cell(now.row(), now.column()));
                    }
                });
    }

    private void show(@Nullable Followed shown) {
        chart.valuesProperty().set(shown == null ? null : RolloutViewModel.shares(shown));
        title.setText(shown == null ? "" : words(shown));
        follow(model.explore().selectedCellProperty().get());
        read();
    }

    private static String words(Followed shown) {
        int position = shown.way().position();
        return "To token "
                + NumberText.count(position)
                + " "
                + TokenLabel.of(shown.tokens().get(position), 16).text()
                + " after L"
                + shown.layers().getLast()
                + (RolloutGrid.whole(shown)
                        ? ""
                        : "; left, what it takes before each layer (all tokens: up to "
                                + RolloutGrid.WHOLE
                                + ")");
    }

    private void follow(@Nullable Cell cell) {
        Followed shown = model.followedProperty().get();
        following = true;
        chart.markedProperty().set(cell == null ? LevelChart.NONE : cell.col());
        matrix.selectedProperty()
                .set(
                        shown != null
                                        && cell != null
                                        && RolloutGrid.whole(shown)
                                        && cell.row() < shown.tokens().size()
                                ? new MatrixCell(cell.row(), cell.col())
                                : null);
        following = false;
        read();
    }

    private void read() {
        Followed shown = model.followedProperty().get();
        int at = chart.hoveredProperty().get();
        at = at >= 0 ? at : chart.markedProperty().get();
        if (shown == null || at < 0 || at >= shown.tokens().size()) {
            reading.setText("Point at a token to read it; lock a query in the map to follow it.");
            return;
        }
        reading.setText(
                "token "
                        + NumberText.count(at)
                        + " "
                        + TokenLabel.of(shown.tokens().get(at), 16).text()
                        + ": "
                        + NumberText.probability((float) shown.share(at)));
    }

    private String describe(MatrixCell cell) {
        ValueGrid grid = model.gridProperty().get();
        return grid.name(cell.row(), cell.column()) + "  " + grid.text(cell.row(), cell.column());
    }
}
