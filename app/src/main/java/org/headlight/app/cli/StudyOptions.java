package org.headlight.app.cli;

import org.headlight.analysis.sparse.run.SparseOptions;
import org.headlight.analysis.sparse.run.SparseStudy;
import org.headlight.engine.model.Model;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.token.Token;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.util.List;

/** How a sparse run is measured. */
final class StudyOptions {
    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    @Option(
            names = "--prompt-tokens",
            paramLabel = "P",
            description =
                    "Tokens of the text that are the prompt; the rest is the continuation on which"
                        + " the loss is measured (default: all but an eighth, at most 256; all of"
                        + " it where the model is an encoder).")
    private @Nullable Integer prompt;

    @Option(
            names = "--no-oracle",
            description = "Leaves out the best possible choice of as many pairs: faster.")
    private boolean noOracle;

    @Option(
            names = "--needle",
            paramLabel = "TEXT",
            description = "Words of the text whose keys are followed: kept or lost.")
    private @Nullable String needle;

    /** Refuses what cannot be, before anything runs. */
    void check() {
        if (prompt != null && prompt < 1) {
            throw Usage.of(spec).wrong("--prompt-tokens is " + prompt + "; expected at least 1.");
        }
        String words = needle;
        if (words != null && words.isBlank()) {
            throw Usage.of(spec).wrong(noNeedle(words));
        }
    }

    /**
     * Tokens of the prompt.
     *
     * @throws BadInputException when the text is shorter
     */
    int prompt(Model model, List<Token> tokens) {
        Integer given = prompt;
        if (given == null) {
            return SparseStudy.promptOf(model, tokens.size());
        }
        if (given > tokens.size()) {
            throw new BadInputException(
                    "A prompt of "
                            + given
                            + " tokens does not fit a text of "
                            + tokens.size()
                            + "; expected 1 to "
                            + tokens.size()
                            + ".");
        }
        return given;
    }

    /**
     * What is measured.
     *
     * @throws BadInputException when the needle is not in the text
     */
    SparseOptions options(List<Token> tokens) {
        SparseOptions all =
                noOracle
                        ? new SparseOptions(true, false, SparseOptions.ALL.needle())
                        : SparseOptions.ALL;
        String words = needle;
        return words == null ? all : all.with(place(words, tokens));
    }

    private static String noNeedle(String words) {
        return "The needle \"" + words + "\" is not in the text; give words as they stand there.";
    }

    /** The tokens that a piece of the text touches, where it stands first. */
    private static SparseOptions.Needle place(String words, List<Token> tokens) {
        StringBuilder text = new StringBuilder();
        int[] starts = new int[tokens.size() + 1];
        for (int i = 0; i < tokens.size(); i++) {
            starts[i] = text.length();
            text.append(tokens.get(i).text());
        }
        starts[tokens.size()] = text.length();
        int at = text.indexOf(words);
        if (at < 0) {
            throw new BadInputException(noNeedle(words));
        }
        int from = 0;
        while (starts[from + 1] <= at) {
            from++;
        }
        int to = from + 1;
        while (starts[to] < at + words.length()) {
            to++;
        }
        return new SparseOptions.Needle(from, to);
    }
}
