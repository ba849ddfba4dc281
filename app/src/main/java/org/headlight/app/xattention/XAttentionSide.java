package org.headlight.app.xattention;

import javafx.scene.control.Label;

import org.headlight.analysis.antidiagonal.BlockQuality;
import org.headlight.analysis.antidiagonal.HeadBlocks;
import org.headlight.app.reading.FactGrid;
import org.headlight.app.reading.SidePane;
import org.headlight.viz.raster.NumberText;

import java.util.Locale;

/** The numbers of the head on show, and what the marks on the map mean. */
final class XAttentionSide extends SidePane {
    private final Label title = title("Blocks");
    private final FactGrid numbers = new FactGrid(1);

    XAttentionSide(XAttentionViewModel model) {
        put(
                title,
                numbers,
                title("On the map"),
                mark("block-kept", "kept: scores are computed here"),
                mark("block-skipped", "left out: veiled, its probability is lost"),
                mark(
                        "block-missed",
                        "missed: left out, though among the fewest blocks that hold \u03c4"
                                + " of the row's true mass"),
                FactGrid.words(
                        "Scores are estimates: strided sums of query \u00b7 key, with"
                                + " neither biases nor sink logits. Recall is measured"
                                + " on the true map."));
        model.shownProperty().subscribe(this::show);
    }

    private void show(ShownBlocks shown) {
        numbers.clear();
        HeadBlocks blocks = shown.blocks();
        double density = shown.density();
        title.setText(blocks == null ? "Blocks" : "Blocks of " + blocks.name());
        if (Double.isNaN(density)) {
            numbers.line("density", "Chosen blocks over blocks that exist.", "\u2013");
            return;
        }
        numbers.line("density", "Chosen blocks over blocks that exist.", percent(density));
        if (blocks == null) {
            numbers.line("recall", "The true map is being read.", "sweeping \u2026");
            return;
        }
        BlockQuality quality = blocks.quality();
        numbers.line(
                "blocks",
                "Chosen blocks, of those that any query may see.",
                NumberText.count(blocks.chosen().size())
                        + " of "
                        + NumberText.count(blocks.grid().count()));
        numbers.line(
                "recall", "Share of all probability in chosen blocks.", percent(quality.recall()));
        numbers.line(
                "without sink",
                "The same with key 0 left out: with a sink, recall looks fine while all else is"
                        + " lost.",
                percent(quality.recallWithoutSink()));
        numbers.line(
                "lowest row",
                "Recall of the block row that has the least.",
                percent(quality.lowestRecall()));
        numbers.line(
                "oracle",
                "Recall of as many blocks, those with the most true mass: no choice does better.",
                percent(quality.oracleRecall()));
        numbers.line(
                "efficiency",
                "Recall over that of the oracle.",
                percent(quality.recall() / quality.oracleRecall()));
        numbers.line(
                "rank correlation",
                "Spearman's correlation of block score and true mass, over the blocks that exist.",
                number(quality.rankCorrelation()));
        numbers.line(
                "missed",
                "Blocks of the smallest true cover of \u03c4 that are not chosen.",
                NumberText.count(quality.missed().size()));
        numbers.line(
                "profile \u03c4",
                "The threshold that the published profiling script would give this head for 90 %"
                        + " of its mass.",
                number(blocks.profiled()));
    }

    private static String percent(double share) {
        return Double.isNaN(share) ? "\u2013" : String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "\u2013" : String.format(Locale.ROOT, "%.3f", value);
    }
}
