package org.headlight.app.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;

import org.headlight.engine.dump.CaptureFiles;
import org.headlight.engine.generate.GeneratedToken;
import org.headlight.engine.generate.Generation;
import org.headlight.engine.generate.GenerationListener;
import org.headlight.engine.generate.GenerationOptions;
import org.headlight.engine.generate.Sampling;
import org.headlight.engine.generate.StopReason;
import org.headlight.engine.model.Model;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.problem.CancelledException;
import org.headlight.engine.task.Progress;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;

/** Lets a model write. */
@Command(
        name = "generate",
        description = "Lets a model write on from a prompt, token by token.",
        footer = {
            "",
            "The text goes to standard output as it is written. Ctrl-C keeps what is there: it is",
            "printed, and written to --out, and the exit status is 130. So it is where the model",
            "cannot go on, with the reason and the exit status 3.",
            "",
            "Examples:",
            "  headlight generate demo --prompt \"It was\" --max-tokens 40",
            "  headlight generate DIR --prompt-file a.txt --temperature 0.8 --top-p 0.95 --seed 7",
            "  headlight generate demo --max-tokens 20 --out written.safetensors"
        })
final class GenerateCommand implements Callable<Integer> {
    private final CommandContext context;

    @Spec private CommandSpec spec;
    @Mixin private SourceArgument source = new SourceArgument();
    @Mixin private PromptOptions prompt = new PromptOptions();
    @Mixin private SamplingOptions sampling = new SamplingOptions();
    @Mixin private CommonOptions common = new CommonOptions();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Writes the attention over prompt and response too, *.safetensors.")
    private @Nullable Path out;

    @SuppressWarnings("NullAway.Init")
    GenerateCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        GenerationOptions options = sampling.options();
        checkOut();
        try (CommandProgress progress = common.progress(context);
                Model model = model(progress.part(0, 0.3));
                Generation done = write(model, options, progress)) {
            boolean cancelled = done.stop() == StopReason.CANCELLED;
            Path file = out;
            if (file != null) {
                CaptureFiles.write(
                        done.capture(), file, cancelled ? Progress.NONE : progress.part(0.9, 1));
            }
            progress.clear();
            if (common.json()) {
                Json.print(source.told(json(model, done, options)), context.out());
            } else {
                context.out().println();
                if (context.terminal()) {
                    context.err().println(summary(done));
                }
            }
            done.problem()
                    .ifPresent(why -> {
                        throw new BadInputException(why);
                    });
            return cancelled ? new CancelledException().exitStatus() : 0;
        }
    }

    private void checkOut() {
        Path file = out;
        if (file == null) {
            return;
        }
        if (!file.toString().toLowerCase(Locale.ROOT).endsWith(".safetensors")) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--out "
                            + file
                            + ": a capture is a safetensors file; give the file the ending"
                            + " .safetensors.");
        }
        OutputFile output = new OutputFile(file);
        output.check(source, prompt.file());
        output.checkReplacesOnlyACapture();
    }

    private Model model(Progress progress) {
        return source.openModel(
                prompt.commandLine(), progress, ", which cannot write text; open a model.");
    }

    private Generation write(Model model, GenerationOptions options, CommandProgress progress) {
        GivenInput.checkWrites(model);
        return model.generate(
                prompt.tokens(model, source.demo()),
                options,
                common.json() ? GenerationListener.NONE : streaming(model, progress),
                common.json() ? progress.part(0.3, 0.9) : untilItWrites(progress));
    }

    /** Progress that falls silent before the text starts. */
    private static Progress untilItWrites(CommandProgress progress) {
        Progress part = progress.part(0.3, 0.9);
        return new Progress() {
            private boolean writing;

            @Override
            public void at(double fraction, String stage) {
                writing |= fraction > 0;
                if (!writing) {
                    part.at(fraction, stage);
                }
            }

            @Override
            public boolean cancelled() {
                return part.cancelled();
            }
        };
    }

    private GenerationListener streaming(Model model, CommandProgress progress) {
        boolean words = model.tokenizer().isPresent();
        return new GenerationListener() {
            @Override
            public void token(GeneratedToken token) {
                progress.clear();
                rest(words ? token.text() : token.token().id() + " ");
            }

            @Override
            public void rest(String text) {
                context.out().print(text);
                context.out().flush();
            }
        };
    }

    private static String summary(Generation done) {
        int count = done.response().size();
        return String.format(
                Locale.ROOT,
                "%,d %s after %,d of prompt, %.1f a second; ended by: %s.",
                count,
                count == 1 ? "token" : "tokens",
                done.promptTokens(),
                done.stepsPerSecond(),
                done.stop().words());
    }

    private JsonObject json(Model model, Generation done, GenerationOptions options) {
        JsonObject json = new JsonObject();
        json.addProperty("source", model.info().name());
        json.addProperty("promptTokens", done.promptTokens());
        JsonArray tokens = new JsonArray();
        JsonArray logProbabilities = new JsonArray();
        for (GeneratedToken token : done.response()) {
            tokens.add(token.token().id());
            logProbabilities.add(Json.number(token.logProbability()));
        }
        json.add("tokens", tokens);
        json.add(
                "text",
                model.tokenizer().isPresent() ? new JsonPrimitive(done.text()) : JsonNull.INSTANCE);
        json.addProperty("stopReason", done.stop().key());
        done.problem().ifPresent(why -> json.addProperty("problem", why));
        json.add("logProbabilities", logProbabilities);
        json.add("promptSeconds", Json.number(done.promptSeconds()));
        json.add("seconds", Json.number(done.stepSeconds()));
        json.add("stepsPerSecond", Json.number(done.stepsPerSecond()));
        Sampling drawn = options.sampling();
        json.addProperty("maxTokens", options.maxTokens());
        json.addProperty("temperature", drawn.temperature());
        json.addProperty("topK", drawn.topK());
        json.addProperty("topP", drawn.topP());
        json.addProperty("seed", drawn.seed());
        if (out != null) {
            json.addProperty("file", String.valueOf(out));
        }
        return json;
    }
}
