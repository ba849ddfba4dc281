package org.headlight.analysis.influence;

import org.headlight.engine.token.Token;

import java.util.List;

/**
 * One sample of the key-value task, with its answer.
 *
 * @param tokens prompt and answer
 * @param answerFrom position of the first token of the answer; it goes to the end
 * @param valueFrom position in the JSON of the first token of the value that is asked for
 * @param pairs keys of the JSON
 */
public record KeyValueSample(List<Token> tokens, int answerFrom, int valueFrom, int pairs) {

    /** Tokens of the answer, and of the value in the JSON. */
    public int answerLength() {
        return tokens.size() - answerFrom;
    }
}
