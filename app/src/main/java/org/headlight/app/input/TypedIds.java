package org.headlight.app.input;

import org.headlight.engine.model.ModelInfo;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.token.Token;
import org.headlight.engine.token.TokenIds;

import java.util.ArrayList;
import java.util.List;

/** Token ids typed by hand: the input of a model that comes without a tokenizer. */
final class TypedIds {
    private TypedIds() {}

    /**
     * Reads ids separated by commas, blanks or lines.
     *
     * @throws BadInputException when something is not an id of the vocabulary, or there is none
     */
    static List<Token> parse(String text, ModelInfo info) {
        List<Integer> ids = new ArrayList<>();
        for (String word : text.strip().split("[\\s,;\\[\\]]+", -1)) {
            if (!word.isEmpty()) {
                ids.add(number(word, ids.size()));
            }
        }
        if (ids.isEmpty()) {
            throw new BadInputException(
                    "There is nothing to run: this model has no tokenizer, so type token ids, such"
                            + " as 1, 17, 4.");
        }
        return new TokenIds(info.name(), info.vocabulary())
                .describe(ids.stream().mapToInt(Integer::intValue).toArray());
    }

    private static int number(String word, int position) {
        try {
            return Integer.parseInt(word);
        } catch (NumberFormatException e) {
            throw new BadInputException(
                    "\""
                            + (word.length() > 24 ? word.substring(0, 24) + "\u2026" : word)
                            + "\" at position "
                            + position
                            + " is not a token id; this model has no tokenizer, so type whole"
                            + " numbers, separated by commas or blanks.",
                    e);
        }
    }
}
