package org.headlight.app.retrieval;

import org.headlight.engine.problem.BadInputException;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads the lengths and depths of a grid: numbers with commas between them, or {@code
 * from:to:count} for so many evenly spaced ones.
 */
public final class NumberList {
    private static final int MOST = 1000;

    private final String what;
    private final String example;

    /**
     * @param what the list is of, for messages, such as "lengths"
     * @param example one that is right
     */
    public NumberList(String what, String example) {
        this.what = what;
        this.example = example;
    }

    /**
     * Reads a list of numbers.
     *
     * @throws BadInputException when it is none
     */
    public List<Double> numbers(String text) {
        String[] parts = text.strip().split(":", -1);
        if (parts.length == 3) {
            return spaced(number(parts[0]), number(parts[1]), whole(parts[2]), text);
        }
        if (parts.length != 1) {
            throw bad(text);
        }
        List<Double> numbers = new ArrayList<>();
        for (String part : parts[0].split(",", -1)) {
            numbers.add(number(part));
        }
        return numbers;
    }

    /**
     * Reads a list of whole numbers.
     *
     * @throws BadInputException when it is none
     */
    public List<Integer> wholeNumbers(String text) {
        return numbers(text).stream().map(n -> (int) Math.round(n)).toList();
    }

    private List<Double> spaced(double from, double to, int count, String text) {
        if (count < 1 || count > MOST || to < from) {
            throw bad(text);
        }
        List<Double> numbers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            numbers.add(count == 1 ? to : from + (to - from) * i / (count - 1));
        }
        return numbers;
    }

    private double number(String text) {
        try {
            double value = Double.parseDouble(text.strip());
            if (value >= 0 && value <= Integer.MAX_VALUE) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw bad(text);
        }
        throw bad(text);
    }

    private int whole(String text) {
        return (int) number(text);
    }

    private BadInputException bad(String text) {
        return new BadInputException(
                String.format(
                        Locale.ROOT,
                        "\"%s\" is no list of %s; expected numbers such as %s, or from:to:count.",
                        text.strip(),
                        what,
                        example));
    }
}
