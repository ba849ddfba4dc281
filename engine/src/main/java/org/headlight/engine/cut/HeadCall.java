package org.headlight.engine.cut;

import org.headlight.engine.attend.AttentionInput;

/**
 * The attention of one head in one run.
 *
 * @param at which head
 * @param input its queries [1, N, D], keys [1, M, D] and values [1, M, Dv] with scale, mask, soft
 *     cap and sink
 * @param keys which keys of the model these are
 */
public record HeadCall(HeadAddress at, AttentionInput input, KeptKeys keys) {

    /** The same head over some of its keys only. */
    public HeadCall with(AttentionInput fewer, KeptKeys kept) {
        return new HeadCall(at, fewer, kept);
    }
}
