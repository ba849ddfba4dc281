package org.headlight.analysis.sparse.run;

import org.headlight.analysis.sparse.Phase;

/**
 * What one layer took and how wrong it is.
 *
 * @param layer zero-based layer
 * @param phase when
 * @param sparse whether any head has a policy in the phase
 * @param outputError Frobenius norm of the error over that of the dense output, all heads together;
 *     NaN where it was not measured
 * @param pairs pairs of query and key that were computed, over all heads
 * @param visible pairs that the mask lets queries see, over all heads
 * @param selecting nanoseconds of choosing keys
 * @param attending nanoseconds of attention
 */
public record LayerFidelity(
        int layer,
        Phase phase,
        boolean sparse,
        double outputError,
        long pairs,
        long visible,
        long selecting,
        long attending) {

    /** The same with the times that the layer took in another run. */
    LayerFidelity timedAs(LayerFidelity other) {
        return new LayerFidelity(
                layer,
                phase,
                sparse,
                outputError,
                pairs,
                visible,
                other.selecting,
                other.attending);
    }
}
