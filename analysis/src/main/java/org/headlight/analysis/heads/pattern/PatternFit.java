package org.headlight.analysis.heads.pattern;

import java.util.List;

/**
 * What each candidate keeps of a head's attention.
 *
 * @param kept in the order of the candidates
 * @param scaled whether the candidates were made smaller for a short text
 */
public record PatternFit(List<Kept> kept, boolean scaled) {
    private static final double ROUNDING = 1e-6;

    /**
     * One candidate.
     *
     * @param mass mean over the rows that count of the attention that it keeps
     */
    public record Kept(PatternCandidate candidate, double mass) {}

    public PatternFit {
        kept = List.copyOf(kept);
    }

    /** The candidate that keeps most; of several that keep as much, to rounding, the first. */
    public Kept best() {
        Kept best = kept.getFirst();
        for (Kept each : kept) {
            best = each.mass() > best.mass() + ROUNDING ? each : best;
        }
        return best;
    }

    /** The family of the best candidate. */
    public PatternClass family() {
        return best().candidate().family();
    }
}
