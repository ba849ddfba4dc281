package org.headlight.app.workbench;

import javafx.stage.Stage;

import org.headlight.app.explore.SweepMaps;
import org.headlight.app.open.FixedDialogs;
import org.headlight.app.settings.SettingsModel;
import org.headlight.app.settings.SettingsStore;
import org.headlight.app.task.FxUiThread;
import org.headlight.app.task.LaneTaskRunner;
import org.headlight.assets.Assets;
import org.headlight.engine.source.SourceOptions;
import org.headlight.engine.source.Sources;
import org.headlight.viz.raster.MapBuilder;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.framework.junit5.ApplicationTest;
import org.testfx.util.WaitForAsyncUtils;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The real window on the embedded example, without a display, which nothing is exported from. */
abstract class WindowTest extends ApplicationTest {
    private static final int SECONDS = 60;

    @TempDir static Path folder;

    @SuppressWarnings("NullAway.Init") // start() comes before every test
    private WorkbenchModel model;

    @Override
    public void start(Stage stage) {
        WorkbenchModel.Services services =
                new WorkbenchModel.Services(
                        new LaneTaskRunner(new FxUiThread()),
                        new SettingsModel(new SettingsStore(folder.resolve("settings.json"))),
                        (path, progress) -> Sources.open(path, SourceOptions.defaults(), progress),
                        FixedDialogs.cancelling(),
                        new SweepMaps(MapBuilder.standard()),
                        (kind, spec, target, progress) -> {},
                        new Assets());
        Workbench workbench = new Workbench(stage, services, LaunchRequest.empty());
        model = workbench.model();
        stage.setX(0);
        stage.setY(0);
        workbench.show(LaunchRequest.empty(), () -> {});
    }

    /** What the window shows. */
    final WorkbenchModel model() {
        return model;
    }

    /** Waits until something is so. */
    static void until(Callable<Boolean> condition) throws TimeoutException {
        WaitForAsyncUtils.waitFor(SECONDS, TimeUnit.SECONDS, condition);
        WaitForAsyncUtils.waitForFxEvents();
    }
}
