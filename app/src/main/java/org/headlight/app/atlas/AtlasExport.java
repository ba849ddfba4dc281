package org.headlight.app.atlas;

import org.headlight.analysis.heads.HeadAtlas;
import org.headlight.analysis.heads.HeadMetric;
import org.headlight.analysis.heads.HeadPortrait;
import org.headlight.analysis.heads.likeness.Clusters;
import org.headlight.analysis.heads.probe.HeadProbe;
import org.headlight.app.reading.CsvTable;
import org.headlight.app.reading.ReadingContext;
import org.headlight.app.reading.ResultFile;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.token.Token;
import org.headlight.viz.chart.ScatterChart;
import org.headlight.viz.export.ChartFigure;
import org.headlight.viz.export.Figure;
import org.headlight.viz.export.FigureSpec;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** What can be written of the atlas. Every method is called on the window's thread. */
final class AtlasExport {
    private final AtlasViewModel model;
    private final ReadingContext context;
    private final ScatterChart chart;

    AtlasExport(AtlasViewModel model, ReadingContext context, ScatterChart chart) {
        this.model = model;
        this.context = context;
        this.chart = chart;
    }

    private HeadAtlas atlas() {
        HeadAtlas atlas = model.atlasProperty().get();
        if (atlas == null) {
            throw new BadInputException("The heads are not measured yet; measure them first.");
        }
        return atlas;
    }

    /** The two numbers on show, head by head. */
    ResultFile chart() {
        FigureSpec shown =
                context.figure()
                        .get()
                        .orElseThrow(() ->
                                new BadInputException(
                                        "There is no map to write yet; run a text first."));
        Figure figure =
                new ChartFigure(context.assets())
                        .draw(
                                chart,
                                560,
                                380,
                                context.dark().get(),
                                "Heads over "
                                        + model.acrossProperty().get().label()
                                        + " and "
                                        + model.upProperty().get().label(),
                                "",
                                shown.source());
        return ResultFile.png("atlas", () -> figure);
    }

    /** The numbers of every head. */
    ResultFile table() {
        HeadAtlas atlas = atlas();
        Clusters clusters = model.clustersProperty().get();
        return ResultFile.csv("atlas", () -> table(atlas, clusters));
    }

    private static CsvTable table(HeadAtlas atlas, @Nullable Clusters clusters) {
        List<String> names = new ArrayList<>(List.of("head", "layer", "number", "kind"));
        for (HeadMetric metric : HeadMetric.values()) {
            names.add(metric.label());
        }
        names.addAll(List.of("pattern", "groupDisagreement", "cluster"));
        CsvTable table = new CsvTable(names.toArray(String[]::new));
        for (int i = 0; i < atlas.heads().size(); i++) {
            HeadPortrait head = atlas.heads().get(i);
            List<Object> values = new ArrayList<>();
            values.add(head.name());
            values.add(head.statistics().layer());
            values.add(head.statistics().head());
            values.add(head.kind().label());
            for (HeadMetric metric : HeadMetric.values()) {
                values.add(metric.of(head));
            }
            values.add(head.pattern().map(fit -> fit.best().candidate().label()).orElse(""));
            values.add(atlas.disagreement(i));
            values.add(clusters == null ? "" : clusters.of(i));
            table.row(values.toArray());
        }
        return table;
    }

    /** What the command prints. */
    ResultFile json() {
        HeadAtlas atlas = atlas();
        Capture capture = context.explore().captureProperty().get();
        if (capture == null) {
            throw new BadInputException("There is no capture any more; run a text first.");
        }
        boolean named = AtlasJson.named(capture);
        String source = capture.info().source();
        List<Token> tokens = List.copyOf(capture.tokens());
        HeadProbe probe = model.probeProperty().get();
        double cut = model.cutProperty().get();
        return ResultFile.json(
                "atlas", () -> new AtlasJson(atlas, named, cut).document(source, tokens, probe));
    }
}
