package org.headlight.analysis.sinks;

import java.util.ArrayList;
import java.util.List;

/**
 * Which tokens of a head attention calibration turns down (ACT, arXiv 2406.15765). The paper and
 * its code do not agree.
 */
public enum ActRule {
    /**
     * The code: tokens that receive more than a fixed share, 0.1; the first of them is left out,
     * whichever it is. It is meant to be token 0; where token 0 is below the threshold, a real sink
     * is spared instead.
     */
    CODE("act-code", "threshold", 0.1),

    /** The paper: tokens other than token 0 that receive more than alpha / N, alpha = 5. */
    PAPER("act-paper", "alpha", 5);

    private final String id;
    private final String parameter;
    private final double standard;

    ActRule(String id, String parameter, double standard) {
        this.id = id;
        this.parameter = parameter;
        this.standard = standard;
    }

    /** The name in commands and files. */
    public String id() {
        return id;
    }

    /** What its number is called. */
    public String parameter() {
        return parameter;
    }

    /** Its number in the code or the paper. */
    public double standard() {
        return standard;
    }

    /**
     * The keys to turn down, rising.
     *
     * @param number the threshold, or alpha
     */
    public List<Integer> chosen(ReceivedMass received, double number) {
        double threshold = this == CODE ? number : number / Math.max(1, received.keys());
        List<Integer> above = new ArrayList<>();
        for (int key = 0; key < received.keys(); key++) {
            if (received.of(key) > threshold && (this == CODE || key > 0)) {
                above.add(key);
            }
        }
        if (this == CODE && !above.isEmpty()) {
            above.removeFirst();
        }
        return above;
    }
}
