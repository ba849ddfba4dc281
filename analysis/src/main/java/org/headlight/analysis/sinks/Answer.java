package org.headlight.analysis.sinks;

import org.headlight.engine.token.Token;

import java.util.List;

/**
 * What a model writes next, greedily.
 *
 * @param tokens the tokens
 * @param text what they stand for
 */
public record Answer(List<Token> tokens, String text) {
    public Answer {
        tokens = List.copyOf(tokens);
    }
}
