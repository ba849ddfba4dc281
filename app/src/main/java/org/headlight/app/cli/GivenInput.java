package org.headlight.app.cli;

import org.headlight.engine.model.Model;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.token.Token;
import org.headlight.engine.token.TokenIds;
import org.headlight.engine.token.Tokenizer;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

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

/**
 * A text or token ids, given on the command line or in a file: exactly one of the four.
 *
 * @param text the text
 * @param textFile the file with the text
 * @param tokens ids as 1,2,3
 * @param tokensFile the file with ids
 */
record GivenInput(
        @Nullable String text,
        @Nullable Path textFile,
        @Nullable String tokens,
        @Nullable Path tokensFile) {
    /** A comma, with or without white space around it, or white space alone. */
    private static final Pattern SEPARATOR = Pattern.compile("\\s*,\\s*|\\s+");

    static GivenInput ofText(String text) {
        return new GivenInput(text, null, null, null);
    }

    /** The file that is read; empty when the input is on the command line. */
    Optional<Path> file() {
        return Optional.ofNullable(textFile == null ? tokensFile : textFile);
    }

    /**
     * The tokens.
     *
     * @param command whose usage is wrong where ids on the command line are none
     */
    List<Token> tokens(Model model, CommandLine command) {
        if (text != null) {
            return tokens(model, text);
        }
        if (textFile != null) {
            return tokens(model, read(textFile));
        }
        if (tokens != null) {
            return ids(model, tokens, bad -> new ParameterException(command, "--tokens: " + bad));
        }
        Path file = Objects.requireNonNull(tokensFile);
        return ids(model, read(file), bad -> new BadInputException(file + ": " + bad));
    }

    /**
     * Refuses a model that no tokens run, before it is asked how they are given.
     *
     * @throws BadInputException with what it needs
     */
    static void checkReads(Model model) {
        if (!model.needs().isEmpty()) {
            throw new BadInputException(
                    model.info().file().getFileName()
                            + " needs "
                            + String.join(" and ", model.needs())
                            + ", which tokens cannot give; open a model that reads text.");
        }
    }

    /**
     * Refuses a model that cannot write on.
     *
     * @throws BadInputException with the reason
     */
    static void checkWrites(Model model) {
        model.cannotGenerate()
                .ifPresent(why -> {
                    throw new BadInputException(why);
                });
    }

    /** The tokens of a text. */
    static List<Token> tokens(Model model, String text) {
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
    private static List<Token> ids(
            Model model, String text, Function<String, RuntimeException> failure) {
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
