package org.headlight.app.settings;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.OptionalInt;

class SettingsViewModelTest {
    @TempDir Path folder;

    @SuppressWarnings("NullAway.Init") // made before every test
    private SettingsModel settings;

    @BeforeEach
    void open() {
        settings = new SettingsModel(new SettingsStore(folder.resolve("settings.json")));
    }

    private SettingsViewModel sheet() {
        return new SettingsViewModel(
                settings, choice -> settings.change(now -> now.withTheme(choice)), 3);
    }

    private Settings written() {
        return new SettingsStore(folder.resolve("settings.json")).load();
    }

    @Test
    void aChoiceIsShownAndWrittenAtOnce() {
        SettingsViewModel sheet = sheet();
        sheet.chooseTheme(ThemeChoice.DARK);
        sheet.chooseThreads(OptionalInt.of(2));
        assertThat(sheet.themeProperty().get()).isEqualTo(ThemeChoice.DARK);
        assertThat(sheet.threadsProperty().get()).isEqualTo(OptionalInt.of(2));
        assertThat(written().theme()).isEqualTo(ThemeChoice.DARK);
        assertThat(written().threads()).isEqualTo(OptionalInt.of(2));
        sheet.chooseThreads(OptionalInt.empty());
        assertThat(written().threads()).isEmpty();
        assertThat(written().theme()).isEqualTo(ThemeChoice.DARK);
    }

    @Test
    void theThreadsToChooseFromAreAutomaticAndOneToTheProcessors() {
        SettingsViewModel sheet = sheet();
        assertThat(sheet.threadChoices().stream().map(sheet::words))
                .containsExactly("Automatic (3)", "1", "2", "3");
    }

    @Test
    void aNumberAboveTheProcessorsStaysAmongTheChoicesUpToFourAProcessor() {
        settings.change(now -> now.withThreads(OptionalInt.of(12)));
        SettingsViewModel sheet = sheet();
        assertThat(sheet.threadChoices().stream().map(sheet::words))
                .containsExactly("Automatic (3)", "1", "2", "3", "12");
        assertThat(sheet.threadsProperty().get()).hasValue(12);
    }

    @Test
    void aNumberThatOnlyALargerMachineMakesSenseOfIsAutomatic() {
        settings.change(now -> now.withThreads(OptionalInt.of(13)));
        SettingsViewModel sheet = sheet();
        assertThat(sheet.threadChoices().stream().map(sheet::words))
                .containsExactly("Automatic (3)", "1", "2", "3");
        assertThat(sheet.threadsProperty().get()).isEmpty();
        assertThat(written().threads()).hasValue(13);
    }
}
