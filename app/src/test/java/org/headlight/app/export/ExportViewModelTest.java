package org.headlight.app.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.headlight.app.explore.ExploreViewModel;
import org.headlight.app.explore.FormulaCapture;
import org.headlight.app.explore.SweepMaps;
import org.headlight.app.open.FileDialogs;
import org.headlight.app.open.FixedDialogs;
import org.headlight.app.task.DirectTaskRunner;
import org.headlight.app.task.LaneTaskRunner;
import org.headlight.app.task.TaskRunner;
import org.headlight.app.task.TurnQueue;
import org.headlight.assets.Assets;
import org.headlight.engine.problem.CancelledException;
import org.headlight.engine.task.Progress;
import org.headlight.viz.export.FigureLook;
import org.headlight.viz.export.FigureSpec;
import org.headlight.viz.export.MapRange;
import org.headlight.viz.export.Provenance;
import org.headlight.viz.raster.AttentionMap;
import org.headlight.viz.raster.MapBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

class ExportViewModelTest {
    private static final int TOKENS = 7;

    @TempDir Path folder;

    private final List<String> written = new ArrayList<>();
    private final FigureSpec whole = figure();

    private static FigureSpec figure() {
        ExploreViewModel explore =
                new ExploreViewModel(new DirectTaskRunner(), new SweepMaps(MapBuilder.standard()));
        FormulaCapture capture = new FormulaCapture(1, 2, FormulaCapture.tokens(TOKENS));
        explore.show(capture);
        AttentionMap map = Objects.requireNonNull(explore.mapProperty().get());
        return new FigureSpec(
                map,
                explore.headName(),
                capture.tokens(),
                capture.tokens(),
                MapRange.all(map),
                FigureLook.of(explore.scaleProperty().get()),
                new Provenance("formula", "", TOKENS, "Headlight", ""));
    }

    private void record(ExportKind kind, FigureSpec spec, Path target, Progress progress) {
        MapRange r = spec.range();
        written.add(
                "%s rows %d-%d cols %d-%d, %d pixels, dark %b, %s"
                        .formatted(
                                kind,
                                r.row0(),
                                r.row1(),
                                r.col0(),
                                r.col1(),
                                spec.look().size(),
                                spec.look().dark(),
                                target.getFileName()));
    }

    private ExportViewModel export(TaskRunner tasks, FileDialogs dialogs, Exporter exporter) {
        return new ExportViewModel(tasks, dialogs, exporter, whole, new MapRange(2, 6, 0, 3));
    }

    private FixedDialogs chosen(String name) {
        return FixedDialogs.choosing(folder.resolve(name));
    }

    @Test
    void whatWasChosenIsWritten() {
        FixedDialogs dialogs = chosen("out");
        ExportViewModel export = export(new DirectTaskRunner(), dialogs, this::record);
        export.export();
        export.wholeMapProperty().set(false);
        export.darkProperty().set(true);
        export.sizeProperty().set(512);
        export.export();
        export.kindProperty().set(ExportKind.CSV);
        export.export();
        export.kindProperty().set(ExportKind.NPY);
        export.wholeMapProperty().set(true);
        export.export();
        assertThat(written)
                .containsExactly(
                        "PNG rows 0-7 cols 0-7, 1024 pixels, dark false, out",
                        "PNG rows 2-6 cols 0-3, 512 pixels, dark true, out",
                        "CSV rows 2-6 cols 0-3, 512 pixels, dark true, out",
                        "NPY rows 0-7 cols 0-7, 512 pixels, dark true, out");
        assertThat(dialogs.asked())
                .containsExactly(
                        "L0H0.png, PNG picture, png",
                        "L0H0.png, PNG picture, png",
                        "L0H0.csv, CSV table, csv",
                        "L0H0.npy, NumPy array, npy");
        assertThat(export.writtenProperty().get()).isEqualTo(folder.resolve("out"));
        assertThat(export.writingProperty().get()).isFalse();
    }

