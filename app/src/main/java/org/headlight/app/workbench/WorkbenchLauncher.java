package org.headlight.app.workbench;

import javafx.stage.Stage;

import org.headlight.app.explore.SweepMaps;
import org.headlight.app.export.FigureExporter;
import org.headlight.app.open.FxFileDialogs;
import org.headlight.app.open.SourceOpener;
import org.headlight.app.settings.DeviceViewModel;
import org.headlight.app.settings.RememberedNatives;
import org.headlight.app.settings.SettingsFile;
import org.headlight.app.settings.SettingsModel;
import org.headlight.app.settings.SettingsStore;
import org.headlight.app.task.FxToolkit;
import org.headlight.app.task.FxUiThread;
import org.headlight.app.task.LaneTaskRunner;
import org.headlight.app.task.TaskRunner;
import org.headlight.assets.Assets;
import org.headlight.engine.device.Device;
import org.headlight.engine.device.DeviceChoice;
import org.headlight.engine.device.DeviceSetup;
import org.headlight.engine.device.Devices;
import org.headlight.engine.model.DeviceMaps;
import org.headlight.engine.model.Model;
import org.headlight.engine.model.ThreadBound;
import org.headlight.engine.source.Source;
import org.headlight.engine.source.SourceOptions;
import org.headlight.engine.source.Sources;
import org.headlight.engine.task.Progress;
import org.headlight.viz.raster.MapBuilder;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** Opens the window. */
public final class WorkbenchLauncher {
    /** How long work in the background may take to let go once the window is closed. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private static final int ASKED_TO_END = 130;

    private WorkbenchLauncher() {}

    /**
     * Opens the window and returns when it is closed.
     *
     * @param whenAsked takes what is to be done, on any thread, when the process is asked to end
     * @throws UnsupportedOperationException when there is no display
     */
    public static void launch(LaunchRequest request, Consumer<Runnable> whenAsked) {
        LaneTaskRunner tasks = new LaneTaskRunner(new FxUiThread());
        DeviceMaps deviceMaps = new DeviceMaps();
        whenAsked.accept(() -> stop(tasks));
        try {
            new FxToolkit().run(closed -> show(request, tasks, deviceMaps, closed));
            if (!tasks.ended(PATIENCE)) {
                // The runtime cannot be interrupted while it builds a model, and leaving in good
                // order would pull it from under that.
                Runtime.getRuntime().halt(0);
            }
            deviceMaps.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Without the toolkit, which takes itself down at the same time. */
    private static void stop(LaneTaskRunner tasks) {
        tasks.stop();
        try {
            if (!tasks.ended(PATIENCE)) {
                Runtime.getRuntime().halt(ASKED_TO_END);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void show(
            LaunchRequest request, TaskRunner tasks, DeviceMaps deviceMaps, Runnable closed) {
        Stage stage = new Stage();
        Assets assets = new Assets();
        SettingsModel settings =
                new SettingsModel(
                        new SettingsStore(
                                new SettingsFile(System.getProperties(), System.getenv()).path()));
        Optional<Path> natives =
                request.natives()
                        .or(() ->
                                new RememberedNatives(System.getProperties(), System.getenv())
                                        .folder());
        Devices devices = DeviceSetup.ofProcess(natives);
        DeviceViewModel chosen =
                new DeviceViewModel(
                        settings,
                        tasks,
                        devices,
                        request.device().orElseGet(settings.get().device()::device),
                        natives);
        SourceOptions options = SourceOptions.defaults();
        SourceOpener opener =
                onDevice(chosen, devices, deviceMaps, opener(request, settings, options));
        MapBuilder maps = MapBuilder.standard().on(deviceMaps, chosen::trouble);
        maps.startWarmUp();
        WorkbenchModel.Services services =
                new WorkbenchModel.Services(
                        tasks,
                        settings,
                        opener,
                        new FxFileDialogs(stage),
                        new SweepMaps(maps),
                        new FigureExporter(assets),
                        assets,
                        chosen);
        new Workbench(stage, services, request).show(request, closed);
    }

    /** Opens on a device. */
    private interface OptionsOpener {
        Source open(Path path, DeviceChoice choice, Progress progress);
    }

    /** Opens on the device that is asked for at that time, on which maps are made from then on. */
    private static SourceOpener onDevice(
            DeviceViewModel chosen, Devices devices, DeviceMaps maps, OptionsOpener opener) {
        AtomicReference<Device> asked = new AtomicReference<>(Device.CPU);
        chosen.askedProperty().subscribe(asked::set);
        return (path, progress) -> {
            DeviceChoice choice = devices.choose(asked.get());
            Source source = opener.open(path, choice, progress);
            maps.use(
                    source instanceof Source.ModelSource(Model model)
                            ? model.device().used()
                            : choice.used());
            return source;
        };
    }

    /** Opens with the threads of the command line until others are chosen in the settings. */
    private static OptionsOpener opener(
            LaunchRequest request, SettingsModel settings, SourceOptions standard) {
        OptionalInt asked = request.threads();
        AtomicReference<SourceOptions> options =
                new AtomicReference<>(
                        options(standard, asked.isPresent() ? asked : settings.get().threads()));
        settings.property()
                .addListener((property, old, now) -> {
                    if (!old.threads().equals(now.threads())) {
                        options.set(options(standard, now.threads()));
                    }
                });
        return (path, choice, progress) -> {
            Source source = Sources.open(path, options.get().withDevice(choice), progress);
            // Not before: it would hold the first picture up.
            standard.kernels().startWarmUp();
            return source;
        };
    }

    private static SourceOptions options(SourceOptions standard, OptionalInt threads) {
        return threads.isPresent() && ThreadBound.here().allows(threads.getAsInt())
                ? standard.withThreads(threads.getAsInt())
                : standard;
    }
}
