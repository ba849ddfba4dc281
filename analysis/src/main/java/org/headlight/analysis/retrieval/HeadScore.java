package org.headlight.analysis.retrieval;

import org.headlight.engine.cut.HeadAddress;

/**
 * The retrieval score of one head over the successful trials; NaN when there is none.
 *
 * @param set mean of |g and k| / |k|, the paper's definition: 0 to 1
 * @param count mean of matching steps over needle tokens, the paper's code: can be above 1
 * @param activation fraction of those trials in which the head copied at least one token
 * @param copied tokens that it copied in all of them together
 */
public record HeadScore(HeadAddress head, double set, double count, double activation, int copied) {

    /** {@code L3H5}. */
    public String name() {
        return "L" + head.layer() + "H" + head.head();
    }
}
