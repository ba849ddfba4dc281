package org.headlight.app.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;

import org.headlight.engine.device.CudaLibraries;
import org.headlight.engine.device.Device;
import org.headlight.engine.device.Devices;
import org.headlight.engine.device.Driver;
import org.headlight.engine.device.Gpu;
import org.headlight.engine.device.GpuMachine;
import org.headlight.engine.device.NativeVersion;
import org.headlight.engine.device.NativesCheck;
import org.headlight.engine.device.NativesFolder;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What was found of CUDA on a machine, whether its devices work, and what to install. */
final class CudaReport {
    private final GpuMachine machine;
    private final Optional<Driver> driver;
    private final Optional<NativesFolder> natives;
    private final NativesCheck check;
    private final List<CudaLibraries> versions;
    private final List<Trial> trials = new ArrayList<>();

    /** What became of a device. */
    private record Trial(Device.Cuda device, Optional<Gpu> gpu, String reason) {
        boolean works() {
            return reason.isEmpty();
        }

        String words() {
            String name =
                    gpu.map(found ->
                                    found.name()
                                            + ", compute capability "
                                            + found.capability()
                                            + ", "
                                            + found.memory()
                                            + "; ")
                            .orElse("");
            return name + (works() ? "a trial run gave the right numbers" : reason);
        }

        JsonObject json() {
            JsonObject json = new JsonObject();
            json.addProperty("device", device.word());
            gpu.ifPresent(found -> {
                json.addProperty("name", found.name());
                json.addProperty("computeCapability", found.capability());
                json.addProperty("memoryBytes", found.totalBytes());
                json.add("freeMemoryBytes", JsonNull.INSTANCE);
                found.freeBytes().ifPresent(bytes -> json.addProperty("freeMemoryBytes", bytes));
            });
            json.addProperty("works", works());
            json.addProperty("reason", reason);
            return json;
        }
    }

    /**
     * Looks, and tries each device; or the first one, where none was found.
     *
     * @param folder the natives that were named
     */
    CudaReport(Devices devices, Optional<Path> folder) {
        machine = devices.machine();
        driver = machine.driver();
        natives = folder.map(path -> new NativesFolder(path, machine.platform()));
        check = natives.map(NativesFolder::check).orElse(NativesCheck.NONE);
        versions =
                check.cudaVersion().map(List::of).orElse(CudaLibraries.VERSIONS).stream()
                        .map(version -> new CudaLibraries(machine.platform(), version))
                        .toList();
        List<Gpu> gpus = driver.map(Driver::gpus).orElse(List.of());
        for (Gpu gpu : gpus) {
            trials.add(trial(devices, gpu.device(), Optional.of(gpu)));
        }
        if (gpus.isEmpty()) {
            trials.add(trial(devices, new Device.Cuda(0), Optional.empty()));
        }
    }

    private static Trial trial(Devices devices, Device.Cuda device, Optional<Gpu> gpu) {
        return new Trial(device, gpu, devices.refusal(device).orElse(""));
    }

    /** What to install or to do for CUDA, a line each; empty where all is there. */
    List<String> install() {
        if (driver.isEmpty()) {
            return List.of(
                    "for CUDA: a GPU of NVIDIA and NVIDIA's driver; without them models run on the"
                            + " CPU");
        }
        List<String> lines = new ArrayList<>();
        if (driver.get().gpus().isEmpty()) {
            lines.add("for CUDA: NVIDIA's driver anew, since " + driver.get().problem());
        }
        if (natives.isEmpty()) {
            lines.add(
                    "for CUDA: the natives of onnxruntime_gpu (CUDA 12), or of a build for CUDA 13:"
                            + " unpack them and name their folder by --natives, by"
                            + " HEADLIGHT_NATIVES, or in the settings of the window");
        } else if (!check.complete()) {
            lines.add("for CUDA: natives that are complete: " + check.sentence());
        }
        check.cudaVersion().ifPresent(version -> checkDriver(version, lines));
        CudaLibraries best = best();
        libraries(best, CudaLibraries.Use.PROVIDER)
                .ifPresent(names ->
                        lines.add("for CUDA: CUDA " + best.version() + " (" + names + ")"));
        libraries(best, CudaLibraries.Use.CUDNN)
                .ifPresent(names ->
                        lines.add(
                                (loadsWith("cudnn")
                                                ? "for CUDA: cuDNN 9 for CUDA "
                                                : "for models with convolutions on CUDA: cuDNN 9"
                                                        + " for CUDA ")
                                        + best.version()));
        libraries(best, CudaLibraries.Use.KERNELS)
                .ifPresent(names ->
                        lines.add(
                                "for Headlight's own attention on CUDA: NVRTC of CUDA "
                                        + best.version()));
        return lines;
    }

