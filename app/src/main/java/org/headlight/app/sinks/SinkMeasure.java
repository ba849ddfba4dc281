package org.headlight.app.sinks;

import org.headlight.analysis.sinks.HeadReceived;
import org.headlight.analysis.sinks.SinkThresholds;

/** What the matrix of layers and heads shows. */
public enum SinkMeasure {
    FIRST("received by token 0", "Mean attention that the first token receives."),
    BEYOND(
            "largest received beyond token 0",
            "Mean attention that the strongest other token receives."),
    COUNT("sinks", "How many tokens receive more than the threshold."),
    ABOVE(
            "sink at token 0",
            "1 where token 0 receives more than epsilon: the sink rate of one text.");

    private final String title;
    private final String meaning;

    SinkMeasure(String title, String meaning) {
        this.title = title;
        this.meaning = meaning;
    }

    /** For people. */
    public String title() {
        return title;
    }

    /** What it is, one sentence. */
    public String meaning() {
        return meaning;
    }

    /** The value of a head. */
    double of(HeadReceived head, SinkThresholds thresholds) {
        return switch (this) {
            case FIRST -> head.received().of(0);
            case BEYOND -> {
                int key = head.strongestBeyondFirst(thresholds.minQueries());
                yield key < 0 ? Double.NaN : head.received().of(key);
            }
            case COUNT -> head.sinks(thresholds).size();
            case ABOVE -> head.received().of(0) > thresholds.epsilon() ? 1 : 0;
        };
    }
}
