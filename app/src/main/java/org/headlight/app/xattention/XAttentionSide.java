package org.headlight.app.xattention;

import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.headlight.analysis.antidiagonal.BlockQuality;
import org.headlight.analysis.antidiagonal.HeadBlocks;
import org.headlight.viz.raster.NumberText;

import java.util.Locale;

/** The numbers of the head on show, and what the marks on the map mean. */
final class XAttentionSide extends ScrollPane {
    private final XAttentionViewModel model;
    private final Label title = new Label("Blocks");
    private final GridPane numbers = grid();

    XAttentionSide(XAttentionViewModel model) {
        this.model = model;
        getStyleClass().addAll("pane", "inspector-pane", "edge-to-edge");
        setFitToWidth(true);
        setHbarPolicy(ScrollBarPolicy.NEVER);
        title.getStyleClass().add("pane-title");
        Label marks = new Label("On the map");
        marks.getStyleClass().add("pane-title");
        VBox box =
                new VBox(
                        12,
                        title,
                        numbers,
                        marks,
                        mark("block-kept", "kept: scores are computed here"),
                        mark("block-skipped", "left out: veiled, its probability is lost"),
                        mark(
                                "block-missed",
                                "missed: left out, though among the fewest blocks that hold \u03c4"
                                        + " of the row's true mass"),
                        words(
                                "Scores are estimates: strided sums of query \u00b7 key, with"
                                        + " neither biases nor sink logits. Recall is measured"
                                        + " on the true map."));
        box.getStyleClass().add("inspector-box");
        setContent(box);
        model.blocksProperty().subscribe(blocks -> show());
        model.densityProperty().subscribe(density -> show());
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

    private static Node mark(String styleClass, String meaning) {
        Region swatch = new Region();
        swatch.getStyleClass().addAll("block-swatch", styleClass);
        swatch.setMinSize(20, 20);
        swatch.setMaxSize(20, 20);
        HBox line = new HBox(8, swatch, words(meaning));
        line.setAlignment(Pos.CENTER_LEFT);
        return line;
    }

    private static Label words(String text) {
        Label label = new Label(text);
        label.setWrapText(true);
        label.getStyleClass().add("text-muted");
        label.setMinHeight(Region.USE_PREF_SIZE);
        return label;
    }

    private void show() {
        numbers.getChildren().clear();
        HeadBlocks blocks = model.blocksProperty().get();
        double density = model.densityProperty().get();
        title.setText(blocks == null ? "Blocks" : "Blocks of " + blocks.name());
        if (Double.isNaN(density)) {
            line("density", "\u2013", "Chosen blocks over blocks that exist.");
            return;
        }
        line("density", percent(density), "Chosen blocks over blocks that exist.");
        if (blocks == null) {
            line("recall", "sweeping \u2026", "The true map is being read.");
            return;
        }
        BlockQuality quality = blocks.quality();
        line(
                "blocks",
                NumberText.count(blocks.chosen().size())
                        + " of "
                        + NumberText.count(blocks.grid().count()),
                "Chosen blocks, of those that any query may see.");
        line("recall", percent(quality.recall()), "Share of all probability in chosen blocks.");
        line(
                "without sink",
                percent(quality.recallWithoutSink()),
                "The same with key 0 left out: with a sink, recall looks fine while all else is"
                        + " lost.");
        line(
                "lowest row",
                percent(quality.lowestRecall()),
                "Recall of the block row that has the least.");
        line(
                "oracle",
                percent(quality.oracleRecall()),
                "Recall of as many blocks, those with the most true mass: no choice does better.");
        line(
                "efficiency",
                percent(quality.recall() / quality.oracleRecall()),
                "Recall over that of the oracle.");
        line(
                "rank correlation",
                number(quality.rankCorrelation()),
                "Spearman's correlation of block score and true mass, over the blocks that exist.");
        line(
                "missed",
                NumberText.count(quality.missed().size()),
                "Blocks of the smallest true cover of \u03c4 that are not chosen.");
        line(
                "profile \u03c4",
                number(blocks.profiled()),
                "The threshold that the published profiling script would give this head for 90 %"
                        + " of its mass.");
    }

    private static String percent(double share) {
        return Double.isNaN(share) ? "\u2013" : String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "\u2013" : String.format(Locale.ROOT, "%.3f", value);
    }

    private void line(String name, String value, String meaning) {
        int line = numbers.getRowCount();
        Label left = new Label(name);
        left.getStyleClass().add("text-muted");
        Label right = new Label(value);
        right.getStyleClass().add("mono");
        right.setMaxWidth(Double.MAX_VALUE);
        right.setAlignment(Pos.CENTER_RIGHT);
        left.setTooltip(new Tooltip(meaning));
        right.setTooltip(new Tooltip(meaning));
        numbers.add(left, 0, line);
        numbers.add(right, 1, line);
    }
}
