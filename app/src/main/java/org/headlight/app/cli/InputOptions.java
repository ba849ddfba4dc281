package org.headlight.app.cli;

import org.headlight.assets.Assets;
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

/** The input of a model: a text or token ids, given or in a file. */
final class InputOptions {
    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    @ArgGroup(exclusive = true, multiplicity = "0..1")
    private @Nullable Given given;

    /** Exactly one of these. */
    static final class Given {
        @Option(names = "--text", paramLabel = "TEXT", description = "The text to run.")
        private @Nullable String text;

        @Option(
                names = "--text-file",
                paramLabel = "FILE",
                description = "The file with the text to run, in UTF-8.")
        private @Nullable Path textFile;

        @Option(names = "--tokens", paramLabel = "IDS", description = "Token ids to run, as 1,2,3.")
        private @Nullable String tokens;

        @Option(
                names = "--tokens-file",
                paramLabel = "FILE",
                description = "The file with token ids, separated by commas or white space.")
        private @Nullable Path tokensFile;

        GivenInput input() {
            return new GivenInput(text, textFile, tokens, tokensFile);
        }
    }

    boolean present() {
        return given != null;
    }

    /** The file that is read; empty when the input is on the command line. */
    Optional<Path> file() {
        return Optional.ofNullable(given).flatMap(options -> options.input().file());
    }

    CommandLine commandLine() {
        return Objects.requireNonNull(spec).commandLine();
    }

    /**
     * The tokens to run.
     *
     * @param demo whether the model is the embedded example, which has texts of its own
     */
    List<Token> tokens(Model model, boolean demo) {
        GivenInput.checkReads(model);
        Given input = given;
        if (input != null) {
            return input.input().tokens(model, commandLine());
        }
        if (demo) {
            return GivenInput.ofText(new Assets().texts().getFirst().text())
                    .tokens(model, commandLine());
        }
        throw new ParameterException(
                commandLine(),
                model.info().name()
                        + " is a model and needs something to run: give it --text TEXT,"
                        + " --text-file FILE, --tokens 1,2,3 or --tokens-file FILE.");
    }
}
