package org.headlight.analysis.heads;

import org.headlight.engine.token.Token;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where each token of a text occurs: positions with the same token form a chain from each position
 * to the one before it. Two integers a token, never N x N. Tokens whose id is unknown (negative)
 * match nothing. Immutable, thread-safe.
 */
public final class TokenIndex {
    private final int[] earlier;

    public TokenIndex(List<Token> tokens) {
        earlier = new int[tokens.size()];
        Map<Integer, Integer> last = new HashMap<>();
        for (int i = 0; i < earlier.length; i++) {
            int id = tokens.get(i).id();
            Integer before = id < 0 ? null : last.put(id, i);
            earlier[i] = before == null ? -1 : before;
        }
    }

    /** The nearest earlier position with the same token; -1 when there is none. */
    public int earlier(int position) {
        return earlier[position];
    }

    /** Number of positions. */
    public int size() {
        return earlier.length;
    }
}
