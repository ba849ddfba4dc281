package org.headlight.analysis.sparse.run;

import org.headlight.engine.attend.Selection;

import java.util.List;

/**
 * The keys that one head kept in the phases of a run, by positions of the text. Queries of a phase
 * in which the head was dense keep every key. Immutable, thread-safe.
 */
public final class KeptRows {
    private final List<KeptMap> phases;
    private final int keys;

    /**
     * @param phases what was kept, each phase once
     * @param keys tokens of the text, N
     */
    public KeptRows(List<KeptMap> phases, int keys) {
        this.phases = List.copyOf(phases);
        this.keys = keys;
    }

    /** Tokens of the text, N. */
    public int keys() {
        return keys;
    }

    /** The keys of the query at a position of the text, as rising runs, masks apart. */
    public void runs(int position, Selection.Runs target) {
        for (KeptMap phase : phases) {
            if (phase.covers(position)) {
                phase.runs(position, target);
                return;
            }
        }
        target.run(0, keys);
    }

    /** The kept keys of neighbouring queries as bits. */
    Bits bits(int from, int to) {
        int words = Math.ceilDiv(keys, Long.SIZE);
        long[] bits = new long[Math.multiplyExact(to - from, words)];
        for (int position = from; position < to; position++) {
            int at = (position - from) * words;
            runs(position, (start, end) -> set(bits, at, start, Math.min(end, keys)));
        }
        return new Bits(from, words, bits);
    }

    private static void set(long[] bits, int at, int start, int end) {
        for (int key = start; key < end; ) {
            int word = key >> 6;
            int stop = Math.min(end, (word + 1) << 6);
            long mask = -1L << key;
            if ((stop & 63) != 0) {
                mask &= -1L >>> (64 - (stop & 63));
            }
            bits[at + word] |= mask;
            key = stop;
        }
    }

    /** Kept keys of the queries from a position on. */
    static final class Bits {
        private final int from;
        private final int words;
        private final long[] bits;

        private Bits(int from, int words, long[] bits) {
            this.from = from;
            this.words = words;
            this.bits = bits;
        }

        /** Whether the query at a position keeps a key. */
        boolean kept(int position, int key) {
            return (bits[(position - from) * words + (key >> 6)] >>> key & 1) != 0;
        }

        /** Whether the query at a position keeps any key. */
        boolean any(int position) {
            int at = (position - from) * words;
            for (int i = at; i < at + words; i++) {
                if (bits[i] != 0) {
                    return true;
                }
            }
            return false;
        }
    }
}
