package org.headlight.app.retrieval;

import org.headlight.analysis.retrieval.HeadScore;
import org.headlight.analysis.retrieval.MaskPhase;
import org.headlight.analysis.retrieval.MaskedTrial;
import org.headlight.analysis.retrieval.NeedleGrid;
import org.headlight.analysis.retrieval.RetrievalScores;
import org.headlight.analysis.retrieval.ScoreKind;
import org.headlight.analysis.retrieval.Trial;
import org.headlight.app.command.ProductVersion;
import org.headlight.app.reading.CsvTable;
import org.headlight.app.reading.ExportMenu;
import org.headlight.app.reading.ReadingContext;
import org.headlight.app.reading.ResultFile;
import org.headlight.engine.capture.Capture;
import org.headlight.viz.export.MatrixRenderer;
import org.headlight.viz.export.MatrixRowRenderer;
import org.headlight.viz.export.MatrixRowSpec;
import org.headlight.viz.export.MatrixSpec;
import org.headlight.viz.export.Provenance;
import org.headlight.viz.raster.NumberText;
import org.headlight.viz.raster.Scale;
import org.headlight.viz.raster.ValueGrid;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** The results of the pane as files. Asked on the window's thread, when there is a result. */
final class RetrievalExport {
    private static final int NAMED = 8;

    private final ReadingContext context;
    private final RetrievalViewModel retrieval;

    RetrievalExport(ReadingContext context, RetrievalViewModel retrieval) {
        this.context = context;
        this.retrieval = retrieval;
    }

    /** What can be written. */
    List<ExportMenu.Item> items() {
        return List.of(
                new ExportMenu.Item("Picture of the scores (PNG)", this::scores),
                new ExportMenu.Item("Picture of the needle grid (PNG)", this::grid),
                new ExportMenu.Item(
                        "Picture of all grids, with and without heads (PNG)", this::sideBySide),
                new ExportMenu.Item("Picture of the grid, top heads masked (PNG)", () -> masked(0)),
                new ExportMenu.Item(
                        "Picture of the grid, random heads masked (PNG)", () -> masked(1)),
                new ExportMenu.Item("Table of the heads (CSV)", this::heads),
                new ExportMenu.Item("Table of the trials (CSV)", this::trials),
                new ExportMenu.Item("Everything (JSON)", this::json));
    }

    private RetrievalResult result() {
        return Objects.requireNonNull(retrieval.resultProperty().get());
    }

    private ScoreKind kind() {
        return retrieval.setup().kindProperty().get();
    }

    private Provenance source() {
        Capture capture = context.explore().captureProperty().get();
        return new Provenance(
                result().source(),
                capture == null ? "" : capture.info().modelHash(),
                result().plan().lengths().getLast(),
                ProductVersion.software(),
                "");
    }

    private ResultFile picture(
            String name, String title, String note, ValueGrid grid, Scale scale) {
        MatrixSpec spec =
                new MatrixSpec(
                        title,
                        note,
                        grid,
                        scale,
                        context.explore().viewProperty().get().colorMap(),
                        context.dark().get(),
                        source());
        return ResultFile.png(name, () -> new MatrixRenderer(context.assets()).render(spec));
    }

    private ResultFile scores() {
        RetrievalScores scores = result().scores();
        ValueGrid grid = RetrievalGrids.scores(scores, kind());
        return picture(
                "retrieval-heads",
                "Retrieval heads",
                String.format(
                        Locale.ROOT,
                        "Score by %s, mean over %,d of %,d trials",
                        kind().key(),
                        scores.succeeded(),
                        scores.trials()),
                grid,
                kind() == ScoreKind.SET ? RetrievalGrids.UNIT : grid.linear());
    }

    private ResultFile grid() {
        return grid("retrieval-grid", "Needle in a haystack", "no mask", result().grid());
    }

