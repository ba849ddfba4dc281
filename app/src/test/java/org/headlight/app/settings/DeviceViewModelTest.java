package org.headlight.app.settings;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.app.task.DirectTaskRunner;
import org.headlight.engine.device.AttentionPlace;
import org.headlight.engine.device.Device;
import org.headlight.engine.device.DeviceChoice;
import org.headlight.engine.device.Devices;
import org.headlight.engine.device.ElfFile;
import org.headlight.engine.device.Platform;
import org.headlight.engine.device.PlayedMachine;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

class DeviceViewModelTest {
    private static final Device.Cuda FIRST = new Device.Cuda(0);
    private static final Device.Cuda SECOND = new Device.Cuda(1);

    @TempDir Path folder;

    @SuppressWarnings("NullAway.Init") // made before every test
    private SettingsModel settings;

    @BeforeEach
    void open() {
        settings = new SettingsModel(new SettingsStore(folder.resolve("settings.json")));
    }

    private DeviceViewModel on(PlayedMachine machine, Device asked, Optional<Path> started) {
        Devices devices =
                new Devices(
                        machine,
                        device ->
                                device.index() == 0 && machine.driver().isPresent()
                                        ? Optional.empty()
                                        : Optional.of(device.label() + " cannot be used: no."),
                        "",
                        List.of());
        return new DeviceViewModel(settings, new DirectTaskRunner(), devices, asked, started);
    }

    private DeviceViewModel on(PlayedMachine machine) {
        return on(machine, Device.CPU, Optional.empty());
    }

    private Settings written() {
        return new SettingsStore(folder.resolve("settings.json")).load();
    }

    private Path natives() throws IOException {
        Path natives = Files.createDirectories(folder.resolve("natives"));
        for (String name : Platform.LINUX.natives()) {
            ElfFile.write(natives.resolve(name), List.of("libcudart.so.12"));
        }
        return natives;
    }

    @Test
    void theDevicesThatWereFoundAreNamedWithTheirMemory() {
        DeviceViewModel model = on(PlayedMachine.withGpus());
        assertThat(model.choices().stream().map(model::words))
                .containsExactly(
                        "CPU",
                        "CUDA 0 \u00b7 NVIDIA H100 80GB HBM3 \u00b7 61 of 85 GB free",
                        "CUDA 1 \u00b7 NVIDIA RTX A2000 \u00b7 6.0 GB");
    }

    @Test
    void withoutADeviceCudaIsOfferedAllTheSameAndChoosingItTellsWhyNot() {
        DeviceViewModel model = on(PlayedMachine.bare());
        assertThat(model.choices()).containsExactly(Device.CPU, FIRST);
        model.choose(FIRST);
        assertThat(model.reasonProperty().get()).isEqualTo("CUDA 0 cannot be used: no.");
        model.choose(Device.CPU);
        assertThat(model.reasonProperty().get()).isEmpty();
    }

    @Test
    void aChoiceIsToldOnceAndWritten() {
        DeviceViewModel model = on(PlayedMachine.withGpus());
        List<Device> told = new ArrayList<>();
        model.askedProperty().addListener((property, old, now) -> told.add(now));
        model.choose(SECOND);
        model.choose(SECOND);
        assertThat(told).containsExactly(SECOND);
        assertThat(written().device()).isEqualTo(new DeviceSettings(SECOND, Optional.empty()));
    }

    @Test
    void whatTheCommandLineAsksForIsNotWritten() {
        DeviceViewModel model = on(PlayedMachine.bare(), SECOND, Optional.empty());
        assertThat(model.askedProperty().get()).isEqualTo(SECOND);
        assertThat(model.choices()).containsExactly(Device.CPU, FIRST, SECOND);
        assertThat(model.reasonProperty().get()).isEqualTo("CUDA 1 cannot be used: no.");
        assertThat(written()).isEqualTo(Settings.defaults());
        model.choose(Device.CPU);
        assertThat(model.askedProperty().get()).isEqualTo(Device.CPU);
    }

