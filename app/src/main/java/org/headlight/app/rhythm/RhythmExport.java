package org.headlight.app.rhythm;

import com.google.gson.JsonObject;

import org.headlight.analysis.rhythm.Rhythm;
import org.headlight.analysis.rhythm.RhythmSettings;
import org.headlight.analysis.rhythm.RhythmToken;
import org.headlight.analysis.rhythm.Strategy;
import org.headlight.app.command.ProductVersion;
import org.headlight.app.reading.CsvTable;
import org.headlight.app.reading.ReadingContext;
import org.headlight.app.reading.ResultFile;
import org.headlight.engine.capture.Capture;
import org.headlight.viz.chart.TrackChart;
import org.headlight.viz.control.matrix.ValueMatrix;
import org.headlight.viz.export.ChartFigure;
import org.headlight.viz.export.Figure;
import org.headlight.viz.export.MatrixRenderer;
import org.headlight.viz.export.MatrixSpec;
import org.headlight.viz.export.Provenance;
import org.jspecify.annotations.Nullable;

import java.util.List;

/** The results of the pane as files. Asked on the window's thread. */
final class RhythmExport {
    private static final int WIDTH = 800;
    private static final int HEIGHT = 420;

    private final ReadingContext context;
    private final RhythmViewModel view;

    RhythmExport(ReadingContext context, RhythmViewModel view) {
        this.context = context;
        this.view = view;
    }

    private Provenance provenance() {
        Capture capture = context.explore().captureProperty().get();
        return capture == null
                ? new Provenance("", "", 0, ProductVersion.software(), "")
                : new Provenance(
                        capture.info().source(),
                        capture.info().modelHash(),
                        capture.tokens().size(),
                        ProductVersion.software(),
                        "");
    }

    private String note() {
        Rhythm now = view.rhythmProperty().get();
        if (now == null) {
            return "";
        }
        RhythmSettings settings = now.settings();
        return "response from "
                + now.from()
                + ", W "
                + settings.window()
                + ", H "
                + settings.horizon()
                + ", "
                + now.local().size()
                + " local and "
                + now.global().size()
                + " global heads; dots are peaks, ticks preplan and anchor tokens";
    }

    /** The chart as it is shown. */
    ResultFile chart(TrackChart chart) {
        Figure figure =
                new ChartFigure(context.assets())
                        .draw(
                                chart,
                                WIDTH,
                                HEIGHT,
                                context.dark().get(),
                                "Preplan and anchor along the response",
                                note(),
                                provenance());
        return ResultFile.png("rhythm", () -> figure);
    }

    /** The matrix of heads as it is shown. */
    ResultFile heads(ValueMatrix matrix) {
        MatrixSpec spec =
                new MatrixSpec(
                        "How far heads look along the response",
                        note(),
                        matrix.valuesProperty().get(),
                        matrix.scale(),
                        matrix.colorMapProperty().get(),
                        context.dark().get(),
                        provenance());
        return ResultFile.png(
                "rhythm-heads", () -> new MatrixRenderer(context.assets()).render(spec));
    }

    /** Every token with its numbers. */
    ResultFile table() {
        Rhythm now = view.rhythmProperty().get();
        return ResultFile.csv("rhythm", () -> table(now));
    }

    private static CsvTable table(@Nullable Rhythm rhythm) {
        CsvTable table =
                new CsvTable(
                        "position",
                        "token",
                        "waad",
                        "step",
                        "fai",
                        "receiver_fai",
                        "entropy",
                        "attention_entropy",
                        "waad_peak",
                        "fai_peak",
                        "preplan",
                        "anchor",
                        "prepared",
                        "introduces",
                        "weight_local",
                        "weight_global",
                        "weight_coupled");
        List<RhythmToken> tokens = rhythm == null ? List.of() : rhythm.tokens();
        for (RhythmToken token : tokens) {
            RhythmToken.Marks marks = token.marks();
            table.row(
                    token.position(),
                    token.token().text(),
                    token.waad(),
                    token.step(),
                    token.fai(),
                    token.receiverFai(),
                    token.entropy(),
                    token.attentionEntropy(),
                    marks.waadPeak(),
                    marks.faiPeak(),
                    marks.preplan(),
                    marks.anchor(),
                    marks.prepared(),
                    marks.introduces(),
                    token.weight().localChunk(),
                    token.weight().globalAnchor(),
                    token.weight().coupled());
        }
        return table;
    }

    /** Everything that is known, as the command line prints it. */
    ResultFile json() {
        Rhythm now = view.rhythmProperty().get();
        Strategy strategy = view.strategyProperty().get();
        String source = view.source();
        return ResultFile.json(
                "rhythm",
                () -> now == null ? new JsonObject() : RhythmJson.of(source, now, strategy));
    }
}
