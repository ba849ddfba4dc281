package org.headlight.app.influence;

import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.ListChangeListener;
import javafx.collections.transformation.SortedList;
import javafx.scene.control.Label;
import javafx.scene.control.SplitPane;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableRow;
import javafx.scene.control.TableView;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

import org.headlight.analysis.influence.DocumentScore;
import org.headlight.viz.chart.DistributionChart;
import org.headlight.viz.raster.NumberText;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** The documents as a table to be sorted, and how their scores are distributed. */
final class InfluencePane extends VBox {
    private final InfluenceViewModel view;
    private final TableView<DocumentScore> table = new TableView<>();
    private final DistributionChart chart = new DistributionChart("influence score", "documents");
    private final Label reading = new Label();

    InfluencePane(InfluenceViewModel view) {
        super(4);
        this.view = view;
        buildTable();
        reading.getStyleClass().add("profile-reading");
        reading.setMinWidth(0);
        SplitPane both = new SplitPane(table, chart);
        both.setDividerPositions(0.62);
        both.setMinHeight(0);
        VBox.setVgrow(both, Priority.ALWAYS);
        getChildren().addAll(both, reading);
        view.documents()
                .addListener(
                        (ListChangeListener<DocumentScore>)
                                change -> {
                                    if (view.documents().size() < 512) {
                                        draw();
                                    }
                                });
        view.selectedProperty()
                .subscribe(selected -> {
                    table.refresh();
                    draw();
                });
        table.getSelectionModel()
                .selectedItemProperty()
                .subscribe(document -> {
                    read();
                    draw();
                });
        view.summaryProperty().subscribe(text -> read());
    }

    DistributionChart chart() {
        return chart;
    }

    private void buildTable() {
        table.getStyleClass().addAll("dense", "influence-table");
        table.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
        table.setPlaceholder(new Label("Documents appear here as they are read."));
        table.setAccessibleText("Documents with their losses and scores");
        TableColumn<DocumentScore, Double> score =
                number(
                        "Score",
                        "Growth of the loss: (masked - base) / base.",
                        DocumentScore::score);
        List<TableColumn<DocumentScore, ?>> columns =
                List.of(
                        text("Document", "The document's id.", DocumentScore::id),
                        text(
                                "Domain",
                                "Scores are compared inside one domain only.",
                                DocumentScore::domain),
                        number("Tokens", "How many tokens were read.", DocumentScore::tokens),
                        number(
                                "Loss",
                                "Mean cross-entropy of the tokens, in nats.",
                                DocumentScore::lossBase),
                        number(
                                "Masked",
                                "The same with the heads masked.",
                                DocumentScore::lossMasked),
                        score);
        columns.getFirst().setPrefWidth(120);
        table.getColumns().addAll(columns);
        SortedList<DocumentScore> sorted = new SortedList<>(view.documents());
        sorted.comparatorProperty().bind(table.comparatorProperty());
        table.setItems(sorted);
        score.setSortType(TableColumn.SortType.DESCENDING);
        table.getSortOrder().add(score);
        table.setRowFactory(all -> new Row());
    }

    private static TableColumn<DocumentScore, String> text(
            String name, String tip, Function<DocumentScore, String> value) {
        TableColumn<DocumentScore, String> column = new TableColumn<>();
        heading(column, name, tip);
        column.setCellValueFactory(row -> new ReadOnlyObjectWrapper<>(value.apply(row.getValue())));
        return column;
    }

    private static TableColumn<DocumentScore, Double> number(
            String name, String tip, ToDoubleFunction<DocumentScore> value) {
        TableColumn<DocumentScore, Double> column = new TableColumn<>();
        heading(column, name, tip);
        column.setCellValueFactory(
                row -> new ReadOnlyObjectWrapper<>(value.applyAsDouble(row.getValue())));
        column.setComparator(Comparator.comparingDouble(v -> Double.isNaN(v) ? -1e300 : v));
        column.setCellFactory(c -> new NumberCell());
        return column;
    }

    private static void heading(TableColumn<DocumentScore, ?> column, String name, String tip) {
        Label label = new Label(name);
        label.getStyleClass().add("caption");
        label.setTooltip(new Tooltip(tip));
        column.setGraphic(label);
        column.setMinWidth(44);
        column.setPrefWidth(64);
    }

    private void draw() {
        double[] scores = view.documents().stream().mapToDouble(DocumentScore::score).toArray();
        List<DistributionChart.Mark> marks = new ArrayList<>();
        double least =
                view.selectedProperty().get().stream()
                        .mapToDouble(DocumentScore::score)
                        .min()
                        .orElse(Double.NaN);
        boolean one = view.documents().stream().map(DocumentScore::domain).distinct().count() == 1;
        if (one && !Double.isNaN(least)) {
            marks.add(new DistributionChart.Mark(least, "selected from here", false));
        }
        DocumentScore chosen = table.getSelectionModel().getSelectedItem();
        if (chosen != null && !Double.isNaN(chosen.score())) {
            marks.add(new DistributionChart.Mark(chosen.score(), chosen.id(), true));
        }
        chart.show(scores, marks);
    }

    private void read() {
        DocumentScore chosen = table.getSelectionModel().getSelectedItem();
        reading.setText(
                chosen == null
                        ? view.summaryProperty().get()
                        : chosen.preview() + (chosen.truncated() ? "   (cut at the context)" : ""));
    }

    /** Selected documents are set off. */
    private final class Row extends TableRow<DocumentScore> {
        @Override
        protected void updateItem(@Nullable DocumentScore document, boolean none) {
            super.updateItem(document, none);
            boolean selected = document != null && view.selectedProperty().get().contains(document);
            getStyleClass().remove("influence-selected");
            if (selected && !none) {
                getStyleClass().add("influence-selected");
            }
            setTooltip(
                    document == null || none
                            ? null
                            : new Tooltip(
                                    (selected ? "Selected in its domain. " : "")
                                            + document.preview()));
        }
    }

    /** Numbers to the right. */
    private static final class NumberCell extends TableCell<DocumentScore, Double> {
        NumberCell() {
            getStyleClass().addAll("mono", "influence-number");
        }

        @Override
        protected void updateItem(@Nullable Double value, boolean none) {
            super.updateItem(value, none);
            if (none || value == null) {
                setText(null);
            } else if (Double.isNaN(value)) {
                setText("\u2013");
            } else {
                setText(
                        value == Math.rint(value) && Math.abs(value) >= 1
                                ? NumberText.count(Math.round(value))
                                : NumberText.plain(value));
            }
        }
    }
}