    @Test
    void theSummaryFollowsTheChoice() {
        ExportViewModel export =
                export(new DirectTaskRunner(), FixedDialogs.cancelling(), this::record);
        assertThat(export.summaryProperty().get())
                .isEqualTo(
                        "L0H0, 7 \u00d7 7 cells, map of 1024 pixels. The figure with axes, title,"
                                + " colour bar and caption.");
        export.sizeProperty().set(512);
        export.wholeMapProperty().set(false);
        assertThat(export.summaryProperty().get()).startsWith("L0H0, 4 \u00d7 3 cells, map of 512");
        export.kindProperty().set(ExportKind.CSV);
        assertThat(export.summaryProperty().get())
                .isEqualTo(
                        "L0H0, 4 \u00d7 3 cells. Every cell exactly, with the tokens of its row"
                                + " and column.");
    }

    @Test
    void aCancelledDialogWritesNothing() {
        ExportViewModel export =
                export(new DirectTaskRunner(), FixedDialogs.cancelling(), this::record);
        export.export();
        assertThat(written).isEmpty();
        assertThat(export.writtenProperty().get()).isNull();
        assertThat(export.writingProperty().get()).isFalse();
    }

    @Test
    void aFileThatCannotBeWrittenSaysWhyUntilOneCan() throws IOException {
        Path target = folder.resolve("missing/x.csv");
        ExportViewModel export =
                export(
                        new DirectTaskRunner(),
                        FixedDialogs.choosing(target),
                        new FigureExporter(new Assets()));
        export.kindProperty().set(ExportKind.CSV);
        export.export();
        assertThat(export.problemProperty().get())
                .isEqualTo(
                        target
                                + " cannot be written: the folder "
                                + folder.resolve("missing")
                                + " does not exist; make it first.");
        assertThat(export.writtenProperty().get()).isNull();
        assertThat(export.writingProperty().get()).isFalse();
        Files.createDirectory(folder.resolve("missing"));
        export.export();
        assertThat(export.problemProperty().get()).isEmpty();
        assertThat(export.writtenProperty().get()).isEqualTo(target);
        assertThat(Files.readAllLines(target)).hasSize(2 + TOKENS);
    }

    @Test
    void cancellingWhileItIsWrittenEndsItQuietly() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        TurnQueue turns = new TurnQueue();
        try (LaneTaskRunner tasks = new LaneTaskRunner(turns)) {
            ExportViewModel export =
                    export(
                            tasks,
                            chosen("big.png"),
                            (kind, spec, target, progress) -> {
                                started.countDown();
                                while (true) {
                                    progress.check();
                                    Thread.onSpinWait();
                                }
                            });
            export.export();
            assertThat(tasks.tasks().getFirst().title()).isEqualTo("Writing big.png");
            assertThat(export.writingProperty().get()).isTrue();
            assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
            export.cancel();
            turns.until(() -> !export.writingProperty().get());
            assertThat(export.problemProperty().get()).isEmpty();
            assertThat(export.writtenProperty().get()).isNull();
        }
    }

    @Test
    void givingUpAnExportThatDoesNotWriteLeavesAnotherOneAlone() throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        TurnQueue turns = new TurnQueue();
        try (LaneTaskRunner tasks = new LaneTaskRunner(turns)) {
            ExportViewModel first =
                    export(
                            tasks,
                            chosen("a.png"),
                            (kind, spec, target, progress) -> {
                                try {
                                    go.await();
                                } catch (InterruptedException e) {
                                    throw new AssertionError(e);
                                }
                                progress.check();
                            });
            first.export();
            export(tasks, FixedDialogs.cancelling(), this::record).cancel();
            go.countDown();
            turns.until(() -> !first.writingProperty().get());
            assertThat(first.writtenProperty().get()).isEqualTo(folder.resolve("a.png"));
        }
    }

    @ParameterizedTest
    @EnumSource(ExportKind.class)
    void aCancelledExportLeavesNoFile(ExportKind kind) throws IOException {
        Progress cancelled =
                new Progress() {
                    @Override
                    public void at(double fraction, String stage) {}

                    @Override
                    public boolean cancelled() {
                        return true;
                    }
                };
        Exporter exporter = new FigureExporter(new Assets());
        assertThatThrownBy(() -> exporter.write(kind, whole, folder.resolve("x"), cancelled))
                .isInstanceOf(CancelledException.class);
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }
}