    @Test
    void theChipNamesTheDeviceOfTheOpenModelAndAnotherOneThatWasAskedFor() {
        DeviceViewModel model = on(PlayedMachine.withGpus());
        assertThat(model.chipProperty().get()).isEqualTo("CPU");
        model.opened(DeviceChoice.of(FIRST), AttentionPlace::cpu);
        assertThat(model.onCuda()).isTrue();
        assertThat(model.chipProperty().get())
                .isEqualTo("CUDA 0 \u00b7 NVIDIA H100 80GB HBM3 \u00b7 61 of 85 GB free");
        model.choose(SECOND);
        model.opened(
                DeviceChoice.of(SECOND).fallenBack("CUDA 1 is not used: it is full."),
                AttentionPlace::cpu);
        assertThat(model.onCuda()).isFalse();
        assertThat(model.chipProperty().get()).isEqualTo("CPU instead of CUDA 1");
        assertThat(model.reasonProperty().get()).isEqualTo("CUDA 1 is not used: it is full.");
    }

    @Test
    void attentionThatIsNotComputedOnTheDeviceIsSaidAndLookedForAgain() {
        DeviceViewModel model = on(PlayedMachine.withGpus());
        AttentionPlace[] now = {AttentionPlace.on(FIRST, "NVIDIA H100", "")};
        model.opened(DeviceChoice.of(FIRST), () -> now[0]);
        assertThat(model.attentionProperty().get())
                .isEqualTo("Attention between the pieces is computed on CUDA 0, NVIDIA H100.");
        now[0] = AttentionPlace.on(FIRST, "NVIDIA H100", "halves");
        model.refresh();
        assertThat(model.attentionProperty().get())
                .isEqualTo(
                        "Attention between the pieces is computed on CUDA 0, NVIDIA H100, in"
                                + " halves.");
        assertThat(model.attentionAside()).isFalse();
        now[0] = AttentionPlace.instead("NVRTC is not found; install it.");
        model.refresh();
        assertThat(model.attentionAside()).isTrue();
        assertThat(model.attentionProperty().get())
                .isEqualTo(
                        "Attention between the pieces is computed by the CPU: NVRTC is not found;"
                                + " install it.");
        assertThat(model.chipProperty().get())
                .isEqualTo(
                        "CUDA 0 \u00b7 NVIDIA H100 80GB HBM3 \u00b7 61 of 85 GB free \u00b7"
                                + " attention on the CPU");
        model.opened(DeviceChoice.cpu(), AttentionPlace::cpu);
        assertThat(model.attentionProperty().get()).isEmpty();
    }

    @Test
    void theFolderIsCheckedAsItIsTypedAndWrittenWhenItIsWhole() throws IOException {
        Path natives = natives();
        DeviceViewModel model = on(PlayedMachine.bare());
        assertThat(model.checkProperty().get()).isEmpty();
        assertThat(model.completeProperty().get()).isTrue();
        model.setNatives(natives + "x");
        assertThat(model.completeProperty().get()).isFalse();
        assertThat(model.checkProperty().get()).startsWith(natives + "x does not exist; ");
        assertThat(written().device().natives()).isEmpty();
        model.setNatives(" " + natives + " ");
        assertThat(model.completeProperty().get()).isTrue();
        assertThat(model.checkProperty().get())
                .isEqualTo(
                        "All four libraries are there, for CUDA 12. It is used from the next start"
                                + " of Headlight on.");
        assertThat(written().device().natives()).hasValue(natives);
        model.setNatives("");
        assertThat(written().device().natives()).isEmpty();
    }

    @Test
    void theFolderOfThisStartIsUsedNow() throws IOException {
        Path natives = natives();
        DeviceViewModel model = on(PlayedMachine.bare(), Device.CPU, Optional.of(natives));
        assertThat(model.nativesProperty().get()).isEqualTo(natives.toString());
        assertThat(model.checkProperty().get())
                .isEqualTo("All four libraries are there, for CUDA 12.");
    }

    @Test
    void whatGoesWrongOnTheDeviceIsToldEachTime() {
        DeviceViewModel model = on(PlayedMachine.bare());
        List<String> told = new ArrayList<>();
        model.troubleProperty()
                .subscribe(sentence -> {
                    told.add(sentence);
                });
        model.trouble("It is lost.");
        model.trouble("It is lost.");
        assertThat(told).containsExactly("", "It is lost.", "", "It is lost.");
    }
}
