package org.headlight.app.settings;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.engine.device.Device;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;

class SettingsStoreTest {
    @TempDir Path folder;

    @Test
    void whatIsSavedIsLoadedAgain() throws IOException {
        SettingsStore store = new SettingsStore(folder.resolve("deep/settings.json"));
        Settings settings =
                new Settings(
                        ThemeChoice.DARK,
                        OptionalInt.of(3),
                        List.of(Path.of("a b", "model.onnx")),
                        new WindowSize(1024, 700, true),
                        new PaneSizes(300, false, 250, true, 220, false),
                        new WritingChoice(128, 0.7, 40, 0.95, 7),
                        new DeviceSettings(
                                new Device.Cuda(1), Optional.of(Path.of("n a", "tives"))));
        store.save(settings);
        assertThat(store.load()).isEqualTo(settings);
        assertThat(folder.resolve("deep")).isDirectoryContaining(f -> f.endsWith("settings.json"));
        try (var files = Files.list(folder.resolve("deep"))) {
            assertThat(files).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[1, 2]",
                "{\"version\": 99, \"theme\": \"dark\"}",
                "{\"version\": \"1\", \"theme\": \"dark\"}",
                "{\"version\": 1, \"theme\": {\"a\": 1}, \"threads\": -4, \"recent\": 7,"
                        + " \"window\": [], \"panes\": {\"headsWidth\": 1e99}}",
                "{\"version\": 1, \"window\": {\"width\": -1, \"height\": \"x\"}}",
                "{\"version\": 1, \"recent\": [{}, null]",
                "{\"version\": 1, \"device\": \"tpu\", \"natives\": {}}",
                "{\"version\": 1, \"device\": 3, \"natives\": [\"a\"]}",
                "{\"version\": 1, \"writing\": {\"maxTokens\": 0, \"temperature\": -1,"
                        + " \"topK\": -3, \"topP\": 0, \"seed\": 1e10}}",
                "{\"version\": 1, \"writing\": {\"maxTokens\": 1e7, \"temperature\": 5.1,"
                        + " \"topK\": \"x\", \"topP\": 1.1, \"seed\": -1}}",
            })
    void aHostileFileGivesTheDefaults(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("settings.json"), text);
        assertThat(new SettingsStore(file).load()).isEqualTo(Settings.defaults());
    }

    @Test
    void theNewestRecentSourceStandsFirstAndOnlyOnce() {
        Settings settings = Settings.defaults();
        for (int i = 0; i < 15; i++) {
            settings = settings.withRecent(Path.of("m" + i));
        }
        settings = settings.withRecent(Path.of("m10"));
        assertThat(settings.recent()).hasSize(10).startsWith(Path.of("m10"), Path.of("m14"));
    }

    @Test
    void thePropertyNamesTheFile() {
        Properties properties = new Properties();
        properties.setProperty("headlight.settings", "here.json");
        assertThat(new SettingsFile(properties, Map.of()).path()).isEqualTo(Path.of("here.json"));
        properties.remove("headlight.settings");
        properties.setProperty("os.name", "Linux");
        assertThat(new SettingsFile(properties, Map.of("XDG_CONFIG_HOME", "/c")).path())
                .isEqualTo(Path.of("/c/headlight/settings.json"));
    }
}
