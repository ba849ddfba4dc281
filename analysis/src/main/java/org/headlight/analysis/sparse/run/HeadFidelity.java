package org.headlight.analysis.sparse.run;

import org.headlight.analysis.sparse.Phase;
import org.headlight.engine.cut.HeadAddress;

import java.util.Optional;

/**
 * What one head kept and lost in one phase. Shares of the dense map are taken at the queries, keys
 * and values of the sparse run, so that a head is not blamed for what earlier layers changed.
 *
 * @param head which
 * @param phase when
 * @param choice the policy and its settings
 * @param computed pairs that were computed over the pairs that a causal query sees; above 1 where
 *     masked pairs of a tile are computed too
 * @param density pairs that are kept and visible over the pairs that are visible; where pieces are
 *     skipped while they are computed, pairs whose values were taken in over computed pairs, a mean
 *     over the heads that ran together; NaN where there is no list of kept keys
 * @param recall shares of the dense probability that the kept keys hold, over the rows that leave
 *     something out
 * @param outputError Frobenius norm of (sparse - dense output) over that of the dense output
 * @param kept the kept keys; empty where there is no such list
 */
public record HeadFidelity(
        HeadAddress head,
        Phase phase,
        PolicyChoice choice,
        double computed,
        double density,
        RecallShares recall,
        double outputError,
        Optional<KeptMap> kept) {

    /** Whether it kept everything that it saw: then recall is 1, over no row at all. */
    public boolean keptAll() {
        return recall.rows() == 0 && density >= 1;
    }
}
