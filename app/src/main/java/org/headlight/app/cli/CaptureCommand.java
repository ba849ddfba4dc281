package org.headlight.app.cli;

import com.google.gson.JsonObject;

import org.headlight.engine.capture.Capture;
import org.headlight.engine.dump.CaptureFiles;
import org.headlight.engine.problem.BadInputException;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;

/** Runs a model once and keeps what the maps are made from. */
@Command(
        name = "capture",
        description = "Runs a model and writes its queries, keys and values to a file.",
        footer = {
            "",
            "The file is safetensors: NumPy, PyTorch and others open it.",
            "",
            "Example:",
            "  headlight capture demo --text \"one two one two\" --out two.safetensors"
        })
final class CaptureCommand implements Callable<Integer> {
    private final CommandContext context;

    @Spec private CommandSpec spec;
    @Mixin private SourceArgument source = new SourceArgument();
    @Mixin private InputOptions input = new InputOptions();
    @Mixin private CommonOptions common = new CommonOptions();

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description = "The file to write, *.safetensors.")
    private Path out = Path.of("");

    @SuppressWarnings("NullAway.Init")
    CaptureCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (!out.toString().toLowerCase(Locale.ROOT).endsWith(".safetensors")) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--out "
                            + out
                            + ": a capture is a safetensors file; give the file the ending"
                            + " .safetensors.");
        }
        OutputFile file = new OutputFile(out);
        file.check(source, input.file());
        file.checkReplacesOnlyACapture();
        try (CommandProgress progress = common.progress(context);
                Capture capture = source.capture(input, progress.part(0, 0.7))) {
            CaptureFiles.write(capture, out, progress.part(0.7, 1));
            progress.clear();
            report(capture.tokens().size(), size());
        }
        return 0;
    }

    private long size() {
        try {
            return Files.size(out);
        } catch (IOException e) {
            throw new BadInputException(out + " went away while it was written.", e);
        }
    }

    private void report(int tokens, long bytes) {
        if (common.json()) {
            JsonObject json = new JsonObject();
            json.addProperty("file", out.toString());
            json.addProperty("tokens", tokens);
            json.addProperty("bytes", bytes);
            Json.print(source.told(json), context.out());
        } else {
            context.out()
                    .println(
                            String.format(
                                    Locale.ROOT, "%s: %,d tokens, %,d bytes", out, tokens, bytes));
        }
    }
}
