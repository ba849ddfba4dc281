package org.headlight.analysis.heads;

import org.headlight.engine.token.Token;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where each token of a text occurs: positions with the same token form a chain from each position
 * to the one before it. A few numbers a token, never N x N. Tokens whose id is unknown (negative)
 * match nothing. Immutable, thread-safe.
 */
public final class TokenIndex {
    private final int[] earlier;
    private final int[] copies;
    private final float[] ids;

    public TokenIndex(List<Token> tokens) {
        earlier = new int[tokens.size()];
        copies = new int[tokens.size()];
        ids = new float[tokens.size() + 1];
        Arrays.fill(ids, Float.NaN);
        Map<Integer, Integer> last = new HashMap<>();
        Map<Integer, Integer> numbers = new HashMap<>();
        for (int i = 0; i < earlier.length; i++) {
            int id = tokens.get(i).id();
            Integer before = id < 0 ? null : last.put(id, i);
            earlier[i] = before == null ? -1 : before;
            copies[i] = before == null ? 0 : copies[before] + 1;
            if (id >= 0) {
                // Small numbers, which floats hold exactly, whatever the ids are.
                Integer number = numbers.computeIfAbsent(id, key -> numbers.size());
                ids[i + 1] = number;
            }
        }
    }

    /** The nearest earlier position with the same token; -1 when there is none. */
    public int earlier(int position) {
        return earlier[position];
    }

    /** How many earlier positions have the same token. */
    public int copies(int position) {
        return copies[position];
    }

    /** Whether two positions have the same token. */
    public boolean same(int one, int other) {
        return ids[one + 1] == ids[other + 1];
    }

    /** Number of positions. */
    public int size() {
        return earlier.length;
    }

    /**
     * A number for each token at its position + 1, the same for the same tokens, NaN for an unknown
     * one and at 0. Not to be changed.
     */
    float[] ids() {
        return ids;
    }
}
