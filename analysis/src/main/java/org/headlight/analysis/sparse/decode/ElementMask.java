package org.headlight.analysis.sparse.decode;

import org.headlight.engine.attend.HeadArray;

import java.util.Arrays;
import java.util.BitSet;

/** Which numbers of the rows of keys or values are kept (Mustafar): [heads, tokens, width]. */
public final class ElementMask {
    private final int heads;
    private final int tokens;
    private final int width;
    private final BitSet kept;

    private ElementMask(int heads, int tokens, int width, BitSet kept) {
        this.heads = heads;
        this.tokens = tokens;
        this.width = width;
        this.kept = kept;
    }

    /**
     * Keeps the largest numbers of each row: those that are at least as large, without their signs,
     * as the floor(share x width)-th smallest; equal ones are all kept.
     *
     * @param rows keys or values [KV, N, D]
     * @param share of a row that is to be dropped, 0 to 1; at 0.7 a row of 128 keeps 40
     * @param recent last tokens that are kept whole
     */
    public static ElementMask of(HeadArray rows, double share, int recent) {
        int width = rows.width();
        int tokens = rows.rows();
        BitSet kept = new BitSet(rows.heads() * tokens * width);
        // The product of such shares lies a rounding error off the whole number that is meant.
        int rank = (int) Math.floor(share * width + 1e-9);
        float[] sizes = new float[width];
        for (int head = 0; head < rows.heads(); head++) {
            for (int token = 0; token < tokens; token++) {
                int from = rows.at(head, token);
                float least = 0;
                if (rank > 0 && token < tokens - recent) {
                    for (int d = 0; d < width; d++) {
                        sizes[d] = Math.abs(rows.values()[from + d]);
                    }
                    Arrays.sort(sizes);
                    least = sizes[rank - 1];
                }
                int to = (head * tokens + token) * width;
                for (int d = 0; d < width; d++) {
                    kept.set(to + d, !(Math.abs(rows.values()[from + d]) < least));
                }
            }
        }
        return new ElementMask(rows.heads(), tokens, width, kept);
    }

    /** Key heads, KV. */
    public int heads() {
        return heads;
    }

    public int tokens() {
        return tokens;
    }

    /** Numbers of a row, D. */
    public int width() {
        return width;
    }

    /** Whether a number is kept. */
    public boolean kept(int head, int token, int number) {
        return kept.get((head * tokens + token) * width + number);
    }

    /** The kept share of all numbers. */
    public double density() {
        return (double) kept.cardinality() / Math.max(1, heads * tokens * width);
    }

    /** The rows with zeros for what is not kept, in an array of their own, heads first. */
    HeadArray applied(HeadArray rows) {
        float[] values = new float[heads * tokens * width];
        for (int head = 0; head < heads; head++) {
            for (int token = 0; token < tokens; token++) {
                int from = rows.at(head, token);
                int to = (head * tokens + token) * width;
                for (int d = 0; d < width; d++) {
                    values[to + d] = kept.get(to + d) ? rows.values()[from + d] : 0;
                }
            }
        }
        return HeadArray.headsFirst(values, heads, tokens, width);
    }
}
