package org.headlight.app.export;

import javafx.beans.property.BooleanProperty;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.beans.property.SimpleObjectProperty;

import org.headlight.app.open.FileDialogs;
import org.headlight.app.task.Failure;
import org.headlight.app.task.TaskRequest;
import org.headlight.app.task.TaskRunner;
import org.headlight.viz.export.FigureSpec;
import org.headlight.viz.export.MapRange;
import org.headlight.viz.raster.NumberText;
import org.jspecify.annotations.Nullable;

import java.nio.file.Path;

/** What is written of one map, and how. */
public final class ExportViewModel {
    /** The lane in which files are written. */
    public static final String LANE = "export";

    private final TaskRunner tasks;
    private final FileDialogs dialogs;
    private final Exporter exporter;
    private final FigureSpec whole;
    private final MapRange visible;
    private final ObjectProperty<ExportKind> kind = new SimpleObjectProperty<>(ExportKind.PNG);
    private final BooleanProperty wholeMap = new SimpleBooleanProperty(true);
    private final BooleanProperty dark = new SimpleBooleanProperty(false);
    private final IntegerProperty size = new SimpleIntegerProperty(1024);
    private final ReadOnlyStringWrapper summary = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper problem = new ReadOnlyStringWrapper("");
    private final ReadOnlyBooleanWrapper writing = new ReadOnlyBooleanWrapper();
    private final ReadOnlyObjectWrapper<@Nullable Path> written = new ReadOnlyObjectWrapper<>();

    /**
     * An export of a map as it is looked at.
     *
     * @param whole the figure of the whole map
     * @param visible the part that the window shows
     */
    public ExportViewModel(
            TaskRunner tasks,
            FileDialogs dialogs,
            Exporter exporter,
            FigureSpec whole,
            MapRange visible) {
        this.tasks = tasks;
        this.dialogs = dialogs;
        this.exporter = exporter;
        this.whole = whole;
        this.visible = visible;
        kind.addListener((property, old, now) -> describe());
        wholeMap.addListener((property, old, now) -> describe());
        size.addListener((property, old, now) -> describe());
        describe();
    }

    public ObjectProperty<ExportKind> kindProperty() {
        return kind;
    }

    /** Whether the whole map is written, or the part that the window shows. */
    public BooleanProperty wholeMapProperty() {
        return wholeMap;
    }

    /** Whether a picture is dark; light unless asked. */
    public BooleanProperty darkProperty() {
        return dark;
    }

    /** Pixels of the longer side of the map in a picture. */
    public IntegerProperty sizeProperty() {
        return size;
    }

    /** What will be written, in words. */
    public ReadOnlyStringProperty summaryProperty() {
        return summary.getReadOnlyProperty();
    }

    /** Why it could not be written; empty when it could. */
    public ReadOnlyStringProperty problemProperty() {
        return problem.getReadOnlyProperty();
    }

    public ReadOnlyBooleanProperty writingProperty() {
        return writing.getReadOnlyProperty();
    }

    /** The file that was written; null before. */
    public ReadOnlyObjectProperty<@Nullable Path> writtenProperty() {
        return written.getReadOnlyProperty();
    }

    private MapRange range() {
        return wholeMap.get() ? whole.range() : visible;
    }

    private void describe() {
        MapRange range = range();
        String cells = NumberText.count(range.rows()) + " \u00d7 " + NumberText.count(range.cols());
        summary.set(
                whole.head()
                        + ", "
                        + cells
                        + " cells"
                        + (kind.get() == ExportKind.PNG
                                ? ", map of " + size.get() + " pixels. "
                                : ". ")
                        + kind.get().words());
    }

    /** Asks for a file and writes it. */
    public void export() {
        ExportKind what = kind.get();
        dialogs.save(whole.head() + "." + what.extension(), what.title(), what.extension())
                .ifPresent(target -> write(what, target));
    }

    private void write(ExportKind what, Path target) {
        FigureSpec spec =
                new FigureSpec(
                        whole.map(),
                        whole.head(),
                        whole.queryTokens(),
                        whole.keyTokens(),
                        range(),
                        whole.look().withSize(size.get()).withDark(dark.get()),
                        whole.source());
        problem.set("");
        writing.set(true);
        tasks.submit(
                TaskRequest.of(
                                LANE,
                                "Writing " + target.getFileName(),
                                progress -> {
                                    exporter.write(what, spec, target, progress);
                                    return target;
                                })
                        .onDone(path -> {
                            writing.set(false);
                            written.set(path);
                        })
                        .onFailed(failure -> {
                            writing.set(false);
                            if (failure.kind() != Failure.Kind.CANCELLED) {
                                problem.set(failure.sentence());
                            }
                        }));
    }

    /** Gives up writing. */
    public void cancel() {
        if (writing.get()) {
            tasks.cancel(LANE);
        }
    }
}
