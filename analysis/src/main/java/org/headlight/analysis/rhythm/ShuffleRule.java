package org.headlight.analysis.rhythm;

import org.headlight.engine.problem.BadInputException;

/**
 * What coupling is held against.
 *
 * @param count how many times peaks are laid at random; ours is 1,000
 * @param seed the same seed gives the same numbers
 */
public record ShuffleRule(int count, long seed) {

    /** Checks the count. */
    public ShuffleRule {
        if (count < 1) {
            throw new BadInputException(
                    "The number of shuffles is " + count + "; expected a whole number from 1.");
        }
    }

    /** 1,000 with seed 0. */
    public static ShuffleRule defaults() {
        return new ShuffleRule(1_000, 0);
    }
}
