package org.headlight.analysis.rhythm;

/**
 * What one head's map says about the rhythm of a response. Holds arrays, so equality is identity.
 */
final class HeadRhythm {
    private final RhythmHead head;
    private final double[] waad;
    private final double[] fai;
    private final double[] entropy;

    /**
     * Takes the arrays over.
     *
     * @param waad [R], by response token
     * @param fai [N], by position; NaN where no query counts
     * @param entropy of the row in nats, [R]
     */
    HeadRhythm(RhythmHead head, double[] waad, double[] fai, double[] entropy) {
        this.head = head;
        this.waad = waad;
        this.fai = fai;
        this.entropy = entropy;
    }

    RhythmHead head() {
        return head;
    }

    double waad(int token) {
        return waad[token];
    }

    double fai(int position) {
        return fai[position];
    }

    double entropy(int token) {
        return entropy[token];
    }
}
