package org.headlight.analysis.heads;

import org.headlight.analysis.heads.pattern.PatternFit;

import java.util.Optional;

/**
 * What one head is, over one text: everything that one sweep says.
 *
 * @param statistics its plain numbers
 * @param site which site it is of, in the order of the capture
 * @param group which of the site's groups that share keys it is of
 * @param kind what it mostly does
 * @param shares where its rows look; empty for cross-attention
 * @param evenness mean over rows that see two keys or more of entropy / ln(visible keys)
 * @param support mean over rows of exp(entropy): as many keys, evenly
 * @param participation mean over rows of 1 / sum of A x A: the same with less weight on small ones
 * @param topSupport mean of the least number of keys that hold 0.9 of what a row gives; over the
 *     rows of {@link WholeRows}, as is the next
 * @param sparsity mean of the share of the visible cells that are below 0.001
 * @param gini how unevenly keys receive, 0 even to 1
 * @param kurtosis excess kurtosis of what keys receive: 0 as a normal distribution, large where few
 *     keys receive much
 * @param valueFirst share of value-weighted attention at key 0; NaN where values are unknown
 * @param valueShift how far what keys can write lies from what they are looked at, 0 to 1; NaN
 *     where values are unknown
 * @param detectors scores of TransformerLens's detector; empty for cross-attention
 * @param profile attention by distance; empty for cross-attention
 * @param pattern what sparse patterns keep; empty where that is not asked: causal maps have it
 */
public record HeadPortrait(
        HeadStatistics statistics,
        int site,
        int group,
        HeadKind kind,
        Optional<RowShares> shares,
        double evenness,
        double support,
        double participation,
        double topSupport,
        double sparsity,
        double gini,
        double kurtosis,
        double valueFirst,
        double valueShift,
        Optional<DetectorScores> detectors,
        Optional<OffsetProfile> profile,
        Optional<PatternFit> pattern) {

    /** Such as L3H5. */
    public String name() {
        return statistics.name();
    }

    /** Share of the head's best pattern; NaN without one. */
    public double kept() {
        return pattern.map(fit -> fit.best().mass()).orElse(Double.NaN);
    }
}
