package org.headlight.analysis.sparse;

import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.capture.AttentionMask;

import java.util.EnumSet;
import java.util.Set;

/** What some models do to scores, and what a policy's choice of keys may not look at. */
public enum Trait {
    /** Scores are bent by a tanh. */
    SOFT_CAP("the soft cap of the scores"),
    /** Something is added to scores by position, or keys are masked one by one. */
    BIAS("what the model adds to the scores by position"),
    /** Queries see a window of the newest keys alone. */
    WINDOW("the sliding window of the model");

    private final String words;

    Trait(String words) {
        this.words = words;
    }

    /** For a sentence. */
    public String words() {
        return words;
    }

    /** Those of the attention of a site. */
    public static Set<Trait> of(AttentionInput input) {
        Set<Trait> traits = EnumSet.noneOf(Trait.class);
        if (input.softCap() > 0) {
            traits.add(SOFT_CAP);
        }
        int last = input.q().rows() - 1;
        for (int head = 0; head < input.q().heads(); head++) {
            AttentionMask mask = input.mask(head);
            if (!mask.unbiased()) {
                traits.add(BIAS);
            }
            if (last >= 0 && mask.firstKey(last) > 0) {
                traits.add(WINDOW);
            }
        }
        return traits;
    }
}
