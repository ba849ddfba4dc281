package org.headlight.app.cli;

import org.headlight.engine.model.Model;
import org.headlight.engine.token.Token;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What a model writes on from: a text or token ids, given or in a file. */
final class PromptOptions {
    /** A question that the embedded example answers. */
    private static final String SAMPLE =
            "The secret number of the gray castle is 4821. Anna went out into the garden and looked"
                    + " at the sky for a long time.\n"
                    + "Question: What is the secret number of the gray castle? Answer:";

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    @ArgGroup(exclusive = true, multiplicity = "0..1")
    private @Nullable Given given;

    /** Exactly one of these. */
    static final class Given {
        @Option(names = "--prompt", paramLabel = "TEXT", description = "The text to write on from.")
        private @Nullable String prompt;

        @Option(
                names = "--prompt-file",
                paramLabel = "FILE",
                description = "The file with the text to write on from, in UTF-8.")
        private @Nullable Path promptFile;

        @Option(
                names = "--tokens",
                paramLabel = "IDS",
                description = "Token ids to write on from, as 1,2,3.")
        private @Nullable String tokens;

        @Option(
                names = "--tokens-file",
                paramLabel = "FILE",
                description = "The file with token ids, separated by commas or white space.")
        private @Nullable Path tokensFile;

        GivenInput input() {
            return new GivenInput(prompt, promptFile, tokens, tokensFile);
        }
    }

    /** The file that is read; empty when the prompt is on the command line. */
    Optional<Path> file() {
        return Optional.ofNullable(given).flatMap(options -> options.input().file());
    }

    CommandLine commandLine() {
        return Objects.requireNonNull(spec).commandLine();
    }

    /**
     * The tokens to write on from.
     *
     * @param demo whether the model is the embedded example, which has a text of its own
     */
    List<Token> tokens(Model model, boolean demo) {
        Given input = given;
        if (input != null) {
            return input.input().tokens(model, commandLine());
        }
        if (demo) {
            return GivenInput.ofText(SAMPLE).tokens(model, commandLine());
        }
        throw new ParameterException(
                commandLine(),
                model.info().name()
                        + " needs something to write on from: give it --prompt TEXT,"
                        + " --prompt-file FILE, --tokens 1,2,3 or --tokens-file FILE.");
    }
}
