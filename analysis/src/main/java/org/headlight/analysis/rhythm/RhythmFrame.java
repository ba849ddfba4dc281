package org.headlight.analysis.rhythm;

/**
 * What is measured of every head: the response, its sentences, and the settings.
 *
 * @param from position of the first token of the response
 * @param positions one after its last token
 */
record RhythmFrame(int from, int positions, Sentences sentences, RhythmSettings settings) {

    /** Tokens of the response. */
    int length() {
        return positions - from;
    }

    int window() {
        return settings.window();
    }

    Horizon horizon() {
        return settings.horizon();
    }

    boolean withoutFirstKey() {
        return settings.heads().withoutFirstKey();
    }

    /** Sentences nearer than this do not count. */
    int near() {
        return settings.receivers().near();
    }

    /** Whether there is a sentence that is looked at from far enough. */
    boolean hasReceivers() {
        return sentences.count() > near();
    }

    /**
     * How uneven the vertical scores of sentences are.
     *
     * @param columns sum over the queries of later sentences of A[q, k] / (tokens of the query's
     *     sentence), by key, [N]
     * @return excess kurtosis (Fisher, biased) over the sentences that are looked at; NaN where
     *     they are equal or there is none
     */
    double kurtosis(double[] columns) {
        int scored = sentences.count() - near();
        if (scored < 1) {
            return Double.NaN;
        }
        double[] vertical = new double[scored];
        double mean = 0;
        for (int i = 0; i < scored; i++) {
            double sum = 0;
            for (int key = sentences.start(i); key < sentences.end(i); key++) {
                sum += columns[key];
            }
            vertical[i] = sum / sentences.length(i) / (sentences.count() - near() - i);
            mean += vertical[i] / scored;
        }
        double second = 0;
        double fourth = 0;
        for (double value : vertical) {
            double square = (value - mean) * (value - mean);
            second += square / scored;
            fourth += square * square / scored;
        }
        return second > 0 ? fourth / (second * second) - 3 : Double.NaN;
    }
}
