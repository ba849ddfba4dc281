package org.headlight.analysis.heads.pattern;

import java.util.Locale;

/** A sparse pattern that a head may be given. */
public sealed interface PatternCandidate {

    /** Which family it is of. */
    PatternClass family();

    /** For people, such as "vertical-slash (30, 800)". */
    default String label() {
        return String.format(Locale.ROOT, "%s %s", family().label(), sizes());
    }

    /** Its sizes, such as "(30, 800)". */
    String sizes();

    /**
     * The first keys and a window back.
     *
     * @param first keys at the start that every query sees
     * @param window keys up to the query that it sees, itself counted
     */
    record AShape(int first, int window) implements PatternCandidate {
        @Override
        public PatternClass family() {
            return PatternClass.A_SHAPE;
        }

        @Override
        public String sizes() {
            return "(" + first + ", " + window + ")";
        }
    }

    /**
     * Keys that all queries see, and distances back that all queries see.
     *
     * @param verticals keys
     * @param slashes distances
     */
    record Lines(int verticals, int slashes) implements PatternCandidate {
        @Override
        public PatternClass family() {
            return PatternClass.VERTICAL_SLASH;
        }

        @Override
        public String sizes() {
            return "(" + verticals + ", " + slashes + ")";
        }
    }

    /**
     * For each block of queries, the blocks of keys whose mean key fits its mean query best.
     *
     * @param block queries and keys of a block; divides 64
     * @param ratio one block of so many is chosen
     */
    record Blocks(int block, int ratio) implements PatternCandidate {
        @Override
        public PatternClass family() {
            return PatternClass.BLOCK_SPARSE;
        }

        @Override
        public String sizes() {
            return "(1/" + ratio + ", " + block + ")";
        }
    }
}
