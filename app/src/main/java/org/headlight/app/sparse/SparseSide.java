package org.headlight.app.sparse;

import javafx.scene.control.Label;
import javafx.scene.layout.VBox;

import org.headlight.analysis.sparse.run.EndToEnd;
import org.headlight.analysis.sparse.run.HeadFidelity;
import org.headlight.analysis.sparse.run.NeedleFate;
import org.headlight.analysis.sparse.run.RecallShares;
import org.headlight.analysis.sparse.run.SparseResult;
import org.headlight.app.explore.ExploreViewModel;
import org.headlight.app.reading.FactGrid;
import org.headlight.app.reading.SidePane;
import org.headlight.engine.cut.HeadAddress;
import org.headlight.viz.raster.NumberText;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The parameters, what has to be said, the numbers of the run and of the head on show. */
final class SparseSide extends SidePane {
    private static final String NONE = "\u2013";

    private final SparseViewModel sparse;
    private final ExploreViewModel explore;
    private final Heads heads;
    private final VBox notes = new VBox(6);
    private final Label runTitle = title("The run");
    private final FactGrid numbers = new FactGrid(1);
    private final Label headTitle = title("This head");
    private final FactGrid head = new FactGrid(1);
    private final VBox measured = new VBox(12);

    SparseSide(SparseViewModel sparse, SparseMaps maps, ExploreViewModel explore) {
        this.sparse = sparse;
        this.explore = explore;
        this.heads = new Heads(explore);
        Label note = FactGrid.words("");
        note.textProperty().bind(maps.noteProperty());
        note.managedProperty().bind(note.textProperty().isNotEmpty());
        measured.getChildren()
                .addAll(
                        notes,
                        runTitle,
                        numbers,
                        headTitle,
                        note,
                        head,
                        title("On the map"),
                        mark("block-kept", "kept: computed"),
                        mark("block-skipped", "skipped: veiled"),
                        mark(
                                "block-missed",
                                "missed: hatched, or orange from afar: left out, though it holds at"
                                        + " least 1 % of its queries' probability"),
                        FactGrid.words(
                                "From afar a cell of several pairs is kept when one of them is."
                                        + " Mask and maps are drawn over the dense run's queries"
                                        + " and keys."));
        put(
                new ParameterForm(sparse.setup().main()),
                new ParameterForm(sparse.setup().decode()),
                measured);
        measured.managedProperty().bind(measured.visibleProperty());
        sparse.runProperty().subscribe(run -> show());
        explore.shownHeadProperty().subscribe(ref -> showHead());
    }

    private void show() {
        SparseRun run = sparse.runProperty().get();
        measured.setVisible(run != null);
        notes.getChildren().clear();
        numbers.clear();
        if (run != null) {
            SparseResult result = run.result();
            SparseNotes.of(result)
                    .forEach(note -> {
                        Label label = FactGrid.words(note);
                        label.getStyleClass().add("sparse-note");
                        notes.getChildren().add(label);
                    });
            kept(numbers, result.density(), result.computed());
            recall(numbers, result.recall(), result.degenerate());
            numbers.line(
                    "output error",
                    "Frobenius norm of (sparse \u2212 dense) over that of the dense output, in the"
                            + " layer that is furthest off.",
                    plain(result.worstLayerError()));
            result.endToEnd().ifPresent(this::end);
            result.needle().ifPresent(this::needle);
            numbers.line(
                    "bytes read",
                    "Queries, keys and values that attention asked for, against those of the dense"
                            + " run.",
                    megabytes(result.bytesRead()) + " of " + megabytes(result.denseBytesRead()));
        }
        showHead();
    }

    private static void kept(FactGrid grid, double density, double computed) {
        grid.line(
                "density",
                "Kept pairs over the pairs that the mask lets a query see.",
                percent(density));
        grid.line(
                "computed",
                "Pairs that kernels computed, in whole tiles, over the pairs that can be seen:"
                        + " above 100 % where masked pairs of a tile are computed too.",
                percent(computed));
    }

    private static void recall(FactGrid grid, RecallShares recall, boolean whole) {
        if (whole) {
            grid.line("recall", "Every pair is kept.", "100 %");
            return;
        }
        if (recall.rows() == 0) {
            grid.line(
                    "recall",
                    "Not known: there is no list of kept keys at their own places, or no row leaves"
                            + " anything out.",
                    NONE);
            return;
        }
        grid.line(
                "recall, mean",
                "Share of the dense probability on kept keys, over the rows that leave something"
                        + " out.",
                percent(recall.mean()));
        grid.line("5 % of rows", "So many rows have less than this.", percent(recall.p5()));
        grid.line("lowest row", "The row that keeps least.", percent(recall.least()));
        grid.line(
                "without sink",
                "The same with key 0 left out: with a sink, recall looks fine while all else is"
                        + " lost.",
                percent(recall.withoutSink()));
        grid.line(
                "oracle",
                "What the best choice of as many pairs would hold.",
                percent(recall.oracle()));
    }

    private void end(EndToEnd end) {
        numbers.line(
                "KL",
                "Mean KL(dense || sparse) of the next token after the prompt and in the"
                        + " continuation, nats.",
                plain(end.kl()));
        numbers.line(
                "top-1 agreement",
                "Rows whose most probable next token stayed.",
                percent(end.top1Agreement()));
        numbers.line(
                "loss ratio",
                "Sparse over dense loss of the continuation, never of the prompt itself.",
                plain(end.lossRatio()));
    }

    private void needle(NeedleFate fate) {
        numbers.line(
                "needle keys kept",
                "Of the needle's keys, in the rows that answer: the prompt's last and all decoded"
                        + " ones.",
                percent(fate.kept()));
        numbers.line("needle mass kept", "The same by dense probability.", percent(fate.mass()));
        numbers.line(
                "needle lost in",
                "Heads that keep no key of it in any of these rows.",
                NumberText.count(fate.lostHeads())
                        + " of "
                        + NumberText.count(fate.heads())
                        + " heads");
    }

    private void showHead() {
        head.clear();
        SparseRun run = sparse.runProperty().get();
        Optional<HeadAddress> shown = heads.shown();
        headTitle.setText(explore.headName());
        if (run == null || shown.isEmpty()) {
            return;
        }
        List<HeadFidelity> phases = run.of(shown.get());
        for (HeadFidelity phase : phases) {
            head.section(phase.phase().word() + ": " + phase.choice().info().title());
            kept(head, phase.density(), phase.computed());
            recall(head, phase.recall(), phase.keptAll());
            head.line(
                    "output error",
                    "Frobenius norm of (sparse \u2212 dense) over that of the dense output.",
                    plain(phase.outputError()));
        }
    }

    static String percent(double share) {
        return Double.isNaN(share) ? NONE : String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    static String plain(double value) {
        return Double.isFinite(value) ? NumberText.plain(value) : NONE;
    }

    private static String megabytes(long bytes) {
        return NumberText.plain(bytes / 1e6) + " MB";
    }
}
