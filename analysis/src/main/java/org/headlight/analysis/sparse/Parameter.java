package org.headlight.analysis.sparse;

import java.util.List;

/**
 * One setting of a policy.
 *
 * @param name of the command line, such as "threshold"
 * @param meaning what it does to the numbers, with the paper's symbol, for a tooltip
 * @param standard the paper's default (the code's where the paper has none)
 * @param least the smallest value that works
 * @param most the largest
 * @param whole whether it is a whole number
 * @param choices words instead of numbers, value i being word i; empty for numbers
 */
public record Parameter(
        String name,
        String meaning,
        double standard,
        double least,
        double most,
        boolean whole,
        List<String> choices) {

    public Parameter {
        choices = List.copyOf(choices);
        if (!(least <= standard && standard <= most)) {
            throw new IllegalArgumentException(
                    name + ": " + standard + " is not in " + least + " to " + most);
        }
    }

    /** A whole number. */
    public static Parameter whole(String name, String meaning, int standard, int least, int most) {
        return new Parameter(name, meaning, standard, least, most, true, List.of());
    }

    /** A number. */
    public static Parameter real(
            String name, String meaning, double standard, double least, double most) {
        return new Parameter(name, meaning, standard, least, most, false, List.of());
    }

    /** One of some words; the first is the default. */
    public static Parameter choice(String name, String meaning, String... words) {
        return new Parameter(name, meaning, 0, 0, words.length - 1.0, true, List.of(words));
    }
}
