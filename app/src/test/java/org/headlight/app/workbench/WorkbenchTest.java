package org.headlight.app.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import javafx.scene.control.ComboBox;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;

import org.headlight.app.explore.SweepMaps;
import org.headlight.app.export.FigureExporter;
import org.headlight.app.open.FileDialogs;
import org.headlight.app.settings.SettingsModel;
import org.headlight.app.settings.SettingsStore;
import org.headlight.app.task.FxUiThread;
import org.headlight.app.task.LaneTaskRunner;
import org.headlight.assets.Assets;
import org.headlight.engine.source.SourceOptions;
import org.headlight.engine.source.Sources;
import org.headlight.viz.control.grid.HeadRef;
import org.headlight.viz.raster.MapBuilder;
import org.headlight.viz.raster.Scale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.framework.junit5.ApplicationTest;
import org.testfx.util.WaitForAsyncUtils;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The real window, without a display. */
class WorkbenchTest extends ApplicationTest {
    @TempDir static Path folder;

    @SuppressWarnings("NullAway.Init") // start() comes before every test
    private WorkbenchModel model;

    private static final class Answers implements FileDialogs {
        @Override
        public Optional<Path> openSource() {
            return Optional.of(folder.resolve("wrong.onnx"));
        }

        @Override
        public Optional<Path> openFolder() {
            return Optional.empty();
        }

        @Override
        public Optional<Path> openText() {
            return Optional.empty();
        }

        @Override
        public Optional<Path> save(String suggestion, String kind, String extension) {
            return Optional.of(folder.resolve(suggestion));
        }
    }

    @Override
    public void start(Stage stage) {
        Assets assets = new Assets();
        WorkbenchModel.Services services =
                new WorkbenchModel.Services(
                        new LaneTaskRunner(new FxUiThread()),
                        new SettingsModel(new SettingsStore(folder.resolve("settings.json"))),
                        (path, progress) -> Sources.open(path, SourceOptions.defaults(), progress),
                        new Answers(),
                        new SweepMaps(MapBuilder.standard()),
                        new FigureExporter(assets),
                        assets);
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

    @Test
    void theWindowOpensOnTheExampleAndObeysItsKeys() throws Exception {
        until(() -> model.explore().mapProperty().get() != null);
        until(() -> !model.explore().computingProperty().get());
        assertThat(model.explore().title()).startsWith("L0H0 \u00b7 query \u2192 key");

        push(KeyCode.CONTROL, KeyCode.RIGHT);
        push(KeyCode.CONTROL, KeyCode.DOWN);
        push(KeyCode.L);
        push(KeyCode.S);
        WaitForAsyncUtils.waitForFxEvents();
        assertThat(model.explore().viewProperty().get().head()).isEqualTo(new HeadRef(1, 1));
        assertThat(model.explore().viewProperty().get().scale()).isEqualTo(Scale.Kind.PERCENTILE);
        until(() -> !model.explore().computingProperty().get());
        assertThat(model.explore().mapProperty().get().droppedMass()).isPositive();
        push(KeyCode.CONTROL, KeyCode.Z);
        assertThat(model.explore().viewProperty().get().dropSink()).isFalse();

        push(KeyCode.CONTROL, KeyCode.DIGIT5);
        until(() -> model.explore().dress().overlayProperty().get() != null);
        assertThat(lookup("Antidiagonal blocks").queryAll()).isNotEmpty();
        push(KeyCode.CONTROL, KeyCode.D);
        assertThat(lookup("Antidiagonal blocks").queryAll()).isEmpty();
        push(KeyCode.CONTROL, KeyCode.DIGIT1);
        assertThat(model.explore().dress().overlayProperty().get()).isNull();

        push(KeyCode.CONTROL, KeyCode.COMMA);
        assertThat(lookup("Settings").queryAll()).isNotEmpty();
        clickOn("Dark");
        assertThat(Files.readString(folder.resolve("settings.json"))).contains("\"dark\"");
        push(KeyCode.S);
        assertThat(model.explore().viewProperty().get().dropSink()).isFalse();
        push(KeyCode.ESCAPE);
        assertThat(lookup(".settings-sheet").queryAll()).isEmpty();

        interact(() -> lookup(".color-bar-upper").query().requestFocus());
        float high = model.explore().scaleProperty().get().high();
        push(KeyCode.DOWN);
        assertThat(model.explore().scaleProperty().get().high()).isLessThan(high);
        push(KeyCode.HOME);
        assertThat(model.explore().scaleProperty().get().high()).isEqualTo(high);

        Files.writeString(folder.resolve("wrong.onnx"), "not a model");
        push(KeyCode.CONTROL, KeyCode.O);
        until(() -> !model.open().problemProperty().get().isEmpty());
        assertThat(model.open().problemProperty().get()).contains("wrong.onnx");
        assertThat(model.open().openedProperty().get()).isNotNull();
        assertThat(model.explore().mapProperty().get()).isNotNull();

        push(KeyCode.CONTROL, KeyCode.E);
        ComboBox<Integer> size = lookup(".sheet .combo-box").queryComboBox();
        interact(() -> size.setValue(512));
        clickOn("Choose a file \u2026");
        Path file = folder.resolve("L1H1.png");
        until(() -> Files.exists(file));
        assertExported(PngFile.read(file));
    }

    private void assertExported(PngFile picture) throws Exception {
        Path demo = new Assets().demoModelFolder();
        Path onnx = demo.resolve("model.onnx");
        Object name = demo.getFileName();
        String hash =
                HexFormat.of()
                        .formatHex(
                                MessageDigest.getInstance("SHA-256")
                                        .digest(Files.readAllBytes(onnx)))
                        .substring(0, 12);
        int tokens = model.explore().mapProperty().get().rows();
        String scale = picture.texts().get("scale");
        assertThat(scale).startsWith("linear scale between percentiles, ");
        assertThat(picture.texts())
                .containsEntry("model", name.toString())
                .containsEntry("model-hash", hash)
                .containsEntry("head", "L1H1")
                .containsEntry("tokens", Integer.toString(tokens))
                .containsEntry("pooling", "every cell shown")
                .containsEntry("sink", "sink kept")
                .containsEntry("command", model.command().orElseThrow());
        assertThat(picture.texts().get("Description"))
                .startsWith(
                        "%s (SHA-256 %s) \u00b7 L1H1 \u00b7 %d tokens"
                                .formatted(name, hash, tokens))
                .contains("every cell shown", scale);
        // Whole pixels a cell, as many as fit into the 512 that were chosen.
        assertThat(tokens).isBetween(2, 511);
        assertThat(picture.coloredColumns()).isEqualTo(tokens * (512 / tokens));
        assertThat(picture.image().getHeight()).isGreaterThan(tokens * (512 / tokens));
        assertThat(picture.colors()).isGreaterThan(100);
    }
}
