package org.headlight.engine.token;

import org.headlight.engine.problem.BadInputException;

import java.util.ArrayList;
import java.util.List;

/**
 * Tokens of a model without a tokenizer: each is named by its id.
 *
 * @param owner whose vocabulary it is, for messages, such as "model.onnx"
 * @param vocabulary number of ids; 0 when unknown: then only negative ids are refused
 */
public record TokenIds(String owner, int vocabulary) {

    /**
     * The tokens with the given ids.
     *
     * @throws BadInputException when an id is outside the vocabulary
     */
    public List<Token> describe(int[] ids) {
        List<Token> tokens = new ArrayList<>(ids.length);
        for (int i = 0; i < ids.length; i++) {
            check(i, ids[i]);
            tokens.add(new Token(i, ids[i], "#" + ids[i], false));
        }
        return List.copyOf(tokens);
    }

    /**
     * Refuses an id that is outside the vocabulary.
     *
     * @param position where it stands in the input
     * @throws BadInputException when it is
     */
    public void check(int position, int id) {
        if (id < 0 || (vocabulary > 0 && id >= vocabulary)) {
            throw new BadInputException(
                    "Token "
                            + id
                            + " at position "
                            + position
                            + " is outside the vocabulary of "
                            + owner
                            + (vocabulary > 0
                                    ? "; use ids from 0 to " + (vocabulary - 1) + "."
                                    : "; ids start at 0."));
        }
    }
}
