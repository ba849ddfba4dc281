package org.headlight.engine.device;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

class DevicesTest {
    private static final Device.Cuda FIRST = new Device.Cuda(0);
    private static final String NO_CUDA =
            "CUDA 0 cannot be used: the ONNX Runtime that is loaded was built without CUDA; name"
                + " the folder with the natives of onnxruntime_gpu in the settings, or by --natives"
                + " FOLDER.";

    @TempDir Path folder;

    @Test
    void theRealRuntimeWithoutCudaFallsBackToTheProcessorWithItsReason() {
        Devices devices = DeviceSetup.ofProcess(Optional.empty());
        DeviceChoice choice = devices.choose(FIRST);
        assertThat(choice).isEqualTo(new DeviceChoice(FIRST, Device.CPU, NO_CUDA));
        assertThat(choice.fellBack()).isTrue();
        assertThat(devices.choose(Device.CPU)).isEqualTo(DeviceChoice.cpu());
    }

    @Test
    void eachDeviceIsTriedOnce() {
        List<Device> tried = new ArrayList<>();
        Devices devices =
                new Devices(
                        PlayedMachine.withCuda(12),
                        device -> {
                            tried.add(device);
                            return device.index() == 0 ? Optional.empty() : Optional.of("No.");
                        },
                        "",
                        List.of());
        Device.Cuda second = new Device.Cuda(1);
        for (int i = 0; i < 2; i++) {
            assertThat(devices.choose(FIRST)).isEqualTo(DeviceChoice.of(FIRST));
            assertThat(devices.choose(second))
                    .isEqualTo(new DeviceChoice(second, Device.CPU, "No."));
        }
        assertThat(tried).containsExactly(FIRST, second);
    }

    @Test
    void aDeviceWhoseMemoryWasTakenIsTriedAgain() {
        List<String> said =
                new ArrayList<>(
                        List.of("Failed to allocate memory for requested buffer of size 4", ""));
        Devices devices =
                new Devices(
                        PlayedMachine.withCuda(12),
                        device ->
                                Optional.of(said.removeFirst())
                                        .filter(words -> !words.isEmpty())
                                        .map(words -> DeviceWords.of(device, words)),
                        "",
                        List.of());
        assertThat(devices.choose(FIRST).reason())
                .isEqualTo(
                        "CUDA 0 cannot be used: its memory is taken; end other programs that use"
                                + " it.");
        assertThat(devices.choose(FIRST)).isEqualTo(DeviceChoice.of(FIRST));
        assertThat(devices.choose(FIRST)).isEqualTo(DeviceChoice.of(FIRST));
    }

    /** The loader names the first that it misses; a person wants to install all at once. */
    @Test
    void allMissingLibrariesAreNamedAtOnce() {
        Devices devices =
                new Devices(
                        PlayedMachine.withGpus("libcuda.so.1", "libcurand.so.10"),
                        device ->
                                Optional.of(
                                        DeviceWords.missing(device, List.of("libcublasLt.so.12"))),
                        "",
                        List.of(
                                "libcublasLt.so.12",
                                "libcublas.so.12",
                                "libcurand.so.10",
                                "libcuda.so.1",
                                "libc.so.6"));
        assertThat(devices.choose(FIRST).reason())
                .isEqualTo(
                        "CUDA 0 cannot be used: the libraries libcublasLt.so.12, libcublas.so.12"
                                + " are missing; install CUDA 12 (its runtime libraries).");
    }

    @Test
    void whatToInstallIsSaidOncePerPackage() {
        assertThat(
                        DeviceWords.missing(
                                FIRST,
                                List.of("libcudart.so.13", "libcurand.so.10", "libcuda.so.1")))
                .isEqualTo(
                        "CUDA 0 cannot be used: the libraries libcudart.so.13, libcurand.so.10,"
                                + " libcuda.so.1 are missing; install CUDA 13 (its runtime"
                                + " libraries) and NVIDIA's driver.");
    }

