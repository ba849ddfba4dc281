package org.headlight.app.atlas;

import org.headlight.analysis.heads.flow.Followed;
import org.headlight.app.command.ProductVersion;
import org.headlight.app.reading.CsvTable;
import org.headlight.app.reading.ReadingContext;
import org.headlight.app.reading.ResultFile;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.problem.BadInputException;
import org.headlight.viz.control.profile.LevelChart;
import org.headlight.viz.export.ChartFigure;
import org.headlight.viz.export.Figure;
import org.headlight.viz.export.MatrixRenderer;
import org.headlight.viz.export.MatrixSpec;
import org.headlight.viz.export.Provenance;
import org.headlight.viz.raster.Scale;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What can be written of a followed token. Asked on the window's thread. */
final class RolloutExport {
    private static final int WIDTH = 800;
    private static final int HEIGHT = 300;

    private final RolloutViewModel model;
    private final ReadingContext context;

    RolloutExport(RolloutViewModel model, ReadingContext context) {
        this.model = model;
        this.context = context;
    }

    private Followed shown() {
        Followed shown = model.followedProperty().get();
        if (shown == null) {
            throw new BadInputException("No token is followed yet; run a text first.");
        }
        return shown;
    }

    private Capture capture() {
        Capture capture = context.explore().captureProperty().get();
        if (capture == null) {
            throw new BadInputException("There is no capture any more; run a text first.");
        }
        return capture;
    }

    private Provenance provenance() {
        Capture capture = capture();
        return new Provenance(
                capture.info().source(),
                capture.info().modelHash(),
                capture.tokens().size(),
                ProductVersion.software(),
                "");
    }

    private static String name(Followed shown) {
        return shown.way().measure().name().toLowerCase(Locale.ROOT);
    }

    private static String note(Followed shown) {
        return "after L"
                + shown.layers().getLast()
                + (shown.way().residual() ? ", with the residual stream" : ", attention alone");
    }

    /** The map as it is shown. */
    ResultFile map(Scale scale) {
        Followed shown = shown();
        MatrixSpec spec =
                new MatrixSpec(
                        RolloutGrid.whole(shown)
                                ? "Attention " + name(shown)
                                : "Attention rollout to token " + shown.way().position(),
                        note(shown),
                        model.gridProperty().get(),
                        scale,
                        context.explore().viewProperty().get().colorMap(),
                        context.dark().get(),
                        provenance());
        return ResultFile.png(
                name(shown) + "-map", () -> new MatrixRenderer(context.assets()).render(spec));
    }

    /** The shares as they are shown. */
    ResultFile shares(LevelChart chart) {
        Followed shown = shown();
        Figure figure =
                new ChartFigure(context.assets())
                        .draw(
                                chart,
                                WIDTH,
                                HEIGHT,
                                context.dark().get(),
                                "Attention " + name(shown) + " to token " + shown.way().position(),
                                note(shown),
                                provenance());
        return ResultFile.png(name(shown) + "-" + shown.way().position(), () -> figure);
    }

    /** Every token with its share, and by rollout before each layer. */
    ResultFile table() {
        Followed shown = shown();
        return ResultFile.csv(name(shown) + "-" + shown.way().position(), () -> table(shown));
    }

    private static CsvTable table(Followed shown) {
        List<String> names = new ArrayList<>(List.of("position", "token", "share"));
        shown.layers().forEach(layer -> names.add("beforeL" + layer));
        CsvTable table = new CsvTable(names.toArray(String[]::new));
        for (int token = 0; token < shown.tokens().size(); token++) {
            List<Object> values =
                    new ArrayList<>(
                            List.of(token, shown.tokens().get(token).text(), shown.share(token)));
            for (int layer = 0; layer < shown.layers().size(); layer++) {
                values.add(shown.before(layer, token));
            }
            table.row(values.toArray());
        }
        return table;
    }

    /** What the command prints. */
    ResultFile json() {
        Followed shown = shown();
        String source = capture().info().source();
        return ResultFile.json(
                name(shown) + "-" + shown.way().position(),
                () -> RolloutJson.document(source, shown));
    }
}
