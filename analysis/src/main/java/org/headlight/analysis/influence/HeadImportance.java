package org.headlight.analysis.influence;

import org.headlight.engine.cut.HeadAddress;

/**
 * How important a head is for looking things up.
 *
 * @param at which head
 * @param score mean over the samples of the share of an answer that it copies
 * @param activation share of the samples in which it copies at least one token
 * @param chosen whether it is among the important heads, which are masked
 */
public record HeadImportance(HeadAddress at, double score, double activation, boolean chosen) {

    /** Such as L3H5. */
    public String name() {
        return "L" + at.layer() + "H" + at.head();
    }
}
