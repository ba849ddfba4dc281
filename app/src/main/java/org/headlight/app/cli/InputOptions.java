package org.headlight.app.cli;

import org.headlight.assets.Assets;
import org.headlight.engine.model.Model;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.token.Token;
import org.headlight.engine.token.TokenIds;
import org.headlight.engine.token.Tokenizer;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The input of a model: a text or token ids, given or in a file. */
final class InputOptions {
    /** A comma, with or without white space around it, or white space alone. */
    private static final Pattern SEPARATOR = Pattern.compile("\\s*,\\s*|\\s+");

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
    }

    boolean present() {
        return given != null;
    }

    /** The file that is read; empty when the input is on the command line. */
    Optional<Path> file() {
        return Optional.ofNullable(given)
                .map(input -> input.textFile == null ? input.tokensFile : input.textFile);
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
        Given input = given;
        if (input == null) {
            if (demo) {
                return text(model, new Assets().texts().getFirst().text());
            }
            throw new ParameterException(
                    commandLine(),
                    model.info().name()
                            + " is a model and needs something to run: give it --text TEXT,"
                            + " --text-file FILE, --tokens 1,2,3 or --tokens-file FILE.");
        }
        if (input.text != null) {
            return text(model, input.text);
        }
        if (input.textFile != null) {
            return text(model, read(input.textFile));
        }
        if (input.tokens != null) {
            return ids(
                    model,
                    input.tokens,
                    bad -> new ParameterException(commandLine(), "--tokens: " + bad));
        }
        Path file = Objects.requireNonNull(input.tokensFile);
        return ids(model, read(file), bad -> new BadInputException(file + ": " + bad));
    }

    /** The tokens of a text. */
    static List<Token> text(Model model, String text) {
        Tokenizer tokenizer =
                model.tokenizer()
                        .orElseThrow(() ->
                                new BadInputException(
                                        model.info().name()
                                                + " has no tokenizer.json beside it, so a"
                                                + " text cannot be turned into tokens; put"
                                                + " the file there, or give --tokens"
                                                + " 1,2,3."));
        List<Token> tokens = tokenizer.encode(text);
        if (text.isEmpty() || tokens.isEmpty()) {
            throw new BadInputException(
                    "The text is empty: it has no tokens to run; give at least one word.");
        }
        return tokens;
    }

    /** The tokens with the ids that a text lists. */
    static List<Token> ids(Model model, String text, Function<String, RuntimeException> failure) {
        if (text.isBlank()) {
            throw failure.apply("there are no token ids; expected whole numbers such as 1,2,3.");
        }
        List<Integer> ids = new ArrayList<>();
        for (String part : SEPARATOR.split(text.strip(), -1)) {
            ids.add(id(part, ids.size(), failure));
        }
        int[] array = ids.stream().mapToInt(Integer::intValue).toArray();
        return model.tokenizer()
                .map(tokenizer -> tokenizer.describe(array))
                .orElseGet(() ->
                        new TokenIds(
                                        String.valueOf(model.info().file().getFileName()),
                                        model.info().vocabulary())
                                .describe(array));
    }

    private static int id(String part, int position, Function<String, RuntimeException> failure) {
        try {
            return Integer.parseInt(part);
        } catch (NumberFormatException e) {
            String what =
                    part.isEmpty()
                            ? "there is no token id at position " + position
                            : "\"" + part + "\" at position " + position + " is not a token id";
            throw failure.apply(what + "; expected whole numbers such as 1,2,3.");
        }
    }

    /** A text file, in UTF-8. */
    static String read(Path file) {
        if (Files.isDirectory(file)) {
            throw new BadInputException(file + " is a folder; give the path of a text file.");
        }
        try {
            String text = Files.readString(file);
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new BadInputException(file + " is not UTF-8 text; save it as UTF-8.", e);
        } catch (IOException e) {
            throw new BadInputException(
                    file
                            + (Files.exists(file)
                                    ? " cannot be read; check that you may read it."
                                    : " does not exist; give the path of a text file."),
                    e);
        }
    }
}
