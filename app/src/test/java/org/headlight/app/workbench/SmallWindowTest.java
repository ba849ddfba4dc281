package org.headlight.app.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.stage.Stage;

import org.headlight.app.explore.SweepMaps;
import org.headlight.app.export.FigureExporter;
import org.headlight.app.open.FixedDialogs;
import org.headlight.app.reading.Reading;
import org.headlight.app.reading.ReadingsModel;
import org.headlight.app.settings.SettingsModel;
import org.headlight.app.settings.SettingsStore;
import org.headlight.app.task.FxUiThread;
import org.headlight.app.task.LaneTaskRunner;
import org.headlight.assets.Assets;
import org.headlight.engine.source.SourceOptions;
import org.headlight.engine.source.Sources;
import org.headlight.viz.raster.MapBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.framework.junit5.ApplicationTest;
import org.testfx.util.WaitForAsyncUtils;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Nothing lies outside a small window, whatever reading is chosen. */
class SmallWindowTest extends ApplicationTest {
    @TempDir static Path folder;

    @SuppressWarnings("NullAway.Init") // start() comes before every test
    private Stage window;

    @SuppressWarnings("NullAway.Init") // start() comes before every test
    private Workbench workbench;

    private final LaneTaskRunner tasks = new LaneTaskRunner(new FxUiThread());

    @Override
    public void start(Stage stage) {
        Assets assets = new Assets();
        WorkbenchModel.Services services =
                new WorkbenchModel.Services(
                        tasks,
                        new SettingsModel(new SettingsStore(folder.resolve("settings.json"))),
                        (path, progress) -> Sources.open(path, SourceOptions.defaults(), progress),
                        FixedDialogs.cancelling(),
                        new SweepMaps(MapBuilder.standard()),
                        new FigureExporter(assets),
                        assets);
        // Its own: the one that is handed in is shared by all tests and would keep the size.
        window = new Stage();
        workbench = new Workbench(window, services, LaunchRequest.empty());
        window.setX(0);
        window.setY(0);
        workbench.show(LaunchRequest.empty(), () -> {});
    }

    @AfterEach
    void close() {
        interact(window::close);
    }

    private static void until(Callable<Boolean> condition) throws TimeoutException {
        WaitForAsyncUtils.waitFor(60, TimeUnit.SECONDS, condition);
        WaitForAsyncUtils.waitForFxEvents();
    }

    private static Bounds place(Node node) {
        return node.localToScene(node.getLayoutBounds());
    }

    private void assertInside(String where, String part) {
        Node node = workbench.view().lookup(part);
        Bounds at = place(node);
        assertThat(at.getMinX()).as("left of %s, %s", part, where).isGreaterThanOrEqualTo(-0.5);
        assertThat(at.getMinY()).as("top of %s, %s", part, where).isGreaterThanOrEqualTo(-0.5);
        assertThat(at.getMaxX())
                .as("right of %s, %s", part, where)
                .isLessThanOrEqualTo(workbench.view().getWidth() + 0.5);
        assertThat(at.getMaxY())
                .as("bottom of %s, %s", part, where)
                .isLessThanOrEqualTo(workbench.view().getHeight() + 0.5);
    }

    private void assertAllInside(String where) {
        for (String part : List.of(".top-bar", ".run-button", ".generate-how", ".status-bar")) {
            assertInside(where, part);
        }
        assertInside(where, ".map-pane");
        if (workbench.view().lookup(".lower-scroll") != null) {
            assertInside(where, ".lower-scroll");
            double divider = place(workbench.view().lookup(".lower-scroll")).getMinY();
            assertThat(place(workbench.view().lookup(".map-pane")).getMaxY())
                    .as("map above the divider, %s", where)
                    .isLessThanOrEqualTo(divider + 0.5);
        }
        List<Double> ends = new ArrayList<>();
        for (Node button : workbench.view().lookupAll(".rail-button")) {
            ends.add(place(button).getMaxY());
        }
        assertThat(ends)
                .as("buttons of the rail, %s", where)
                .hasSizeGreaterThan(10)
                .allMatch(end -> end <= place(workbench.view().lookup(".status-bar")).getMinY());
    }

    @Test
    void everythingLiesInTheSmallestWindow() throws Exception {
        until(() -> workbench.model().explore().mapProperty().get() != null);
        ReadingsModel readings = workbench.view().readings();
        for (int[] size : new int[][] {{1024, 700}, {900, 600}}) {
            interact(() -> {
                window.setWidth(size[0]);
                window.setHeight(size[1]);
            });
            for (Reading reading : readings.readings()) {
                interact(() -> readings.choose(reading));
                until(() -> tasks.tasks().isEmpty());
                interact(() -> {
                    workbench.view().applyCss();
                    workbench.view().layout();
                    assertAllInside(reading.name() + " at " + size[0] + " x " + size[1]);
                });
            }
        }
    }
}
