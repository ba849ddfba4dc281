package org.headlight.engine.cut;

import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attention.SiteKind;

/**
 * The attention of a whole site in one run.
 *
 * @param layer zero-based layer
 * @param kind self or cross
 * @param input queries [H, N, D], keys [KV, M, D] and values [KV, M, Dv] with scale, masks, soft
 *     cap and sinks
 */
public record SiteCall(int layer, SiteKind kind, AttentionInput input) {}
