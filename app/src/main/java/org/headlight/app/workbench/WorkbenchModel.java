package org.headlight.app.workbench;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

import org.headlight.app.command.CommandSource;
import org.headlight.app.command.KeyBinding;
import org.headlight.app.command.MapCommand;
import org.headlight.app.command.ProductVersion;
import org.headlight.app.command.RunInput;
import org.headlight.app.explore.ExploreViewModel;
import org.headlight.app.explore.InspectorViewModel;
import org.headlight.app.explore.MapFactory;
import org.headlight.app.explore.ViewState;
import org.headlight.app.export.Exporter;
import org.headlight.app.generate.GenerateViewModel;
import org.headlight.app.input.InputViewModel;
import org.headlight.app.open.DroppedFile;
import org.headlight.app.open.FileDialogs;
import org.headlight.app.open.OpenViewModel;
import org.headlight.app.open.Opened;
import org.headlight.app.open.SourceOpener;
import org.headlight.app.open.SourceSheetViewModel;
import org.headlight.app.settings.DeviceViewModel;
import org.headlight.app.settings.SettingsModel;
import org.headlight.app.task.TaskRunner;
import org.headlight.assets.Assets;
import org.headlight.assets.SampleText;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.device.Device;
import org.headlight.engine.device.DeviceChoice;
import org.headlight.engine.device.DeviceSetup;
import org.headlight.engine.model.Model;
import org.headlight.engine.model.ModelInfo;
import org.headlight.engine.source.Source;
import org.headlight.viz.export.FigureLook;
import org.headlight.viz.export.FigureSpec;
import org.headlight.viz.export.MapRange;
import org.headlight.viz.export.Provenance;
import org.headlight.viz.raster.AttentionMap;
import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The view models and how they are joined: what is opened is run, what was run is explored. Free of
 * the toolkit.
 */
final class WorkbenchModel {
    /** Work that uses the open model. */
    private static final List<String> LANES =
            Stream.concat(InputViewModel.LANES.stream(), Stream.of(SourceSheetViewModel.LANE))
                    .toList();

    private final TaskRunner tasks;
    private final OpenViewModel open;
    private final InputViewModel input;
    private final GenerateViewModel generate;
    private final ExploreViewModel explore;
    private final InspectorViewModel inspector;
    private final StatusViewModel status = new StatusViewModel();
    private final DeviceViewModel devices;
    private final SampleText firstText;
    private @Nullable Source current;
    private @Nullable CommandSource shownSource;
    private boolean awaiting;
    private final ReadOnlyObjectWrapper<RunInput> shownInput =
            new ReadOnlyObjectWrapper<>(RunInput.none());
    private final List<String> lanes = new ArrayList<>(LANES);
    private Optional<String> startText = Optional.empty();
    private Optional<Path> startFile = Optional.empty();

    /** What a window needs from outside. */
    record Services(
            TaskRunner tasks,
            SettingsModel settings,
            SourceOpener opener,
            FileDialogs dialogs,
            MapFactory maps,
            Exporter exporter,
            Assets assets,
            DeviceViewModel devices) {

        /** The services of a window whose models run on the processor. */
        Services(
                TaskRunner tasks,
                SettingsModel settings,
                SourceOpener opener,
                FileDialogs dialogs,
                MapFactory maps,
                Exporter exporter,
                Assets assets) {
            this(
                    tasks,
                    settings,
                    opener,
                    dialogs,
                    maps,
                    exporter,
                    assets,
                    new DeviceViewModel(
                            settings,
                            tasks,
                            DeviceSetup.ofProcess(Optional.empty()),
                            Device.CPU,
                            Optional.empty()));
        }
    }

    WorkbenchModel(Services services) {
        tasks = services.tasks();
        devices = services.devices();
        Assets assets = services.assets();
        open =
                new OpenViewModel(
                        tasks,
                        services.settings(),
                        services.opener(),
                        services.dialogs(),
                        assets::demoModelFolder);
        explore = new ExploreViewModel(tasks, services.maps());
        inspector = new InspectorViewModel(tasks, explore);
        input = new InputViewModel(tasks, this::captured);
        generate = new GenerateViewModel(tasks, input, this::captured);
        generate.remember(services.settings());
        generate.progressProperty().subscribe(status::working);
        firstText = assets.texts().getFirst();
        input.runningProperty().subscribe(running -> leaveFormer());
        input.problemProperty().subscribe(problem -> leaveFormer());
        generate.writingProperty().subscribe(writing -> leaveFormer());
        open.openedProperty().addListener((property, old, now) -> opened(now));
        devices.askedProperty().addListener((property, old, now) -> open.reopen());
        devices.attentionProperty()
                .subscribe(sentence -> {
                    if (devices.attentionAside()) {
                        status.notify(sentence);
                    }
                });
        devices.troubleProperty()
                .subscribe(sentence -> {
                    if (!sentence.isEmpty()) {
                        status.notify(sentence);
                    }
                });
    }

    OpenViewModel open() {
        return open;
    }

    InputViewModel input() {
        return input;
    }

    GenerateViewModel generate() {
        return generate;
    }

    /** Cancels what runs, and keeps what the model has written by now. */
    void cancel() {
        if (generate.writingProperty().get()) {
            generate.cancel();
        } else {
            input.cancel();
        }
    }

    ExploreViewModel explore() {
        return explore;
    }

