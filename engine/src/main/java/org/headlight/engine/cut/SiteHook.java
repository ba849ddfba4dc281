package org.headlight.engine.cut;

import org.headlight.engine.attend.AttentionOutput;

/**
 * Changes what whole sites give to the rest of the model: sparse policies, which choose keys for
 * all heads of a layer together. The arrays of the input are not to be written to. Called from one
 * thread at a time within a run, in the order in which the sites run.
 */
@FunctionalInterface
public interface SiteHook {
    /**
     * Computes what the site gives.
     *
     * @param kernels computes attention; may be called any number of times
     * @param output to be filled in every row of every head, [H, N, Dv]
     */
    void attend(SiteCall site, SiteAttend kernels, AttentionOutput output);
}
