package org.headlight.app.sparse;

import com.google.gson.JsonObject;

import org.headlight.analysis.sparse.run.FrontierPoint;
import org.headlight.analysis.sparse.run.HeadFidelity;
import org.headlight.analysis.sparse.run.PolicyChoice;
import org.headlight.analysis.sparse.run.RecallShares;
import org.headlight.analysis.sparse.run.SparseResult;
import org.headlight.app.command.AnalysisCommand;
import org.headlight.app.explore.MapShow;
import org.headlight.app.open.Opened;
import org.headlight.app.reading.CsvTable;
import org.headlight.app.reading.ReadingContext;
import org.headlight.app.reading.ResultFile;
import org.headlight.app.reading.ResultFormat;
import org.headlight.engine.problem.BadInputException;
import org.headlight.viz.chart.ChartPane;
import org.headlight.viz.export.ChartFigure;
import org.headlight.viz.export.Figure;
import org.headlight.viz.export.FigureLook;
import org.headlight.viz.export.FigureRenderer;
import org.headlight.viz.export.FigureSpec;
import org.headlight.viz.export.PngWriter;
import org.headlight.viz.export.Provenance;
import org.headlight.viz.raster.BlockOverlay;
import org.headlight.viz.raster.Scale;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What can be written of the reading. Every method is called on the window's thread. */
final class SparseExport {
    private static final int WIDTH = 560;
    private static final int HEIGHT = 340;

    private final SparseParts parts;
    private final ReadingContext context;
    private final ChartPane layers;

    SparseExport(SparseParts parts, ReadingContext context, ChartPane layers) {
        this.parts = parts;
        this.context = context;
        this.layers = layers;
    }

    /** The map on show: dense, sparse or their difference, with the mask over it. */
    ResultFile map() {
        SparseRun run = run();
        FigureSpec shown = spec();
        MapShow instead = context.explore().dress().insteadProperty().get();
        FigureSpec spec =
                new FigureSpec(
                        instead == null ? shown.map() : instead.map(),
                        (instead == null ? "" : instead.name() + " \u00b7 ") + shown.head(),
                        shown.queryTokens(),
                        shown.keyTokens(),
                        shown.range(),
                        look(shown.look().withDark(context.dark().get()), instead),
                        shown.source().withCommand(command(run)));
        BlockOverlay overlay = context.explore().dress().overlayProperty().get();
        return new ResultFile(
                "sparse-" + shown.head(),
                ResultFormat.PNG,
                (target, progress) -> {
                    Figure drawn = new FigureRenderer(context.assets()).render(spec, overlay);
                    progress.check();
                    new PngWriter().write(drawn, target);
                });
    }

    private static FigureLook look(FigureLook own, @Nullable MapShow instead) {
        if (instead == null) {
            return own;
        }
        Scale scale = instead.scale().orElse(own.scale());
        return instead.signed() ? own.ofSigned(scale) : own.withScale(scale);
    }

    /** The error of each layer. */
    ResultFile layers() {
        SparseRun run = run();
        Figure figure =
                chart(layers, "Output error by layer", words(run), spec().source(), command(run));
        return ResultFile.png("sparse-layers", () -> figure);
    }

    /** What the command prints. */
    ResultFile json() {
        SparseRun run = run();
        String model = spec().source().model();
        return ResultFile.json(
                "sparse", () -> SparseJson.result(model, run.result(), run.scopes()));
    }

    /** The numbers of every sparse head in each phase. */
    ResultFile table() {
        SparseResult result = run().result();
        return ResultFile.csv(
                "sparse-heads",
                () -> {
                    CsvTable table =
                            new CsvTable(
                                    "layer",
                                    "head",
                                    "phase",
                                    "policy",
                                    "settings",
                                    "density",
                                    "computed",
                                    "recallMean",
                                    "recallP5",
                                    "recallMin",
                                    "recallMeanWithoutSink",
                                    "recallOracle",
                                    "outputError");
                    result.heads().forEach(head -> row(table, head));
                    return table;
                });
    }