    DeviceViewModel devices() {
        return devices;
    }

    InspectorViewModel inspector() {
        return inspector;
    }

    StatusViewModel status() {
        return status;
    }

    /** What the capture on show was made from. */
    ReadOnlyObjectProperty<RunInput> shownInputProperty() {
        return shownInput.getReadOnlyProperty();
    }

    /** Names more lanes whose work reads captures and runs models. */
    void addLanes(List<String> more) {
        lanes.addAll(more);
        explore.addReaders(more);
    }

    /** Opens what the launch asks for, or the embedded example. */
    void start(LaunchRequest request) {
        startText = request.text();
        startFile = request.textFile();
        request.source().ifPresentOrElse(open::open, open::openExample);
    }

    /** Takes a file for what it is: a source to open, or a text to run. */
    void drop(Path path) {
        if (DroppedFile.of(path) == DroppedFile.TEXT) {
            input.loadFile(path);
        } else {
            open.open(path);
        }
    }

    private void opened(@Nullable Opened opened) {
        if (opened == null) {
            return;
        }
        Source former = current;
        current = opened.source();
        tasks.cancel(InputViewModel.LANE);
        if (former instanceof Source.ModelSource model) {
            tasks.afterwards(List.copyOf(lanes), model::close);
        }
        switch (opened.source()) {
            case Source.ModelSource source -> {
                tellDevice(source.model());
                input.setModel(source.model());
                tellUnsupported(source.model().info());
                awaiting = true;
                firstRun();
                leaveFormer();
            }
            case Source.CaptureSource source -> {
                input.setModel(null);
                captured(source.capture(), RunInput.none());
            }
        }
    }

    private void tellDevice(Model model) {
        DeviceChoice choice = model.device();
        devices.opened(choice, model::attention);
        if (choice.fellBack()) {
            status.notify(choice.reason() + " It runs on the CPU.");
        }
    }

    private void tellUnsupported(ModelInfo info) {
        int count = info.unsupported().size();
        if (count > 0) {
            status.notify(
                    count
                            + (count == 1
                                    ? " attention node is not understood and not shown; "
                                    : " attention nodes are not understood and not shown; ")
                            + KeyBinding.FOUND.display()
                            + " tells why.");
        }
    }

    /** What the launch asked for, otherwise what stands there, otherwise the first sample. */
    private void firstRun() {
        if (startFile.isPresent()) {
            input.loadFile(startFile.get());
        } else if (!input.reading()) {
            startText.ifPresent(text -> input.setText("Text", text));
            boolean ids = input.idsProperty().get();
            if (!ids && input.empty()) {
                input.setText(firstText.title(), firstText.text());
            }
            if (input.runnableProperty().get() && (!ids || startText.isPresent())) {
                input.run();
            }
        }
        startText = Optional.empty();
        startFile = Optional.empty();
    }

    /**
     * Takes the map of the former model away, unless the one that is open is about to bring its
     * own: until then the window need not be empty.
     */
    private void leaveFormer() {
        boolean coming =
                input.runningProperty().get()
                        || input.reading()
                        || generate.writingProperty().get();
        if (awaiting && !coming) {
            awaiting = false;
            shownSource = null;
            shownInput.set(RunInput.none());
            explore.clear();
            status.captured(null, "");
        }
    }

    /** Shows a capture and owns it from now on. */
    void captured(Capture capture, RunInput made) {
        awaiting = false;
        Opened opened = open.openedProperty().get();
        shownSource = opened == null ? null : opened.commandSource();
        shownInput.set(made);
        explore.show(capture);
        status.captured(capture, generate.summary(capture));
    }

    /** The command that draws the map on show again; empty without one. */
    Optional<String> command() {
        CommandSource source = shownSource;
        if (source == null || explore.headName().isEmpty()) {
            return Optional.empty();
        }
        ViewState view = explore.viewProperty().get();
        return Optional.of(
                new MapCommand(
                                source,
                                shownInput.get(),
                                explore.headName(),
                                view.pooling().name().toLowerCase(Locale.ROOT),
                                view.scale().name().toLowerCase(Locale.ROOT),
                                view.dropSink())
                        .words());
    }

    /** The figure of the map on show; empty without one. */
    Optional<FigureSpec> figure() {
        AttentionMap map = explore.mapProperty().get();
        Optional<SiteCapture> site = explore.site();
        Capture capture = explore.captureProperty().get();
        if (map == null || capture == null || site.isEmpty()) {
            return Optional.empty();
        }
        ViewState view = explore.viewProperty().get();
        FigureLook look =
                FigureLook.of(explore.scaleProperty().get())
                        .withColorMap(view.colorMap())
                        .withPooling(view.pooling())
                        .withDroppedKeys(view.dropSink() ? 1 : 0);
        return Optional.of(
                new FigureSpec(
                        map,
                        explore.headName(),
                        site.get().queryTokens(),
                        site.get().keyTokens(),
                        MapRange.all(map),
                        look,
                        new Provenance(
                                capture.info().source(),
                                capture.info().modelHash(),
                                capture.tokens().size(),
                                ProductVersion.software(),
                                command().orElse(""))));
    }

    /** Cancels what runs, and closes everything as soon as no work uses it any more. */
    void close() {
        explore.closeCapture();
        if (current instanceof Source.ModelSource model) {
            tasks.afterwards(List.copyOf(lanes), model::close);
        }
        tasks.close();
    }
}
