package org.headlight.app.xattention;

import org.headlight.analysis.antidiagonal.BlockQuality;
import org.headlight.analysis.antidiagonal.HeadBlocks;
import org.headlight.analysis.antidiagonal.XAttentionOptions;
import org.headlight.app.command.AnalysisCommand;
import org.headlight.app.open.Opened;
import org.headlight.app.reading.CsvTable;
import org.headlight.app.reading.ReadingContext;
import org.headlight.app.reading.ResultFile;
import org.headlight.app.reading.ResultFormat;
import org.headlight.engine.problem.BadInputException;
import org.headlight.viz.chart.CoverageChart;
import org.headlight.viz.export.ChartFigure;
import org.headlight.viz.export.Figure;
import org.headlight.viz.export.FigureRenderer;
import org.headlight.viz.export.FigureSpec;
import org.headlight.viz.export.PngWriter;
import org.headlight.viz.export.Provenance;
import org.headlight.viz.raster.BlockOverlay;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;

/** What can be written of the reading. Every method is called on the window's thread. */
final class XAttentionExport {
    private final XAttentionViewModel model;
    private final ReadingContext context;
    private final CoverageChart chart;

    XAttentionExport(XAttentionViewModel model, ReadingContext context, CoverageChart chart) {
        this.model = model;
        this.context = context;
        this.chart = chart;
    }

    /** The map on show with the blocks over it. */
    ResultFile map() {
        FigureSpec shown = figure();
        FigureSpec spec =
                new FigureSpec(
                        shown.map(),
                        shown.head(),
                        shown.queryTokens(),
                        shown.keyTokens(),
                        shown.range(),
                        shown.look().withDark(context.dark().get()),
                        shown.source().withCommand(command()));
        BlockOverlay overlay = context.explore().dress().overlayProperty().get();
        return new ResultFile(
                "blocks-" + spec.head(),
                ResultFormat.PNG,
                (target, progress) -> {
                    Figure drawn = new FigureRenderer(context.assets()).render(spec, overlay);
                    progress.check();
                    new PngWriter().write(drawn, target);
                });
    }

    /** Recall and density over the threshold. */
    ResultFile profile() {
        HeadBlocks blocks = blocks();
        Provenance source = figure().source().withCommand(command());
        Figure figure =
                new ChartFigure(context.assets())
                        .draw(
                                chart,
                                480,
                                300,
                                context.dark().get(),
                                blocks.name() + " \u00b7 recall and density over the threshold",
                                note(blocks.options()),
                                source);
        return ResultFile.png("coverage-" + blocks.name(), () -> figure);
    }

    /** The numbers of all heads, or of the one on show. */
    ResultFile table() {
        List<HeadBlocks> heads = heads();
        return ResultFile.csv(
                "xattention",
                () -> {
                    CsvTable table =
                            new CsvTable(
                                    "head",
                                    "layer",
                                    "number",
                                    "threshold",
                                    "density",
                                    "recall",
                                    "recallWithoutSink",
                                    "lowestRecall",
                                    "oracleRecall",
                                    "rankCorrelation",
                                    "chosen",
                                    "blocks",
                                    "missed",
                                    "profileThreshold");
                    heads.forEach(head -> row(table, head));
                    return table;
                });
    }

    private static void row(CsvTable table, HeadBlocks head) {
        BlockQuality quality = head.quality();
        table.row(
                head.name(),
                head.layer(),
                head.head(),
                head.options().threshold(),
                quality.density(),
                quality.recall(),
                quality.recallWithoutSink(),
                quality.lowestRecall(),
                quality.oracleRecall(),
                quality.rankCorrelation(),
                head.chosen().size(),
                head.grid().count(),
                quality.missed().size(),
                head.profiled());
    }

    /** What the command prints with masks. */
    ResultFile json() {
        List<HeadBlocks> heads = heads();
        XAttentionOptions options = model.optionsProperty().get();
        Provenance source = figure().source();
        return ResultFile.json(
                "xattention",
                () ->
                        new BlocksJson(true)
                                .document(source.model(), source.tokens(), options, heads));
    }

    private List<HeadBlocks> heads() {
        return model.heads().isEmpty() ? List.of(blocks()) : List.copyOf(model.heads());
    }

    private HeadBlocks blocks() {
        HeadBlocks blocks = model.shownProperty().get().blocks();
        if (blocks == null) {
            throw new BadInputException(
                    "The true mass of this head is still being swept; export again when its recall"
                            + " is shown.");
        }
        return blocks;
    }

    private FigureSpec figure() {
        return context.figure()
                .get()
                .orElseThrow(() ->
                        new BadInputException("There is no map to write yet; run a text first."));
    }

    private static String note(XAttentionOptions options) {
        return String.format(
                Locale.ROOT,
                "XAttention, block %d, stride %d, %s, %s",
                options.block(),
                options.stride(),
                options.variant().word(),
                options.rule().word());
    }

    private String command() {
        @Nullable Opened opened = context.opened().get();
        if (opened == null) {
            return "";
        }
        return new AnalysisCommand(
                        "xattention",
                        opened.commandSource(),
                        context.input().get(),
                        model.commandOptions())
                .words();
    }
}
