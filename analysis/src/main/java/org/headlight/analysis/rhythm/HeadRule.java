package org.headlight.analysis.rhythm;

/**
 * Which heads are local and which are global: sorted by mean distance d, the lowest share and the
 * highest share. A set has floor(share x heads) heads, at least one; ties go to the lower layer and
 * head.
 *
 * @param share of all heads in each set; 0.3 in the paper, as an example
 * @param layers which layers take part
 * @param withoutFirstKey whether d leaves the first key out: a head that rests on the first token
 *     looks far without looking at anything; d is then the mean distance of the mass that lies on
 *     other keys. Ours; the paper keeps the first key
 */
public record HeadRule(double share, Layers layers, boolean withoutFirstKey) {

    /** Which layers take part. */
    public enum Layers {
        /** All of them, as in the paper's analysis. */
        ALL,
        /**
         * Five evenly spaced ones between a third and two thirds of the depth, as in the paper's
         * training.
         */
        MIDDLE
    }

    /** Checks the share. */
    public HeadRule {
        RhythmSettings.share("The share of heads in a set", share);
    }

    /** 30 % of the heads of all layers, with the first key. */
    public static HeadRule defaults() {
        return new HeadRule(0.3, Layers.ALL, false);
    }

    /** How many heads a set has, of so many. */
    int size(int heads) {
        return Math.max(1, TopShare.count(share, heads));
    }
}
