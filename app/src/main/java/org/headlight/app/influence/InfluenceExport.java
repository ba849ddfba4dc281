package org.headlight.app.influence;

import org.headlight.analysis.influence.DocumentScore;
import org.headlight.analysis.influence.ImportantHeads;
import org.headlight.app.command.ProductVersion;
import org.headlight.app.reading.CsvTable;
import org.headlight.app.reading.ReadingContext;
import org.headlight.app.reading.ResultFile;
import org.headlight.engine.cut.HeadAddress;
import org.headlight.engine.model.Model;
import org.headlight.viz.chart.DistributionChart;
import org.headlight.viz.control.matrix.ValueMatrix;
import org.headlight.viz.export.ChartFigure;
import org.headlight.viz.export.Figure;
import org.headlight.viz.export.MatrixRenderer;
import org.headlight.viz.export.MatrixSpec;
import org.headlight.viz.export.Provenance;

import java.util.List;
import java.util.Set;

/** The results of the pane as files. Asked on the window's thread. */
final class InfluenceExport {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 280;

    private final ReadingContext context;
    private final InfluenceViewModel view;

    InfluenceExport(ReadingContext context, InfluenceViewModel view) {
        this.context = context;
        this.view = view;
    }

    private String name() {
        Model model = view.modelProperty().get();
        return model == null ? "" : model.info().name();
    }

    private Provenance provenance() {
        Model model = view.modelProperty().get();
        int tokens = view.documents().stream().mapToInt(DocumentScore::tokens).sum();
        return new Provenance(
                name(),
                model == null ? "" : model.info().hash(),
                tokens,
                ProductVersion.software(),
                "");
    }

    /** The distribution as it is shown. */
    ResultFile chart(DistributionChart chart) {
        Figure figure =
                new ChartFigure(context.assets())
                        .draw(
                                chart,
                                WIDTH,
                                HEIGHT,
                                context.dark().get(),
                                "AttentionInfluence of the documents",
                                view.summaryProperty().get(),
                                provenance());
        return ResultFile.png("influence", () -> figure);
    }

    /** The matrix of heads as it is shown. */
    ResultFile heads(ValueMatrix matrix) {
        MatrixSpec spec =
                new MatrixSpec(
                        "Share of the answer of the key-value task that a head copies",
                        view.summaryProperty().get(),
                        matrix.valuesProperty().get(),
                        matrix.scale(),
                        matrix.colorMapProperty().get(),
                        context.dark().get(),
                        provenance());
        return ResultFile.png(
                "influence-heads", () -> new MatrixRenderer(context.assets()).render(spec));
    }

    /** Every document with its numbers. */
    ResultFile table() {
        List<DocumentScore> documents = List.copyOf(view.documents());
        Set<DocumentScore> selected = view.selectedProperty().get();
        return ResultFile.csv("influence", () -> table(documents, selected));
    }

    private static CsvTable table(List<DocumentScore> documents, Set<DocumentScore> selected) {
        CsvTable table =
                new CsvTable(
                        "id",
                        "domain",
                        "tokens",
                        "truncated",
                        "loss_base",
                        "loss_masked",
                        "score",
                        "selected");
        for (DocumentScore document : documents) {
            table.row(
                    document.id(),
                    document.domain(),
                    document.tokens(),
                    document.truncated(),
                    document.lossBase(),
                    document.lossMasked(),
                    document.score(),
                    selected.contains(document));
        }
        return table;
    }

    /** Everything that is known, as the command line prints it. */
    ResultFile json() {
        String source = name();
        ImportantHeads found = view.byHandProperty().get() ? null : view.foundProperty().get();
        List<HeadAddress> masked = view.used();
        List<DocumentScore> documents = List.copyOf(view.documents());
        double share = view.selectProperty().get();
        boolean complete = view.complete();
        return ResultFile.json(
                "influence",
                () -> InfluenceJson.of(source, found, masked, documents, share, complete));
    }
}
