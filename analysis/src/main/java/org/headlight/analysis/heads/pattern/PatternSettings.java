package org.headlight.analysis.heads.pattern;

import java.util.List;

/**
 * How the pattern of a head is searched: {@code search_pattern} of MInference.
 *
 * @param fromRow the first query that counts
 * @param lastQueries queries from which lines are estimated
 * @param forced keys at the start and shortest distances that are always lines
 * @param candidates what is tried, in order: of two that keep as much the first wins
 * @param scaled whether the sizes were made smaller for a short text
 */
public record PatternSettings(
        int fromRow,
        int lastQueries,
        int forced,
        List<PatternCandidate> candidates,
        boolean scaled) {
    /** MInference's first query that counts: shorter texts cannot be searched with its sizes. */
    public static final int FROM_ROW = 2500;

    /** Keys that MInference's sizes were made for, by and large: what scaling is relative to. */
    private static final int MEANT_FOR = 8192;

    public PatternSettings {
        candidates = List.copyOf(candidates);
    }

    /** The candidates of MInference's code. */
    public static PatternSettings standard() {
        return new PatternSettings(
                FROM_ROW,
                64,
                30,
                List.of(
                        new PatternCandidate.AShape(100, 800),
                        new PatternCandidate.Lines(30, 800),
                        new PatternCandidate.Lines(100, 750),
                        new PatternCandidate.Lines(500, 700),
                        new PatternCandidate.Lines(3500, 100),
                        new PatternCandidate.Blocks(32, 8)),
                false);
    }

    /**
     * The candidates of MInference where the text is long enough for them, else all sizes but that
     * of the blocks made smaller in the proportion of the text to 8,192 tokens. This is ours: it
     * lets short texts be compared, and is said wherever a class is shown.
     *
     * @param tokens keys
     */
    public static PatternSettings forLength(int tokens) {
        PatternSettings full = standard();
        if (tokens > FROM_ROW) {
            return full;
        }
        double factor = (double) tokens / MEANT_FOR;
        return new PatternSettings(
                (int) (FROM_ROW * factor),
                Math.max(1, Math.min(full.lastQueries, tokens / 4)),
                less(full.forced, factor),
                full.candidates.stream().map(c -> scaled(c, factor)).toList(),
                true);
    }

    private static PatternCandidate scaled(PatternCandidate candidate, double factor) {
        return switch (candidate) {
            case PatternCandidate.AShape a ->
                    new PatternCandidate.AShape(less(a.first(), factor), less(a.window(), factor));
            case PatternCandidate.Lines l ->
                    new PatternCandidate.Lines(
                            less(l.verticals(), factor), less(l.slashes(), factor));
            case PatternCandidate.Blocks b -> b;
        };
    }

    private static int less(int size, double factor) {
        return Math.max(1, (int) Math.round(size * factor));
    }
}
