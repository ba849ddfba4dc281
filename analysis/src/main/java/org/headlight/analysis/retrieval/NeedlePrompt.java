package org.headlight.analysis.retrieval;

import org.headlight.engine.token.Token;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What the model reads in a trial.
 *
 * @param tokens the whole prompt
 * @param needleStart position of the needle's first token
 * @param needleEnd position after its last
 */
public record NeedlePrompt(List<Token> tokens, int needleStart, int needleEnd) {
    public NeedlePrompt {
        tokens = List.copyOf(tokens);
        if (needleStart < 0 || needleEnd <= needleStart || needleEnd > tokens.size()) {
            throw new IllegalArgumentException(
                    "needle [" + needleStart + ", " + needleEnd + ") in " + tokens.size());
        }
    }

    /** The ids of the needle's tokens: the set k of the paper. */
    public Set<Integer> needleIds() {
        Set<Integer> ids = new HashSet<>();
        tokens.subList(needleStart, needleEnd).forEach(token -> ids.add(token.id()));
        return ids;
    }
}
