package org.headlight.app.xattention;

import javafx.beans.property.ReadOnlyDoubleWrapper;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.value.ObservableValue;
import javafx.collections.ListChangeListener;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.Tooltip;

import org.headlight.analysis.antidiagonal.HeadBlocks;
import org.headlight.app.explore.ExploreViewModel;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.viz.control.grid.HeadRef;
import org.jspecify.annotations.Nullable;

import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Every head with its numbers; choosing a line chooses the head. */
final class HeadsTable extends TableView<HeadBlocks> {
    /** Below this the columns would not show their numbers. */
    private static final double LEAST_WIDTH = 460;

    private final ExploreViewModel explore;
    private boolean following;

    HeadsTable(XAttentionViewModel model, ExploreViewModel explore) {
        super(model.heads());
        this.explore = explore;
        getStyleClass().addAll("dense", "heads-table");
        setAccessibleText("Density and recall of every head");
        setMinWidth(LEAST_WIDTH);
        setColumnResizePolicy(CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
        Label hint =
                new Label("\u201cMeasure all heads\u201d above fills this table, head by head.");
        hint.getStyleClass().add("text-muted");
        hint.setWrapText(true);
        setPlaceholder(hint);
        addNameColumn();
        add("density", "Chosen blocks over blocks that exist.", b -> b.quality().density());
        add("recall", "Share of all probability in the chosen blocks.", b -> b.quality().recall());
        add(
                "no sink",
                "Recall with key 0 left out: with a sink, recall looks fine while all else is"
                        + " lost.",
                b -> b.quality().recallWithoutSink());
        add(
                "oracle",
                "Recall of as many blocks, those with the most true mass.",
                b -> b.quality().oracleRecall());
        add(
                "rank r",
                "Spearman's correlation of block score and true mass.",
                b -> b.quality().rankCorrelation());
        add(
                "missed",
                "Blocks of the true cover of \u03c4 that are not chosen.",
                b -> b.quality().missed().size());
        add(
                "profile",
                "The threshold that the coverage profile gives the head.",
                HeadBlocks::profiled);
        getSelectionModel().selectedItemProperty().addListener((property, old, now) -> choose(now));
        explore.shownHeadProperty().subscribe(head -> follow());
        model.heads().addListener((ListChangeListener<HeadBlocks>) change -> follow());
    }

    private void addNameColumn() {
        TableColumn<HeadBlocks, String> column = new TableColumn<>("head");
        column.setCellValueFactory(row -> new ReadOnlyStringWrapper(row.getValue().name()));
        column.setPrefWidth(48);
        column.getStyleClass().add("mono");
        getColumns().add(column);
    }

    private void add(String name, String meaning, ToDoubleFunction<HeadBlocks> number) {
        TableColumn<HeadBlocks, Number> column = new TableColumn<>();
        Label title = new Label(name);
        title.setTooltip(new Tooltip(meaning));
        column.setGraphic(title);
        column.setPrefWidth(56);
        column.getStyleClass().add("numbers");
        column.setCellValueFactory(row -> value(number.applyAsDouble(row.getValue())));
        column.setCellFactory(made -> new NumberCell(name.equals("missed")));
        getColumns().add(column);
    }

    private static ObservableValue<Number> value(double number) {
        return new ReadOnlyDoubleWrapper(number);
    }

    /** Chooses the head of a line. */
    private void choose(@Nullable HeadBlocks blocks) {
        if (blocks == null || following) {
            return;
        }
        Capture capture = explore.captureProperty().get();
        if (capture == null) {
            return;
        }
        for (int site = 0; site < capture.sites().size(); site++) {
            SiteCapture at = capture.sites().get(site);
            boolean named =
                    blocks.head() < at.heads().size()
                            && at.headName(blocks.head()).equals(blocks.name());
            if (named) {
                explore.selectHead(new HeadRef(site, blocks.head()));
                return;
            }
        }
    }

    /** Marks the line of the head on show. */
    private void follow() {
        following = true;
        String name = explore.headName();
        for (HeadBlocks blocks : getItems()) {
            if (blocks.name().equals(name)) {
                getSelectionModel().select(blocks);
            }
        }
        following = false;
    }

    /** A number with three digits behind the point. */
    private static final class NumberCell extends TableCell<HeadBlocks, Number> {
        private final boolean whole;

        NumberCell(boolean whole) {
            this.whole = whole;
            getStyleClass().add("mono");
            setAlignment(Pos.CENTER_RIGHT);
        }

        @Override
        protected void updateItem(@Nullable Number item, boolean empty) {
            super.updateItem(item, empty);
            if (empty || item == null) {
                setText(null);
            } else if (Double.isNaN(item.doubleValue())) {
                setText("\u2013");
            } else {
                setText(String.format(Locale.ROOT, whole ? "%.0f" : "%.3f", item.doubleValue()));
            }
        }
    }
}
