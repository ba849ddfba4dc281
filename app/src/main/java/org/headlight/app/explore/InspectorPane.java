package org.headlight.app.explore;

import javafx.collections.ListChangeListener;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.headlight.engine.token.Token;
import org.headlight.viz.control.profile.ProfileChart;
import org.headlight.viz.control.profile.ProfileKind;
import org.headlight.viz.raster.CellReading;
import org.headlight.viz.raster.NumberText;
import org.headlight.viz.text.TokenLabel;
import org.jspecify.annotations.Nullable;

/** The cell, its row and column, and the numbers of the head. */
public final class InspectorPane extends ScrollPane {
    private final ExploreViewModel explore;
    private final InspectorViewModel inspector;
    private final GridPane cell = grid();
    private final GridPane numbers = grid();
    private final ProfileChart row = new ProfileChart(ProfileKind.ROW);
    private final ProfileChart column = new ProfileChart(ProfileKind.COLUMN);
    private final Label headTitle = new Label();

    public InspectorPane(ExploreViewModel explore, InspectorViewModel inspector) {
        this.explore = explore;
        this.inspector = inspector;
        getStyleClass().addAll("pane", "inspector-pane", "edge-to-edge");
        setFitToWidth(true);
        setHbarPolicy(ScrollBarPolicy.NEVER);
        headTitle.getStyleClass().add("pane-title");
        row.setPrefHeight(150);
        column.setPrefHeight(150);
        VBox box = new VBox(12, title("Cell"), cell, row, column, headTitle, numbers);
        box.getStyleClass().add("inspector-box");
        setContent(box);
        bind();
    }

    private static Label title(String text) {
        Label label = new Label(text);
        label.getStyleClass().add("pane-title");
        return label;
    }

    private static GridPane grid() {
        GridPane grid = new GridPane();
        grid.setHgap(12);
        grid.setVgap(4);
        ColumnConstraints name = new ColumnConstraints();
        name.setMinWidth(Region.USE_PREF_SIZE);
        ColumnConstraints value = new ColumnConstraints();
        value.setHgrow(Priority.ALWAYS);
        grid.getColumnConstraints().addAll(name, value);
        return grid;
    }

    private void bind() {
        inspector.readingProperty().subscribe(this::show);
        inspector
                .profilesProperty()
                .subscribe(profiles -> {
                    row.valuesProperty().set(profiles == null ? null : profiles.row());
                    column.valuesProperty().set(profiles == null ? null : profiles.column());
                });
        inspector
                .statistics()
                .addListener((ListChangeListener<Statistic>) change -> showStatistics());
        explore.shownHeadProperty().subscribe(head -> showStatistics());
        explore.captureProperty().subscribe(capture -> showStatistics());
    }

    private void show(@Nullable Reading reading) {
        cell.getChildren().clear();
        boolean some = reading != null;
        row.setVisible(some);
        row.setManaged(some);
        column.setVisible(some);
        column.setManaged(some);
        if (reading == null) {
            Label hint =
                    new Label(
                            "Point at a cell of the map to read it; click to keep it while you look"
                                    + " elsewhere.");
            hint.getStyleClass().add("text-muted");
            hint.setWrapText(true);
            cell.add(hint, 0, 0, 2, 1);
            return;
        }
        fill(reading);
        CellReading at = reading.cell();
        explore.site()
                .ifPresent(site -> {
                    row.tokensProperty().set(site.keyTokens());
                    column.tokensProperty().set(site.queryTokens());
                });
        row.positionProperty().set(at.row());
        row.markedProperty().set(at.col());
        column.positionProperty().set(at.col());
        column.markedProperty().set(at.row());
    }

    private void fill(Reading reading) {
        CellReading at = reading.cell();
        line(
                cell,
                "query",
                at.row() + "  " + shown(reading.query()),
                "The token that attends: row.");
        line(cell, "key", at.col() + "  " + shown(reading.key()), "The token attended to: column.");
        line(
                cell,
                "distance",
                NumberText.count(reading.distance()),
                "Position of the query minus position of the key.");
        line(
                cell,
                "probability",
                at.masked() ? "masked" : NumberText.probability(at.probability()),
                at.masked()
                        ? "The query may not look here."
                        : "Exact to float32: " + Float.toString(at.probability()) + ".");
        if (!at.masked()) {
            line(
                    cell,
                    "rank",
                    NumberText.count(at.rank()) + " of " + NumberText.count(at.visible()),
                    "1 is the largest of the keys that the query sees.");
            line(
                    cell,
                    "cumulative",
                    NumberText.probability(Math.min(1, reading.cumulative())),
                    "Share of the row in this cell and all larger ones.");
        }
        if (at.sinkShare() > 0) {
            line(
                    cell,
                    "sink logit",
                    NumberText.probability(at.sinkShare()),
                    "Share of the row that goes to a learned score without a key.");
        }
    }

    private void showStatistics() {
        headTitle.setText(
                explore.captureProperty().get() == null ? "" : "Head " + explore.headName());
        numbers.getChildren().clear();
        for (Statistic statistic : inspector.statistics()) {
            line(numbers, statistic.name(), statistic.value(), statistic.meaning());
        }
        if (inspector.statistics().isEmpty() && explore.captureProperty().get() != null) {
            Label wait = new Label("Counting \u2026");
            wait.getStyleClass().add("text-muted");
            numbers.add(wait, 0, 0, 2, 1);
        }
    }

    private static void line(GridPane grid, String name, String value, String meaning) {
        int line = grid.getRowCount();
        Label left = new Label(name);
        left.getStyleClass().add("text-muted");
        Label right = new Label(value);
        right.getStyleClass().add("mono");
        right.setMaxWidth(Double.MAX_VALUE);
        right.setAlignment(Pos.CENTER_RIGHT);
        left.setTooltip(new Tooltip(meaning));
        right.setTooltip(new Tooltip(meaning));
        grid.add(left, 0, line);
        grid.add(right, 1, line);
    }

    private static String shown(Token token) {
        return TokenLabel.of(token, 18).text();
    }
}
