package org.headlight.app.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;

import org.headlight.app.explore.MapShow;
import org.headlight.app.explore.SweepMaps;
import org.headlight.app.open.FixedDialogs;
import org.headlight.app.settings.SettingsModel;
import org.headlight.app.settings.SettingsStore;
import org.headlight.app.task.FxUiThread;
import org.headlight.app.task.LaneTaskRunner;
import org.headlight.assets.Assets;
import org.headlight.engine.source.SourceOptions;
import org.headlight.engine.source.Sources;
import org.headlight.viz.chart.FrontierChart;
import org.headlight.viz.raster.MapBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.framework.junit5.ApplicationTest;
import org.testfx.util.WaitForAsyncUtils;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Sparse runs in the real window, without a display. */
class SparseWindowTest extends ApplicationTest {
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

    private void until(Callable<Boolean> condition) throws TimeoutException {
        WaitForAsyncUtils.waitFor(60, TimeUnit.SECONDS, condition);
        WaitForAsyncUtils.waitForFxEvents();
    }

    private boolean says(String text) {
        return lookup(node -> node instanceof Label label && text.equals(label.getText()))
                .queryAll()
                .stream()
                .anyMatch(Node::isVisible);
    }

    @Test
    void aRunLaysItsMaskOverTheMapAndTheFrontierGrows() throws Exception {
        until(() -> model.explore().mapProperty().get() != null);
        push(KeyCode.CONTROL, KeyCode.DIGIT8);
        until(() -> says("Sparse attention"));
        assertThat(model.explore().dress().overlayProperty().get()).isNull();

        clickOn(".sparse-run");
        until(() -> model.explore().dress().overlayProperty().get() != null);
        assertThat(says("density")).isTrue();
        clickOn("difference");
        until(() -> model.explore().dress().insteadProperty().get() != null);
        MapShow shown = model.explore().dress().insteadProperty().get();
        assertThat(shown).isNotNull();
        assertThat(shown.signed()).isTrue();
        assertThat(lookup(".map-title").<Label>query().getText()).startsWith("sparse \u2212 dense");
        push(KeyCode.CONTROL, KeyCode.DOWN);
        until(() -> {
            MapShow next = model.explore().dress().insteadProperty().get();
            return next != null && !next.equals(shown);
        });

        clickOn("Frontier");
        clickOn(".sparse-sweep");
        FrontierChart chart = lookup(".frontier-chart").query();
        until(() -> chart.isVisible() && !chart.getAccessibleText().startsWith("0 "));
        clickOn("Cancel");
        until(() -> lookup(".reading-work").queryAll().stream().noneMatch(Node::isVisible));
        interact(chart::requestFocus);
        push(KeyCode.RIGHT);
        assertThat(chart.getAccessibleHelp()).contains("(").contains(", ");
        push(KeyCode.ENTER);
        assertThat(chart.chosenProperty().get()).isEqualTo(chart.hoveredProperty().get());

        push(KeyCode.CONTROL, KeyCode.DIGIT1);
        assertThat(model.explore().dress().overlayProperty().get()).isNull();
        assertThat(model.explore().dress().insteadProperty().get()).isNull();
    }
}