    private static void row(CsvTable table, HeadFidelity head) {
        RecallShares recall = head.recall();
        table.row(
                head.head().layer(),
                head.head().head(),
                head.phase().word(),
                head.choice().info().name(),
                head.choice().settings().text(),
                head.density(),
                head.computed(),
                recall.mean(),
                recall.p5(),
                recall.least(),
                recall.withoutSink(),
                recall.oracle(),
                head.outputError());
    }

    /** The frontier as it is on show. */
    ResultFile frontier() {
        FrontierTable table = frontierTable();
        FrontierFigure shown = FrontierPane.figure(parts.frontier());
        ChartFigure.Words words =
                new ChartFigure.Words(
                        context.dark().get(),
                        shown.title(),
                        shown.note(),
                        spec().source().withCommand(sweepCommand(table)));
        Figure figure = new ChartFigure(context.assets()).draw(shown.plot(), WIDTH, HEIGHT, words);
        return ResultFile.png("frontier", () -> figure);
    }

    /** Every point of the frontier. */
    ResultFile points() {
        FrontierTable table = frontierTable();
        return new ResultFile(
                "frontier", ResultFormat.CSV, (target, progress) -> table.write(target));
    }

    /** Every point of the frontier as the command prints it. */
    ResultFile pointsJson() {
        FrontierTable table = frontierTable();
        String model = spec().source().model();
        return ResultFile.json(
                "frontier",
                () -> {
                    JsonObject json = new JsonObject();
                    json.addProperty("source", model);
                    json.add("points", table.json());
                    return json;
                });
    }

    private FrontierTable frontierTable() {
        FrontierViewModel model = parts.frontier();
        List<FrontierPoint> points = List.copyOf(model.points());
        if (points.isEmpty()) {
            throw new BadInputException(
                    "There is no frontier to write yet; sweep some policies first.");
        }
        return new FrontierTable(points, model.costProperty().get(), model.lossProperty().get());
    }

    private Figure chart(
            ChartPane pane, String title, String note, Provenance source, String command) {
        return new ChartFigure(context.assets())
                .draw(
                        pane,
                        WIDTH,
                        HEIGHT,
                        context.dark().get(),
                        title,
                        note,
                        source.withCommand(command));
    }

    private SparseRun run() {
        SparseRun run = parts.sparse().runProperty().get();
        if (run == null) {
            throw new BadInputException("There is no sparse run to write yet; run a policy first.");
        }
        return run;
    }

    private FigureSpec spec() {
        return context.figure()
                .get()
                .orElseThrow(() ->
                        new BadInputException("There is no map to write yet; run a text first."));
    }

    private static String words(SparseRun run) {
        return run.result().assignment().choices().stream()
                .map(PolicyChoice::text)
                .collect(Collectors.joining(", "));
    }

    private String command(SparseRun run) {
        List<String> options = new ArrayList<>();
        run.result()
                .assignment()
                .choices()
                .forEach(choice -> {
                    String where = run.scopes().getOrDefault(choice, "all");
                    String name = choice.info().name();
                    options.add("--policy");
                    options.add(where.equals("all") ? name : name + "@" + where.replace(" ", ""));
                    choice.info()
                            .parameters()
                            .forEach(parameter -> {
                                String value = choice.settings().text(parameter.name());
                                options.add("--set");
                                options.add(name + "." + parameter.name() + "=" + value);
                            });
                });
        options.add("--prompt-tokens");
        options.add(Integer.toString(run.result().prompt()));
        if (!run.needle().isEmpty()) {
            options.add("--needle");
            options.add(run.needle());
        }
        return command("sparse", options);
    }

    private String sweepCommand(FrontierTable table) {
        return command("frontier", table.options());
    }

    private String command(String name, List<String> options) {
        @Nullable Opened opened = context.opened().get();
        return opened == null
                ? ""
                : new AnalysisCommand(name, opened.commandSource(), context.input().get(), options)
                        .words();
    }
}
