package org.headlight.analysis.sinks;

import org.headlight.engine.problem.BadInputException;

import java.util.Locale;

/**
 * How sinks are turned down.
 *
 * @param rule which tokens
 * @param number the rule's threshold or alpha
 * @param beta what is left of their attention, 0 to 1; 0.4 in the paper and its code
 */
public record ActSettings(ActRule rule, double number, double beta) {
    /** What the code leaves of a sink. */
    public static final double BETA = 0.4;

    /**
     * Checks the numbers.
     *
     * @throws BadInputException when one is outside its range
     */
    public ActSettings {
        if (!(beta >= 0 && beta <= 1)) {
            throw new BadInputException(
                    "Beta is " + beta + "; expected what is left of a sink, from 0 to 1.");
        }
        boolean fits = number > 0 && number < Double.POSITIVE_INFINITY;
        if (!fits || (rule == ActRule.CODE && number >= 1)) {
            String what = rule.parameter();
            throw new BadInputException(
                    String.format(
                            Locale.ROOT,
                            "The %s of the calibration is %s; expected %s.",
                            what,
                            number,
                            rule == ActRule.CODE
                                    ? "a share between 0 and 1, such as 0.1"
                                    : "a number above 0, such as 5"));
        }
    }

    /** A rule with the numbers of the paper and its code. */
    public static ActSettings of(ActRule rule) {
        return new ActSettings(rule, rule.standard(), BETA);
    }
}
