package org.headlight.app.sinks;

import org.headlight.analysis.sinks.CalibrationResult;
import org.headlight.analysis.sinks.EvictionResult;
import org.headlight.analysis.sinks.HeadReceived;
import org.headlight.analysis.sinks.PromptRate;
import org.headlight.analysis.sinks.SinkReport;
import org.headlight.analysis.sinks.SinkThresholds;
import org.headlight.app.command.AnalysisCommand;
import org.headlight.app.command.ProductVersion;
import org.headlight.app.open.Opened;
import org.headlight.app.reading.CsvTable;
import org.headlight.app.reading.ReadingContext;
import org.headlight.app.reading.ResultFile;
import org.headlight.app.sinks.PromptRateViewModel.PromptResult;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.token.Token;
import org.headlight.viz.control.profile.LevelChart;
import org.headlight.viz.export.ChartFigure;
import org.headlight.viz.export.Figure;
import org.headlight.viz.export.MatrixRenderer;
import org.headlight.viz.export.MatrixSpec;
import org.headlight.viz.export.Provenance;
import org.headlight.viz.raster.NumberText;
import org.headlight.viz.raster.Scale;
import org.headlight.viz.raster.ValueGrid;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** The results of the pane as files. Asked on the window's thread. */
final class SinksExport {
    private static final int CHART_WIDTH = 720;
    private static final int CHART_HEIGHT = 260;

    private final ReadingContext context;
    private final SinksViewModel sinks;
    private final PromptRateViewModel prompts;
    private final CalibrationViewModel calibration;
    private final EvictionViewModel eviction;

    SinksExport(
            ReadingContext context,
            SinksViewModel sinks,
            PromptRateViewModel prompts,
            CalibrationViewModel calibration,
            EvictionViewModel eviction) {
        this.context = context;
        this.sinks = sinks;
        this.prompts = prompts;
        this.calibration = calibration;
        this.eviction = eviction;
    }

    private Provenance source() {
        Capture capture = context.explore().captureProperty().get();
        return capture == null
                ? new Provenance("", "", 0, ProductVersion.software(), "")
                : new Provenance(
                        capture.info().source(),
                        capture.info().modelHash(),
                        capture.tokens().size(),
                        ProductVersion.software(),
                        command());
    }

    /** The command that measures the same. */
    private String command() {
        Opened opened = context.opened().get();
        SinkThresholds now = sinks.thresholds();
        PromptResult rate = prompts.resultProperty().get();
        List<String> options =
                new ArrayList<>(
                        List.of(
                                "--epsilon",
                                NumberText.plain(
                                        rate == null ? now.epsilon() : rate.rate().epsilon()),
                                "--threshold",
                                NumberText.plain(now.threshold()),
                                "--min-queries",
                                Integer.toString(now.minQueries())));
        options.addAll(rate == null ? List.of() : rate.options());
        return opened == null
                ? ""
                : new AnalysisCommand(
                                "sinks", opened.commandSource(), context.input().get(), options)
                        .words();
    }

    /** The matrix as it is shown. */
    ResultFile matrix(Scale scale) {
        ValueGrid grid = sinks.matrixProperty().get();
        MatrixSpec spec =
                new MatrixSpec(
                        "Attention sinks: " + grid.valueName(),
                        matrixNote(),
                        grid,
                        scale,
                        context.explore().viewProperty().get().colorMap(),
                        context.dark().get(),
                        source());
        return ResultFile.png(
                "sinks-heads", () -> new MatrixRenderer(context.assets()).render(spec));
    }

    /** The profile as it is shown. */
    ResultFile profile(LevelChart chart) {
        String whose =
                sinks.allHeadsProperty().get() ? "mean of all heads" : context.explore().headName();
        Figure figure =
                new ChartFigure(context.assets())
                        .draw(
                                chart,
                                CHART_WIDTH,
                                CHART_HEIGHT,
                                context.dark().get(),
                                "Received mass along the text, " + whose,
                                note(),
                                source());
        return ResultFile.png("sinks-" + context.explore().headName(), () -> figure);
    }

    private String matrixNote() {
        PromptResult result = prompts.resultProperty().get();
        return sinks.measureProperty().get() == SinkMeasure.PROMPTS && result != null
                ? result.summary()
                : note();
    }

    private String note() {
        SinkThresholds now = sinks.thresholds();
        return "\u03b5 "
                + NumberText.plain(now.epsilon())
                + ", sinks above "
                + NumberText.plain(now.threshold())
                + " from at least "
                + now.minQueries()
                + " queries";
    }

    /** The sink rate of every head over many prompts. */
    ResultFile prompts() {
        PromptResult result = prompts.resultProperty().get();
        return ResultFile.csv("sinks-prompts", () -> prompts(result));
    }

    private static CsvTable prompts(@Nullable PromptResult result) {
        CsvTable table =
                new CsvTable("layer", "head", "name", "sinkRate", "received0", "prompts", "tokens");
        if (result != null) {
            PromptRate rate = result.rate();
            for (PromptRate.HeadRate head : rate.heads()) {
                table.row(
                        head.layer(),
                        head.head(),
                        head.name(),
                        head.rate(),
                        head.received(),
                        rate.used(),
                        rate.length());
            }
        }
        return table;
    }

    /** What every token of every head receives. */
    ResultFile table() {
        SinkReport report = sinks.reportProperty().get();
        return ResultFile.csv("sinks", () -> table(report));
    }

    private static CsvTable table(@Nullable SinkReport report) {
        CsvTable table =
                new CsvTable("layer", "head", "name", "position", "token", "received", "queries");
        for (HeadReceived head : report == null ? List.<HeadReceived>of() : report.heads()) {
            for (int key = 0; key < head.received().keys(); key++) {
                table.row(
                        head.layer(),
                        head.head(),
                        head.name(),
                        key,
                        head.keyTokens().get(key).text(),
                        (float) head.received().of(key),
                        head.received().queries(key));
            }
        }
        return table;
    }

    /** Everything that is known, as the command line prints it. */
    ResultFile json() {
        SinkReport report = sinks.reportProperty().get();
        SinkThresholds thresholds = sinks.thresholds();
        CalibrationResult calibrated = calibration.resultProperty().get();
        PromptResult many = prompts.resultProperty().get();
        EvictionResult evicted = eviction.resultProperty().get();
        Capture capture = context.explore().captureProperty().get();
        String source = capture == null ? "" : capture.info().source();
        List<Token> tokens = capture == null ? List.of() : List.copyOf(capture.tokens());
        return ResultFile.json(
                "sinks",
                () -> {
                    SinksJson json = new SinksJson(source);
                    if (report != null) {
                        json.report(report, thresholds);
                    }
                    if (many != null) {
                        json.prompts(many.rate());
                    }
                    if (calibrated != null) {
                        json.calibration(calibrated, tokens);
                    }
                    if (evicted != null) {
                        json.eviction(evicted);
                    }
                    return json.document();
                });
    }
}
