package org.headlight.app.generate;

import org.headlight.engine.token.Token;

import java.util.List;

/**
 * A text that is being written.
 *
 * @param tokens prompt and response so far; empty while nothing is written
 * @param responseFrom position of the first token of the response
 */
public record Written(List<Token> tokens, int responseFrom) {
    static final Written NOTHING = new Written(List.of(), 0);

    public Written {
        tokens = List.copyOf(tokens);
    }

    /** Whether a text is being written. */
    public boolean present() {
        return !tokens.isEmpty();
    }
}
