package org.headlight.engine.cut;

import org.headlight.engine.attention.SiteKind;

/**
 * One query head of a model.
 *
 * @param layer zero-based layer
 * @param kind self or cross
 * @param head zero-based head of the site
 */
public record HeadAddress(int layer, SiteKind kind, int head) {

    /** A head of self-attention. */
    public static HeadAddress self(int layer, int head) {
        return new HeadAddress(layer, SiteKind.SELF, head);
    }
}
