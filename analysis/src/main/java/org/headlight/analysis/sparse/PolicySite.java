package org.headlight.analysis.sparse;

import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.BlockScorer;

/**
 * The attention of one layer in one phase of a run: queries [from, to) of the text. In the prefill
 * their keys are [0, to); in decoding each query is one step, at position from + row, and the keys
 * are those of the whole text, of which the causal mask shows it [0, position].
 *
 * @param layer zero-based layer
 * @param phase prefill or decode
 * @param whole queries [H, N, D], keys [KV, N, D] and values [KV, N, Dv] of the whole text; not to
 *     be written to
 * @param from the first query of the phase
 * @param to one after its last query
 * @param scorer scores blocks where the site's attention is computed, if it can
 */
public record PolicySite(
        int layer, Phase phase, AttentionInput whole, int from, int to, BlockScorer scorer) {

    /** A site whose blocks are scored by whoever needs that. */
    public PolicySite(int layer, Phase phase, AttentionInput whole, int from, int to) {
        this(layer, phase, whole, from, to, BlockScorer.NONE);
    }

    /** Queries [from, to) over the keys of the phase. */
    public AttentionInput input() {
        return whole.part(from, to, phase == Phase.PREFILL ? to : whole.k().rows());
    }

    /** Query heads, H. */
    public int heads() {
        return whole.q().heads();
    }

    /** Key heads, KV. */
    public int keyHeads() {
        return whole.k().heads();
    }

    /** Queries of the phase. */
    public int queries() {
        return to - from;
    }

    /** Keys of the phase. */
    public int keys() {
        return phase == Phase.PREFILL ? to : whole.k().rows();
    }
}
