package org.headlight.app.open;

import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.headlight.app.settings.SettingsModel;
import org.headlight.app.task.Failure;
import org.headlight.app.task.TaskRequest;
import org.headlight.app.task.TaskRunner;
import org.headlight.engine.source.Source;
import org.jspecify.annotations.Nullable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/**
 * Which model is open. Opening another one happens in the background; the former one stays until
 * the new one is there, and for good when the new one cannot be opened.
 */
public final class OpenViewModel {
    /** The lane in which models are opened. */
    public static final String LANE = "open";

    private final TaskRunner tasks;
    private final SettingsModel settings;
    private final SourceOpener opener;
    private final FileDialogs dialogs;
    private final Supplier<Path> example;
    private final ReadOnlyObjectWrapper<@Nullable Opened> opened = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyStringWrapper loading = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper problem = new ReadOnlyStringWrapper("");
    private final ReadOnlyBooleanWrapper exampleOpen = new ReadOnlyBooleanWrapper();
    private final ObservableList<Path> recent = FXCollections.observableArrayList();
    private int openings;

    /**
     * A window without a model.
     *
     * @param example where the embedded model lies; asked in the background, for it may be unpacked
     */
    public OpenViewModel(
            TaskRunner tasks,
            SettingsModel settings,
            SourceOpener opener,
            FileDialogs dialogs,
            Supplier<Path> example) {
        this.tasks = tasks;
        this.settings = settings;
        this.opener = opener;
        this.dialogs = dialogs;
        this.example = example;
        recent.setAll(settings.get().recent());
    }

    /** What is open; null before the first. */
    public ReadOnlyObjectProperty<@Nullable Opened> openedProperty() {
        return opened.getReadOnlyProperty();
    }

    /** The name of what is being opened; empty when nothing is. */
    public ReadOnlyStringProperty loadingProperty() {
        return loading.getReadOnlyProperty();
    }

    /** Why the last one could not be opened, one sentence; empty when it could. */
    public ReadOnlyStringProperty problemProperty() {
        return problem.getReadOnlyProperty();
    }

    /** Whether the embedded example is what is open. */
    public ReadOnlyBooleanProperty exampleOpenProperty() {
        return exampleOpen.getReadOnlyProperty();
    }

    /** What was opened before, the newest first. */
    public ObservableList<Path> recent() {
        return recent;
    }

    /** Opens the embedded example. */
    public void openExample() {
        start("the embedded example", () -> example.get(), true);
    }

    /** Opens a model folder, an .onnx file, a capture or a dump. */
    public void open(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        start(shortName(absolute), () -> absolute, false);
    }

    /** Opens the open model once more, as it is to be run otherwise; what is open else, stays. */
    public void reopen() {
        Opened now = opened.get();
        if (now == null || !(now.source() instanceof Source.ModelSource)) {
            return;
        }
        if (exampleOpen.get()) {
            openExample();
        } else {
            open(now.path());
        }
    }

    /** Asks for a file and opens it. */
    public void browseFile() {
        dialogs.openSource().ifPresent(this::open);
    }

    /** Asks for a folder and opens it. */
    public void browseFolder() {
        dialogs.openFolder().ifPresent(this::open);
    }

    /** Takes the sentence about the last failure away. */
    public void dismissProblem() {
        problem.set("");
    }

    private void start(String name, Supplier<Path> where, boolean isExample) {
        problem.set("");
        loading.set(name);
        int opening = ++openings;
        tasks.submit(
                TaskRequest.of(
                                LANE,
                                "Opening " + name,
                                progress -> {
                                    Path path = where.get();
                                    return new Opened(path, opener.open(path, progress));
                                })
                        .onDone(result -> done(result, isExample))
                        .onFailed(failure -> failed(opening, failure))
                        .onDropped(result -> result.source().close()));
    }

    private void done(Opened result, boolean isExample) {
        loading.set("");
        exampleOpen.set(isExample);
        opened.set(result);
        if (!isExample) {
            settings.change(now -> now.withRecent(result.path()));
            recent.setAll(settings.get().recent());
        }
    }

    private void failed(int opening, Failure failure) {
        if (opening == openings) {
            loading.set("");
        }
        if (failure.kind() != Failure.Kind.CANCELLED) {
            problem.set(failure.sentence());
            forgetMissing();
        }
    }

    /** Takes what does not exist any more off the recent list. */
    private void forgetMissing() {
        List<Path> missing = recent.stream().filter(path -> !Files.exists(path)).toList();
        for (Path path : missing) {
            settings.change(now -> now.withoutRecent(path));
        }
        recent.setAll(settings.get().recent());
    }

    private static String shortName(Path path) {
        Path name = path.getFileName();
        return name == null ? path.toString() : name.toString();
    }
}
