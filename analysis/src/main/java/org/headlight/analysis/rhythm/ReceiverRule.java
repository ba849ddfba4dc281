package org.headlight.analysis.rhythm;

import org.headlight.engine.problem.BadInputException;

/**
 * Which heads are receivers: those whose attention to earlier sentences is the most uneven.
 *
 * @param heads how many; 20 in "Thought Anchors", and never more than half of the heads of a model
 *     (that cap is ours: the models there have hundreds)
 * @param near sentences closer than this are left out; 4 there
 */
public record ReceiverRule(int heads, int near) {

    /** Checks the numbers. */
    public ReceiverRule {
        if (heads < 1 || near < 1) {
            throw new BadInputException(
                    "Receiver heads are "
                            + heads
                            + " and near sentences "
                            + near
                            + "; expected whole numbers from 1, such as 20 and 4.");
        }
    }

    /** 20 heads, 4 sentences. */
    public static ReceiverRule defaults() {
        return new ReceiverRule(20, 4);
    }

    /** How many of so many heads. */
    int size(int all) {
        return Math.min(heads, Math.max(1, all / 2));
    }
}