    /** Every grid in one figure and in the same colours: without a mask, and with each. */
    private ResultFile sideBySide() {
        RetrievalResult result = result();
        List<MatrixRowSpec.Panel> panels = new ArrayList<>();
        panels.add(panel("No head masked", "", result.grid()));
        for (RetrievalResult.Masked masked : result.masked()) {
            panels.add(panel(title(masked), heads(masked), result.grid(masked)));
        }
        MatrixRowSpec spec =
                new MatrixRowSpec(
                        "Needle in a haystack: recall with and without heads",
                        note(result),
                        panels,
                        RetrievalGrids.UNIT,
                        context.explore().viewProperty().get().colorMap(),
                        context.dark().get(),
                        source());
        return ResultFile.png(
                "retrieval-grids", () -> new MatrixRowRenderer(context.assets()).render(spec));
    }

    private static MatrixRowSpec.Panel panel(String title, String heads, NeedleGrid grid) {
        String recall =
                String.format(
                        Locale.ROOT,
                        "mean %s, %,d of %,d",
                        NumberText.plain(grid.recall()),
                        grid.succeeded(),
                        grid.trials());
        return new MatrixRowSpec.Panel(title, recall + heads, RetrievalGrids.recall(grid));
    }

    private static String title(RetrievalResult.Masked masked) {
        int count = masked.mask().heads().size();
        return masked.mask().name().startsWith("top")
                ? "Top " + count + " masked"
                : count + " random of the same layers masked";
    }

    /** Their names, where these are few. */
    private static String heads(RetrievalResult.Masked masked) {
        List<String> names = masked.mask().heads().stream().map(RetrievalJson::name).toList();
        return names.size() > NAMED ? "" : "; " + String.join(" ", names);
    }

    private static String note(RetrievalResult result) {
        String trials = "mean ROUGE-1 recall over the needles, trials that succeeded of all";
        return result.masked().isEmpty()
                ? trials
                : trials
                        + ", masked while "
                        + (result.masked().getFirst().phase() == MaskPhase.ALL
                                ? "reading and writing"
                                : "writing");
    }

    private ResultFile masked(int index) {
        List<RetrievalResult.Masked> masked = result().masked();
        if (index >= masked.size()) {
            return grid();
        }
        RetrievalResult.Masked of = masked.get(index);
        String name = of.mask().name().replace(':', '-');
        return grid(
                "retrieval-grid-" + name,
                "Needle in a haystack, " + of.mask().name() + " masked",
                String.join(", ", of.mask().heads().stream().map(RetrievalJson::name).toList()),
                result().grid(of));
    }

    private ResultFile grid(String name, String title, String note, NeedleGrid grid) {
        return picture(
                name,
                title,
                String.format(
                        Locale.ROOT,
                        "%s; mean recall %s, %,d of %,d trials succeeded",
                        note,
                        NumberText.plain(grid.recall()),
                        grid.succeeded(),
                        grid.trials()),
                RetrievalGrids.recall(grid),
                RetrievalGrids.UNIT);
    }

    private ResultFile heads() {
        RetrievalScores scores = result().scores();
        return ResultFile.csv(
                "retrieval-heads",
                () -> {
                    CsvTable table =
                            new CsvTable(
                                    "layer",
                                    "head",
                                    "name",
                                    "scoreSet",
                                    "scoreCount",
                                    "activation",
                                    "copied");
                    for (HeadScore head : scores.heads()) {
                        table.row(
                                head.head().layer(),
                                head.head().head(),
                                head.name(),
                                head.set(),
                                head.count(),
                                head.activation(),
                                head.copied());
                    }
                    return table;
                });
    }

    private ResultFile trials() {
        RetrievalResult result = result();
        return ResultFile.csv(
                "retrieval-trials",
                () -> {
                    CsvTable table =
                            new CsvTable("mask", "needle", "length", "depth", "recall", "response");
                    for (Trial trial : result.trials()) {
                        table.row(
                                "none",
                                trial.needle(),
                                trial.length(),
                                trial.depth(),
                                trial.recall(),
                                trial.text().strip());
                    }
                    for (RetrievalResult.Masked masked : result.masked()) {
                        for (MaskedTrial trial : masked.trials()) {
                            table.row(
                                    masked.mask().name(),
                                    trial.needle(),
                                    trial.length(),
                                    trial.depth(),
                                    trial.recall(),
                                    trial.text().strip());
                        }
                    }
                    return table;
                });
    }

    private ResultFile json() {
        RetrievalResult result = result();
        ScoreKind kind = kind();
        return ResultFile.json("retrieval", () -> RetrievalJson.of(result, kind, true));
    }
}
