package org.headlight.app.cli;

import com.google.gson.JsonObject;

import org.headlight.assets.Assets;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.device.AttentionPlace;
import org.headlight.engine.device.Device;
import org.headlight.engine.device.DeviceChoice;
import org.headlight.engine.model.DeviceMaps;
import org.headlight.engine.model.Model;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.source.Source;
import org.headlight.engine.source.SourceOptions;
import org.headlight.engine.source.Sources;
import org.headlight.engine.task.Progress;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.function.Supplier;

/** What a command works on. */
final class SourceArgument {
    @Parameters(
            paramLabel = "SOURCE",
            description =
                    "A model folder, an .onnx file, a capture or dump (.safetensors, .npy, .npz),"
                            + " or demo for the embedded example.")
    private Path source = Path.of("");

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads of the runtime (default: one a processor).")
    private @Nullable Integer threads;

    @Mixin private DeviceOptions device = new DeviceOptions();

    private DeviceChoice used = DeviceChoice.cpu();
    private Supplier<AttentionPlace> attention = AttentionPlace::cpu;
    private Device mapsOn = Device.CPU;

    Path path() {
        return source;
    }

    boolean demo() {
        return source.toString().equals("demo");
    }

    int threads() {
        return threads == null ? Runtime.getRuntime().availableProcessors() : threads;
    }

    Source open(InputOptions usage, Progress progress) {
        return open(usage.commandLine(), progress);
    }

    Source open(picocli.CommandLine command, Progress progress) {
        Threads.check(threads, command);
        Path path = demo() ? new Assets().demoModelFolder() : source;
        CommandContext context = Headlight.contextOf(command);
        DeviceChoice choice = device.choose(context);
        Source opened =
                Sources.open(
                        path,
                        SourceOptions.defaults().withThreads(threads()).withDevice(choice),
                        progress);
        if (opened instanceof Source.ModelSource(Model model)) {
            used = model.device();
            attention = model::attention;
        }
        mapsOn = opened instanceof Source.ModelSource ? used.used() : choice.used();
        if (used.fellBack()) {
            context.err().println(used.reason() + " The CPU is used.");
        } else if (attention.get().fellBack()) {
            context.err().println("Attention runs on the CPU: " + attention.get().reason());
        }
        return opened;
    }

    /**
     * Opens the source as a model.
     *
     * @param not what is said of a capture or dump: why it will not do, and what to do
     * @throws BadInputException when the source is no model
     */
    Model openModel(picocli.CommandLine command, Progress progress, String not) {
        return switch (open(command, progress)) {
            case Source.ModelSource(Model model) -> model;
            case Source.CaptureSource(Capture capture) -> {
                capture.close();
                throw new BadInputException(source + " is a capture or dump" + not);
            }
        };
    }

    /**
     * Pools large maps on the device that the model ran on; of a capture, on the one that was asked
     * for. Whoever asks closes it.
     */
    DeviceMaps maps() {
        DeviceMaps maps = new DeviceMaps();
        maps.use(mapsOn);
        return maps;
    }

    /**
     * A document with the device that its model ran on, and what computes attention between its
     * pieces.
     */
    JsonObject told(JsonObject document) {
        document.addProperty("device", used.used().word());
        if (used.fellBack()) {
            document.addProperty("deviceAsked", used.asked().word());
            document.addProperty("deviceReason", used.reason());
        } else if (!used.used().equals(Device.CPU)) {
            AttentionPlace place = attention.get();
            document.addProperty("attentionDevice", place.device().word());
            document.addProperty("attentionNumbers", place.numbers());
            if (place.fellBack()) {
                document.addProperty("attentionReason", place.reason());
            }
        }
        return document;
    }

    /** The capture of the source: run now, or read from its file. */
    Capture capture(InputOptions input, Progress progress) {
        Source opened = open(input, progress.part(0, 0.3));
        if (opened instanceof Source.CaptureSource(Capture capture)) {
            if (input.present()) {
                capture.close();
                throw new ParameterException(
                        input.commandLine(),
                        source
                                + " is a capture or dump and has its tokens inside; leave out"
                                + " --text, --text-file, --tokens and --tokens-file.");
            }
            return capture;
        }
        Model model = ((Source.ModelSource) opened).model();
        try (model) {
            return model.capture(input.tokens(model, demo()), progress.part(0.3, 1));
        }
    }
}