    @Test
    void aFolderThatIsNotCompleteIsTheReasonAndIsNotUsed() {
        Properties properties = new Properties();
        properties.setProperty("os.name", "Linux");
        Devices devices = new DeviceSetup(properties).devices(Optional.of(folder));
        assertThat(devices.choose(FIRST).reason())
                .startsWith("CUDA 0 cannot be used: " + folder + " lacks libonnxruntime.so, ");
        assertThat(properties).doesNotContainKey(RuntimeLibrary.FOLDER);
    }

    @Test
    void aFolderOfLibrariesThatDoNotLoadIsNotUsedEither() throws IOException {
        for (String name : Platform.LINUX.natives()) {
            ElfFile.write(folder.resolve(name), List.of());
        }
        Properties properties = new Properties();
        properties.setProperty("os.name", "Linux");
        Devices devices = new DeviceSetup(properties).devices(Optional.of(folder));
        assertThat(devices.choose(FIRST).reason())
                .isEqualTo(
                        "CUDA 0 cannot be used: "
                                + folder.resolve("libonnxruntime.so")
                                + " cannot be loaded: it is for another system, or was not copied"
                                + " whole; copy it again.");
        assertThat(properties).doesNotContainKey(RuntimeLibrary.FOLDER);
    }

    @Test
    void nativesAreNamedBeforeTheRuntimeIsLoadedOrCountFromTheNextStartOn() {
        Properties properties = new Properties();
        RuntimeLibrary library = new RuntimeLibrary(properties);
        assertThat(library.folder()).isEmpty();
        assertThat(library.from(folder)).isEqualTo(RuntimeLibrary.Naming.USED);
        assertThat(properties).containsEntry(RuntimeLibrary.FOLDER, folder.toString());
        assertThat(library.folder()).hasValue(folder);
        properties.setProperty(RuntimeLibrary.LOADED, folder.toString());
        assertThat(library.from(folder.resolve("../" + folder.getFileName())))
                .isEqualTo(RuntimeLibrary.Naming.USED);
        assertThat(library.from(folder.resolve("other")))
                .isEqualTo(RuntimeLibrary.Naming.AT_NEXT_START);
        assertThat(library.folder()).hasValue(folder);
    }

    @Test
    void theTrialsGraphGivesTheTrueNumbersAndOthersAreNoticed() throws OrtException {
        OrtEnvironment environment = RuntimeLibrary.ofProcess().environment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
                OrtSession session = environment.createSession(TrialGraph.bytes(), options)) {
            assertThat(RuntimeTrial.difference(environment, session)).isLessThan(1e-6);
        }
        FloatBuffer wrong = FloatBuffer.allocate(TrialGraph.SIZE * TrialGraph.SIZE);
        assertThat(TrialGraph.difference(wrong)).isGreaterThan(0.05);
        wrong.put(7, Float.NaN);
        assertThat(TrialGraph.difference(wrong)).isEqualTo(Double.POSITIVE_INFINITY);
    }

    @Test
    void theProviderComputesIn32BitsAndDoesWithoutCudnnWhereThereIsNone() {
        assertThat(new CudaProvider(PlayedMachine.withCuda(12)).settings(new Device.Cuda(2)))
                .containsEntry("device_id", "2")
                .containsEntry("use_tf32", "0")
                .containsEntry("arena_extend_strategy", "kNextPowerOfTwo")
                .doesNotContainKey("enable_cudnn");
        assertThat(new CudaProvider(PlayedMachine.withGpus()).settings(FIRST))
                .containsEntry("enable_cudnn", "0");
    }

    @Test
    void thisMachineIsAskedThroughItsLoader() {
        NvidiaMachine here = NvidiaMachine.here();
        assertThat(here.has("libno-such-thing.so.7")).isFalse();
        assertThat(new NvidiaMachine(Platform.OTHER, null).driver()).isEmpty();
        here.driver()
                .ifPresent(driver ->
                        assertThat(driver.gpus().isEmpty()).isEqualTo(!driver.problem().isEmpty()));
    }

    @Test
    void memoryIsShownInGigabytes() {
        Driver driver = PlayedMachine.withGpus().driver().orElseThrow();
        assertThat(driver.gpu(0).orElseThrow().memory()).isEqualTo("61 of 85 GB free");
        assertThat(driver.gpu(1).orElseThrow().memory()).isEqualTo("6.0 GB");
    }
}
