package org.headlight.app.settings;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class SettingsModelTest {
    @TempDir Path folder;

    private SettingsModel model(String file) {
        return new SettingsModel(new SettingsStore(folder.resolve(file)));
    }

    @Test
    void everyChangeIsToldAndKnownToTheNextLaunch() {
        SettingsModel model = model("settings.json");
        List<ThemeChoice> told = new ArrayList<>();
        model.property().addListener((property, old, now) -> told.add(now.theme()));
        assertThat(model.get()).isEqualTo(Settings.defaults());
        model.change(now -> now.withTheme(ThemeChoice.DARK));
        model.change(now -> now.withWindow(new WindowSize(1000, 700, true)));
        assertThat(told).containsExactly(ThemeChoice.DARK, ThemeChoice.DARK);
        Settings next = model("settings.json").get();
        assertThat(next.theme()).isEqualTo(ThemeChoice.DARK);
        assertThat(next.window()).isEqualTo(new WindowSize(1000, 700, true));
    }

    @Test
    void aChangeThatChangesNothingWritesNothing() {
        SettingsModel model = model("settings.json");
        model.change(now -> now.withTheme(now.theme()));
        assertThat(folder.resolve("settings.json")).doesNotExist();
    }

    @Test
    void settingsThatCannotBeWrittenHoldForThisLaunch() throws IOException {
        Files.writeString(folder.resolve("taken"), "a file where the folder should be");
        SettingsModel model = model("taken/settings.json");
        model.change(now -> now.withTheme(ThemeChoice.LIGHT));
        assertThat(model.get().theme()).isEqualTo(ThemeChoice.LIGHT);
        assertThat(model("taken/settings.json").get()).isEqualTo(Settings.defaults());
    }
}
