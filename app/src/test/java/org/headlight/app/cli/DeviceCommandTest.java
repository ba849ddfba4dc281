package org.headlight.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import org.headlight.engine.device.Device;
import org.headlight.engine.device.Devices;
import org.headlight.engine.device.ElfFile;
import org.headlight.engine.device.NativesFolder;
import org.headlight.engine.device.Platform;
import org.headlight.engine.device.PlayedMachine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Devices on the command line: choosing one, falling back, and the doctor on played machines. */
class DeviceCommandTest {
    private static final String NO_CUDA =
            "CUDA 0 cannot be used: the ONNX Runtime that is loaded was built without CUDA; name"
                + " the folder with the natives of onnxruntime_gpu in the settings, or by --natives"
                + " FOLDER.";

    @TempDir Path folder;

    /** Natives for a version of CUDA, whole by their heads. */
    private Path natives(int version) throws IOException {
        for (String name : Platform.LINUX.natives()) {
            ElfFile.write(
                    folder.resolve(name),
                    List.of("libcublas.so." + version, "libcudart.so." + version));
        }
        return folder;
    }

    /** Runs on a machine, of which the devices in {@code works} work. */
    private static CommandRun run(PlayedMachine machine, List<Integer> works, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status =
                Headlight.run(
                        List.of(args),
                        new CommandContext(
                                new PrintStream(out, true, StandardCharsets.UTF_8),
                                new PrintStream(err, true, StandardCharsets.UTF_8),
                                false,
                                Map.of(),
                                new Interrupt(),
                                natives -> devices(machine, works, natives),
                                request -> {
                                    throw new AssertionError("no window was asked for");
                                }));
        return new CommandRun(
                status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static Devices devices(
            PlayedMachine machine, List<Integer> works, Optional<Path> natives) {
        return new Devices(
                machine,
                device ->
                        works.contains(device.index())
                                ? Optional.empty()
                                : Optional.of(device.label() + " cannot be used: it is played."),
                "",
                natives.map(path -> new NativesFolder(path, machine.platform()).check().needed())
                        .orElse(List.of()));
    }

    private static JsonObject doctor(PlayedMachine machine, List<Integer> works, String... more) {
        String[] args = new String[more.length + 2];
        args[0] = "doctor";
        args[1] = "--json";
        System.arraycopy(more, 0, args, 2, more.length);
        return run(machine, works, args).json().getAsJsonObject("cuda");
    }

    private static List<String> install(JsonObject cuda) {
        return cuda.getAsJsonArray("install").asList().stream()
                .map(line -> line.getAsString())
                .toList();
    }

    @Test
    void withoutCudaTheAnswerComesFromTheProcessorAndSaysWhy() {
        CommandRun run =
                CommandRun.of("heads", "demo", "--text", "a b", "--device", "cuda:0", "--json");
        assertThat(run.status()).isZero();
        assertThat(run.err().lines()).containsExactly(NO_CUDA + " The CPU is used.");
        JsonObject json = JsonParser.parseString(run.out()).getAsJsonObject();
        assertThat(json.getAsJsonArray("heads")).hasSize(24);
        assertThat(json.get("device").getAsString()).isEqualTo("cpu");
        assertThat(json.get("deviceAsked").getAsString()).isEqualTo("cuda:0");
        assertThat(json.get("deviceReason").getAsString()).isEqualTo(NO_CUDA);
    }

    /** There is nothing to compare then, and that is no success. */
    @Test
    void aDeviceThatCannotBeUsedIsNotComparedWithTheProcessor() {
        CommandRun.of("bench", "devices").assertFailed(3, NO_CUDA);
    }

    @Test
    void theProcessorIsTheDefaultAndIsNamedInTheAnswer() {
        for (List<String> device : List.of(List.<String>of(), List.of("--device", "CPU"))) {
            List<String> args = new java.util.ArrayList<>(List.of("inspect", "demo", "--json"));
            args.addAll(device);
            JsonObject json = CommandRun.of(args.toArray(String[]::new)).json();
            assertThat(json.get("device").getAsString()).isEqualTo("cpu");
            assertThat(json.has("deviceReason")).isFalse();
        }
    }

    @Test
    void aDeviceThatIsNoneIsWrongUsage() {
        CommandRun.of("inspect", "demo", "--device", "gpu")
                .assertFailed(
                        2,
                        "Invalid value for option '--device': The device \"gpu\" is not known;"
                                + " expected cpu, cuda or cuda:N.");
    }

    @Test
    void nativesThatAreNotCompleteAreBadInput() {
        CommandRun.of("inspect", "demo", "--device", "cuda", "--natives", "nowhere")
                .assertFailed(
                        3,
                        "--natives: nowhere does not exist; name the folder that holds"
                                + " libonnxruntime.so and libonnxruntime_providers_cuda.so.");
    }

    @Test
    void aDeviceOfAnotherNumberFallsBackByItself() {
        CommandRun run =
                run(PlayedMachine.withCuda(12), List.of(0), "inspect", "demo", "--device=cuda:1");
        assertThat(run.status()).isZero();
        assertThat(run.err().strip())
                .isEqualTo("CUDA 1 cannot be used: it is played. The CPU is used.");
    }

    @Test
    void theDoctorOfABareMachineAsksForADriverAlone() {
        JsonObject cuda = doctor(PlayedMachine.bare(), List.of());
        assertThat(cuda.get("driver").isJsonNull()).isTrue();
        assertThat(cuda.get("natives").isJsonNull()).isTrue();
        assertThat(install(cuda))
                .containsExactly(
                        "for CUDA: a GPU of NVIDIA and NVIDIA's driver; without them models run on"
                                + " the CPU");
        assertThat(run(PlayedMachine.bare(), List.of(), "doctor").out().lines())
                .contains(
                        "driver           none of NVIDIA",
                        "natives          none named",
                        "cuda:0           CUDA 0 cannot be used: it is played.")
                .noneMatch(line -> line.contains("cuBLAS"));
    }

    @Test
    void theDoctorOfAMachineWithCuda12HasNothingToInstall() throws IOException {
        String named = natives(12).toString();
        JsonObject cuda = doctor(PlayedMachine.withCuda(12), List.of(0), "--natives", named);
        assertThat(install(cuda)).isEmpty();
        JsonObject driver = cuda.getAsJsonObject("driver");
        assertThat(driver.get("version").getAsString()).isEqualTo("550.54.15");
        assertThat(driver.get("cuda").getAsString()).isEqualTo("12.4");
        JsonObject first = cuda.getAsJsonArray("devices").get(0).getAsJsonObject();
        assertThat(first.get("name").getAsString()).isEqualTo("NVIDIA H100 80GB HBM3");
        assertThat(first.get("memoryBytes").getAsLong()).isEqualTo(85_000_000_000L);
        assertThat(first.get("freeMemoryBytes").getAsLong()).isEqualTo(61_200_000_000L);
        assertThat(first.get("works").getAsBoolean()).isTrue();
        JsonObject second = cuda.getAsJsonArray("devices").get(1).getAsJsonObject();
        assertThat(second.get("works").getAsBoolean()).isFalse();
        assertThat(second.get("freeMemoryBytes").isJsonNull()).isTrue();
        assertThat(run(PlayedMachine.withCuda(12), List.of(0), "doctor", "--natives", named).out())
                .contains(
                        "driver           550.54.15, runs CUDA up to 12.4\n",
                        "natives          "
                                + named
                                + ": All four libraries are there, for CUDA 12.\n",
                        "cuda 12          cudart, cuBLAS, cuBLASLt, cuRAND, cuDNN, cuFFT, NVRTC\n",
                        "cuda:0           NVIDIA H100 80GB HBM3, compute capability 9.0, 61 of 85"
                                + " GB free; a trial run gave the right numbers\n",
                        "cuda:1           NVIDIA RTX A2000, compute capability 8.6, 6.0 GB; CUDA 1"
                                + " cannot be used: it is played.\n")
                .doesNotContain("to install");
    }

    @Test
    void nativesThatDoNotLoadWithoutCudnnAskForItWhateverTheModel() throws IOException {
        List<String> needed = List.of("libcudart.so.12", "libcudnn.so.9");
        Path natives = natives(12);
        ElfFile.write(natives.resolve("libonnxruntime_providers_cuda.so"), needed);
        PlayedMachine without =
                PlayedMachine.withGpus(
                        "libcuda.so.1",
                        "libcudart.so.12",
                        "libcublas.so.12",
                        "libcublasLt.so.12",
                        "libcurand.so.10",
                        "libcufft.so.11",
                        "libnvrtc.so.12");
        assertThat(install(doctor(without, List.of(), "--natives", natives.toString())))
                .containsExactly("for CUDA: cuDNN 9 for CUDA 12");
        natives(12);
        assertThat(install(doctor(without, List.of(), "--natives", natives.toString())))
                .containsExactly("for models with convolutions on CUDA: cuDNN 9 for CUDA 12");
    }

    @Test
    void nativesForANewerCudaThanTheDriverAskForADriver() throws IOException {
        JsonObject cuda =
                doctor(PlayedMachine.withCuda(13), List.of(), "--natives", natives(13).toString());
        assertThat(install(cuda))
                .containsExactly(
                        "for CUDA: a newer driver of NVIDIA: the natives are for CUDA 13, this one"
                                + " runs CUDA up to 12.4");
    }

    @Test
    void aDriverWithoutLibrariesAsksForEachPackageOnce() throws IOException {
        JsonObject cuda =
                doctor(
                        PlayedMachine.withGpus("libcuda.so.1"),
                        List.of(),
                        "--natives",
                        natives(12).toString());
        assertThat(install(cuda))
                .containsExactly(
                        "for CUDA: CUDA 12 (cudart, cuBLAS, cuBLASLt, cuRAND)",
                        "for models with convolutions on CUDA: cuDNN 9 for CUDA 12",
                        "for Headlight's own attention on CUDA: NVRTC of CUDA 12");
    }

    @Test
    void aMachineWithoutCudnnAndNativesAsksForThose() {
        List<String> libraries = new java.util.ArrayList<>(PlayedMachine.withCuda(13).libraries());
        libraries.remove("libcudnn.so.9");
        JsonObject cuda =
                doctor(PlayedMachine.withGpus(libraries.toArray(String[]::new)), List.of());
        assertThat(install(cuda))
                .containsExactly(
                        "for CUDA: the natives of onnxruntime_gpu (CUDA 12), or of a build for CUDA"
                                + " 13: unpack them and name their folder by --natives, by"
                                + " HEADLIGHT_NATIVES, or in the settings of the window",
                        "for models with convolutions on CUDA: cuDNN 9 for CUDA 13");
        assertThat(cuda.getAsJsonArray("libraries")).hasSize(14);
    }

    @Test
    void everyCommandThatOpensAModelTakesADevice() {
        for (String command :
                List.of(
                        "inspect",
                        "capture",
                        "map",
                        "heads",
                        "sinks",
                        "xattention",
                        "influence",
                        "rhythm",
                        "generate",
                        "retrieval",
                        "sparse",
                        "frontier",
                        "demo")) {
            assertThat(CommandRun.of(command, "--help").out())
                    .as(command)
                    .contains("--device=NAME", "--natives=FOLDER");
        }
        assertThat(Device.parse("cuda")).isEqualTo(new Device.Cuda(0));
    }
}
