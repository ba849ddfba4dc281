package org.headlight.app.cli;

import ai.onnxruntime.OrtEnvironment;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.sun.management.OperatingSystemMXBean;

import org.headlight.assets.Assets;
import org.headlight.engine.device.Devices;
import org.headlight.engine.device.RuntimeLibrary;
import org.headlight.engine.problem.Problem;
import org.headlight.engine.source.Source;
import org.headlight.engine.source.SourceOptions;
import org.headlight.engine.source.Sources;
import org.headlight.engine.task.Progress;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/** Looks at the machine and says what is there and what is missing. */
@Command(name = "doctor", description = "Shows what was found on this machine and what is missing.")
final class DoctorCommand implements Callable<Integer> {
    private final CommandContext context;

    @Mixin private CommonOptions common = new CommonOptions();
    @Mixin private NativesOption natives = new NativesOption();

    DoctorCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        // Before the runtime is first used: it tells where its libraries come from.
        Devices devices = natives.devices(context);
        List<String> missing = new ArrayList<>();
        JsonObject json = new JsonObject();
        json.addProperty("headlight", Version.number());
        json.addProperty("java", Runtime.version().toString());
        json.addProperty("javaHome", System.getProperty("java.home"));
        json.addProperty(
                "system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        json.addProperty("processors", Runtime.getRuntime().availableProcessors());
        json.addProperty("vectors", vectors(missing));
        json.addProperty("heapBytes", Runtime.getRuntime().maxMemory());
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean os) {
            json.addProperty("memoryBytes", os.getTotalMemorySize());
            json.addProperty("freeMemoryBytes", os.getFreeMemorySize());
        }
        json.addProperty(
                "display", new Display(context.environment(), System.getProperties()).present());
        runtime(json, missing);
        example(json, missing);
        CudaReport cuda = new CudaReport(devices, natives.folder(context));
        JsonArray array = new JsonArray();
        missing.forEach(array::add);
        json.add("missing", array);
        if (common.json()) {
            json.add("cuda", cuda.json());
            Json.print(json, context.out());
        } else {
            json.entrySet().stream()
                    .filter(e -> !e.getKey().equals("missing"))
                    .forEach(e ->
                            context.out()
                                    .println(
                                            String.format(
                                                    Locale.ROOT,
                                                    "%-16s %s",
                                                    e.getKey(),
                                                    plain(e.getValue().toString()))));
            cuda.lines().forEach(context.out()::println);
            missing.forEach(m -> context.out().println("missing: " + m));
            cuda.install().forEach(line -> context.out().println("to install, " + line));
        }
        return 0;
    }

    private static String plain(String json) {
        return json.replaceAll("[\"\\[\\]]", "").replace(",", ", ");
    }

    private static String vectors(List<String> missing) {
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
            return jdk.incubator.vector.FloatVector.SPECIES_PREFERRED.vectorBitSize() + " bits";
        }
        missing.add(
                "the Vector API: start Java with --add-modules jdk.incubator.vector; the slower"
                        + " scalar kernels are used");
        return "none";
    }

    private static void runtime(JsonObject json, List<String> missing) {
        try {
            JsonArray providers = new JsonArray();
            OrtEnvironment.getAvailableProviders()
                    .forEach(p -> providers.add(new JsonPrimitive(p.getName())));
            OrtEnvironment environment = RuntimeLibrary.ofProcess().environment();
            json.addProperty("onnxRuntime", environment.getVersion());
            json.add("providers", providers);
        } catch (UnsatisfiedLinkError | NoClassDefFoundError | IllegalStateException e) {
            json.add("providers", new JsonArray());
            missing.add("the native library of ONNX Runtime: " + e.getMessage());
        }
    }

    private static void example(JsonObject json, List<String> missing) {
        try (Source source =
                Sources.open(
                        new Assets().demoModelFolder(), SourceOptions.defaults(), Progress.NONE)) {
            json.addProperty("example", source.name() + " opens");
        } catch (Problem e) {
            missing.add("the embedded example: " + e.getMessage());
        }
    }
}
