package org.headlight.app.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import org.headlight.app.cli.bench.CudaMapRun;
import org.headlight.app.cli.bench.CudaRun;
import org.headlight.engine.cuda.CudaDriver;
import org.headlight.engine.cuda.CudaMaps;
import org.headlight.engine.cuda.DeviceAttention;
import org.headlight.engine.cuda.Nvrtc;
import org.headlight.engine.device.Device;
import org.headlight.engine.device.DeviceChoice;
import org.headlight.engine.device.RuntimeLibrary;
import org.headlight.engine.problem.TooLargeException;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The part of the command that measures attention on a GPU. */
final class CudaBench {
    /** Tokens, where none are asked for. */
    static final List<Integer> LENGTHS = List.of(8192, 32768, 131072);

    private static final int HEADS = 32;
    private static final List<Integer> KEY_HEADS = List.of(32, 8);

    @Option(
            names = "--gpu",
            paramLabel = "N",
            defaultValue = "0",
            description = "cuda, devices: the number of the GPU (default: ${DEFAULT-VALUE}).")
    private int gpu;

    @Option(
            names = "--nvrtc",
            paramLabel = "FOLDER",
            description =
                    "cuda: where CUDA's run-time compiler lies, if not where the system looks.")
    private @Nullable Path folder;

    @Mixin private NativesOption natives = new NativesOption();

    /** The GPU that is asked for, tried. */
    DeviceChoice choose(CommandContext context) {
        natives.check();
        return natives.devices(context).choose(new Device.Cuda(gpu));
    }

    void run(CommandContext context, CommonOptions common, List<Integer> lengths) {
        JsonObject document = new JsonObject();
        CudaDriver driver = CudaDriver.open(gpu);
        natives.check();
        // The rival's libraries have to be named before the runtime is first used.
        natives.devices(context);
        RuntimeLibrary.ofProcess().environment();
        Nvrtc compiler =
                Nvrtc.open(
                        Optional.ofNullable(folder).or(() -> natives.folder(context)),
                        driver.cudaVersion());
        JsonArray all = new JsonArray();
        try (DeviceAttention attention = new DeviceAttention(driver, compiler);
                CommandProgress progress = common.progress(context)) {
            CudaRun run = new CudaRun(attention, gpu);
            JsonObject limits = run.limits();
            limits.addProperty("compiler", compiler.description());
            document.add("limits", limits);
            int done = 0;
            for (int tokens : lengths) {
                for (int keyHeads : KEY_HEADS) {
                    progress.at(
                            (double) done++ / (lengths.size() * KEY_HEADS.size()),
                            tokens + " tokens, " + HEADS + " heads over " + keyHeads);
                    all.add(measured(run, tokens, keyHeads, limits, progress));
                }
            }
            progress.clear();
        }
        document.add("cuda", all);
        JsonArray maps = new JsonArray();
        try (CudaMaps pooler = new CudaMaps(CudaDriver.open(gpu), compiler, 0);
                CommandProgress progress = common.progress(context)) {
            CudaMapRun run = new CudaMapRun(pooler);
            lengths.forEach(tokens -> maps.add(run.run(tokens, progress)));
            progress.clear();
        }
        document.add("maps", maps);
        if (common.json()) {
            Json.print(document, context.out());
        } else {
            print(document, context);
            printMaps(document, context);
        }
    }

    /** A length; or why it is left out, where it does not fit the device. */
    private static JsonObject measured(
            CudaRun run, int tokens, int keyHeads, JsonObject limits, CommandProgress progress) {
        try {
            return run.run(tokens, HEADS, keyHeads, limits, progress);
        } catch (TooLargeException e) {
            return CudaRun.missing(tokens, HEADS, keyHeads, String.valueOf(e.getMessage()));
        }
    }

    private static void print(JsonObject document, CommandContext context) {
        JsonObject limits = document.getAsJsonObject("limits");
        context.out()
                .println(
                        limits.get("device").getAsString()
                                + ": copies "
                                + Table.number(limits.get("copyBytesPerSecond").getAsDouble() / 1e9)
                                + " GB/s, products "
                                + Table.number(limits.get("productsPerSecond").getAsDouble() / 1e12)
                                + " TFLOP/s; "
                                + limits.get("compiler").getAsString());
        Table table =
                new Table(
                        "tokens", "heads", "what", "density", "select ms", "attend ms", "x floor");
        for (JsonElement shape : document.getAsJsonArray("cuda")) {
            JsonObject json = shape.getAsJsonObject();
            for (JsonElement element : json.getAsJsonArray("rows")) {
                line(table, json, element.getAsJsonObject());
            }
        }
        table.print(context.out());
        context.out()
                .println(
                        "Data are made up so that few places hold most of the attention; floor:"
                                + " bytes over the copy's rate or operations over the products'"
                                + " rate, times the density.");
    }

    private static void printMaps(JsonObject document, CommandContext context) {
        Table table = new Table("tokens", "map ms", "x floor", "processor ms", "difference");
        for (JsonElement element : document.getAsJsonArray("maps")) {
            JsonObject json = element.getAsJsonObject();
            table.row(
                    json.get("tokens").getAsString(),
                    number(json, "deviceMillis"),
                    number(json, "overFloor"),
                    number(json, "processorMillis"),
                    number(json, "largestDifference"));
        }
        table.print(context.out());
        context.out()
                .println(
                        "The exact map of one head, width 128, causal, in floats: queries and keys"
                                + " sent and pixels fetched; floor: operations over the rate of"
                                + " the device's cores.");
    }

    private static void line(Table table, JsonObject shape, JsonObject row) {
        boolean missing = row.has("missing");
        table.row(
                shape.get("tokens").getAsString(),
                shape.get("heads").getAsString() + "/" + shape.get("keyHeads").getAsString(),
                row.get("name").getAsString()
                        + (missing ? ": " + row.get("missing").getAsString() : ""),
                number(row, "density"),
                number(row, "selectMillis"),
                number(row, "attendMillis"),
                number(row, "overFloor"));
    }

    private static String number(JsonObject row, String key) {
        return row.has(key) ? Table.number(row.get(key).getAsDouble()) : Table.number(Double.NaN);
    }
}
