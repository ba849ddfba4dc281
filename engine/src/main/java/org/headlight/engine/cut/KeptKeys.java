package org.headlight.engine.cut;

import org.headlight.engine.capture.AttentionMask;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.IntStream;

/** The keys of a head less some that were taken out, in their order. Immutable. */
public final class KeptKeys {
    private final int[] out;
    private final int all;

    private KeptKeys(int[] out, int all) {
        this.out = out;
        this.all = all;
    }

    /** All of so many keys. */
    public static KeptKeys all(int keys) {
        return new KeptKeys(new int[0], keys);
    }

    /**
     * Takes out more keys.
     *
     * @param positions positions in the model's keys; those that are not kept do not matter
     */
    public KeptKeys without(Set<Integer> positions) {
        int[] both =
                IntStream.concat(
                                Arrays.stream(out),
                                positions.stream()
                                        .mapToInt(Integer::intValue)
                                        .filter(p -> p >= 0 && p < all))
                        .sorted()
                        .distinct()
                        .toArray();
        return new KeptKeys(both, all);
    }

    /** How many are kept. */
    public int count() {
        return all - out.length;
    }

    /** Whether a position of the model's keys is kept. */
    public boolean has(int position) {
        return position >= 0 && position < all && Arrays.binarySearch(out, position) < 0;
    }

    /** How many kept keys lie before a position; the index of that position when it is kept. */
    public int index(int position) {
        int found = Arrays.binarySearch(out, position);
        return position - (found < 0 ? -found - 1 : found);
    }

    /** The position, in the model's keys, of the kept key with this index. */
    public int position(int index) {
        int position = index;
        for (int gone : out) {
            if (gone > position) {
                break;
            }
            position++;
        }
        return position;
    }

    /** A mask over this one's keys as a mask over the kept keys of another, smaller set. */
    AttentionMask narrowed(AttentionMask mask, KeptKeys fewer) {
        return new AttentionMask() {
            @Override
            public int firstKey(int row) {
                return fewer.index(edge(Math.max(0, mask.firstKey(row))));
            }

            @Override
            public int endKey(int row) {
                return fewer.index(edge(Math.clamp(mask.endKey(row), 0, count())));
            }

            @Override
            public boolean unbiased() {
                return mask.unbiased();
            }

            @Override
            public float bias(int row, int col) {
                return mask.bias(row, index(fewer.position(col)));
            }

            @Override
            public boolean causal() {
                return false;
            }
        };
    }

    /** The position of a kept key, or the end of all keys. */
    private int edge(int index) {
        return index >= count() ? all : position(index);
    }
}
