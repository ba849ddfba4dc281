package org.headlight.app.sinks;

import org.headlight.analysis.sinks.HeadReceived;
import org.headlight.analysis.sinks.PromptRate;
import org.headlight.analysis.sinks.SinkThresholds;
import org.jspecify.annotations.Nullable;

/** What the matrix of layers and heads shows. */
public enum SinkMeasure {
    FIRST("received by token 0", "Mean attention that the first token receives."),
    BEYOND(
            "largest received beyond token 0",
            "Mean attention that the strongest other token receives."),
    COUNT("sinks", "How many tokens receive more than the threshold."),
    ABOVE(
            "sink at token 0",
            "1 where token 0 receives more than epsilon: the sink rate of one text."),
    PROMPTS(
            "prompts with a sink",
            "In what share of many prompts token 0 receives more than epsilon; measured at the"
                    + " side.");

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

    /**
     * The value of a head.
     *
     * @param prompts the rate over many prompts; null while it is not known
     */
    double of(HeadReceived head, SinkThresholds thresholds, @Nullable PromptRate prompts) {
        return switch (this) {
            case FIRST -> head.received().of(0);
            case BEYOND -> {
                int key = head.strongestBeyondFirst(thresholds.minQueries());
                yield key < 0 ? Double.NaN : head.received().of(key);
            }
            case COUNT -> head.sinks(thresholds).size();
            case ABOVE -> head.received().of(0) > thresholds.epsilon() ? 1 : 0;
            case PROMPTS -> prompts == null ? Double.NaN : prompts.rate(head.name());
        };
    }
}