    /** Whether the natives do not load at all without a library, as builds for CUDA 13 do not. */
    private boolean loadsWith(String library) {
        return check.needed().stream().anyMatch(file -> file.contains(library));
    }

    private void checkDriver(int version, List<String> lines) {
        String runs = driver.map(Driver::cuda).orElse("");
        int most = runs.isEmpty() ? version : Integer.parseInt(runs.split("\\.", -1)[0]);
        if (most < version) {
            lines.add(
                    "for CUDA: a newer driver of NVIDIA: the natives are for CUDA "
                            + version
                            + ", this one runs CUDA up to "
                            + runs);
        }
    }

    /** The version that the natives are for; otherwise the one that most is there of. */
    private CudaLibraries best() {
        CudaLibraries best = versions.getFirst();
        for (CudaLibraries other : versions) {
            best = found(other) > found(best) ? other : best;
        }
        return best;
    }

    private long found(CudaLibraries version) {
        return version.all().stream().filter(library -> machine.has(library.file())).count();
    }

    /** Names of the libraries for a use that are not there; empty when all are. */
    private Optional<String> libraries(CudaLibraries version, CudaLibraries.Use use) {
        String names =
                version.all().stream()
                        .filter(library -> library.use() == use)
                        .filter(library -> !machine.has(library.file()))
                        .map(CudaLibraries.Library::name)
                        .collect(Collectors.joining(", "));
        return names.isEmpty() ? Optional.empty() : Optional.of(names);
    }

    /** For people, a fact a line. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(line("driver", driver.map(CudaReport::words).orElse("none of NVIDIA")));
        lines.add(line("natives", natives.map(f -> f.path() + ": " + said()).orElse("none named")));
        for (CudaLibraries version : versions) {
            if (driver.isPresent() || found(version) > 0) {
                lines.add(line("cuda " + version.version(), words(version)));
            }
        }
        for (Trial trial : trials) {
            lines.add(line(trial.device.word(), trial.words()));
        }
        return lines;
    }

    private static String line(String key, String value) {
        return String.format(Locale.ROOT, "%-16s %s", key, value);
    }

    private String said() {
        return check.sentence()
                + version().map(number -> " ONNX Runtime " + number + ".").orElse("");
    }

    private Optional<String> version() {
        return check.complete()
                ? natives.flatMap(folder ->
                        NativeVersion.of(
                                folder.path().resolve(machine.platform().natives().getFirst())))
                : Optional.empty();
    }

    private static String words(Driver driver) {
        List<String> parts = new ArrayList<>();
        parts.add(driver.version().isEmpty() ? "version unknown" : driver.version());
        if (!driver.cuda().isEmpty()) {
            parts.add("runs CUDA up to " + driver.cuda());
        }
        if (!driver.problem().isEmpty()) {
            parts.add(driver.problem());
        }
        return String.join(", ", parts);
    }

    private String words(CudaLibraries version) {
        return version.all().stream()
                .map(library -> library.name() + (machine.has(library.file()) ? "" : " (missing)"))
                .collect(Collectors.joining(", "));
    }

    /** The same for machines. */
    JsonObject json() {
        JsonObject json = new JsonObject();
        json.add("driver", driver.<JsonElement>map(CudaReport::json).orElse(JsonNull.INSTANCE));
        JsonObject folder = new JsonObject();
        natives.ifPresent(named -> {
            folder.addProperty("folder", named.path().toString());
            folder.addProperty("complete", check.complete());
            folder.addProperty("check", check.sentence());
            folder.addProperty("version", version().orElse(""));
            JsonArray needs = new JsonArray();
            check.needed().forEach(needs::add);
            folder.add("needs", needs);
        });
        json.add("natives", natives.isPresent() ? folder : JsonNull.INSTANCE);
        JsonArray libraries = new JsonArray();
        for (CudaLibraries version : versions) {
            for (CudaLibraries.Library library : version.all()) {
                JsonObject one = new JsonObject();
                one.addProperty("name", library.name());
                one.addProperty("file", library.file());
                one.addProperty("cuda", version.version());
                one.addProperty("found", machine.has(library.file()));
                libraries.add(one);
            }
        }
        json.add("libraries", libraries);
        JsonArray devices = new JsonArray();
        trials.forEach(trial -> devices.add(trial.json()));
        json.add("devices", devices);
        JsonArray install = new JsonArray();
        install().forEach(install::add);
        json.add("install", install);
        return json;
    }

    private static JsonObject json(Driver driver) {
        JsonObject json = new JsonObject();
        json.addProperty("version", driver.version());
        json.addProperty("cuda", driver.cuda());
        json.addProperty("problem", driver.problem());
        return json;
    }
}
