package org.headlight.analysis.sparse;

import org.headlight.engine.problem.BadInputException;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The parameters of a policy with their values. Immutable; equal when all values are. */
public final class Settings {
    private final PolicyInfo info;
    private final Map<String, Double> values;

    private Settings(PolicyInfo info, Map<String, Double> values) {
        this.info = info;
        this.values = values;
    }

    /** Every parameter at its paper's default. */
    public static Settings standard(PolicyInfo info) {
        Map<String, Double> values = new LinkedHashMap<>();
        for (Parameter parameter : info.parameters()) {
            values.put(parameter.name(), parameter.standard());
        }
        return new Settings(info, Map.copyOf(values));
    }

    /** The same with another number, brought into the range that works. */
    public Settings with(String name, double value) {
        Parameter parameter = parameter(name);
        double number = parameter.whole() ? Math.rint(value) : value;
        Map<String, Double> other = new HashMap<>(values);
        other.put(name, Math.clamp(number, parameter.least(), parameter.most()));
        return new Settings(info, Map.copyOf(other));
    }

    /**
     * The same with a value that somebody typed.
     *
     * @throws BadInputException when the policy has no such parameter, or the value is none of its
     */
    public Settings parsed(String name, String text) {
        Parameter parameter =
                info.parameters().stream()
                        .filter(p -> p.name().equals(name))
                        .findFirst()
                        .orElseThrow(() -> unknown(name));
        int word = parameter.choices().indexOf(text.toLowerCase(Locale.ROOT));
        if (word >= 0) {
            return with(name, word);
        }
        double value;
        try {
            value = parameter.choices().isEmpty() ? Double.parseDouble(text) : Double.NaN;
        } catch (NumberFormatException e) {
            value = Double.NaN;
        }
        boolean good = value >= parameter.least() && value <= parameter.most();
        if (!good || (parameter.whole() && value != Math.rint(value))) {
            throw new BadInputException(
                    name
                            + " of "
                            + info.name()
                            + " is "
                            + text
                            + "; expected "
                            + expected(parameter)
                            + ".");
        }
        return with(name, value);
    }

    private BadInputException unknown(String name) {
        String known =
                info.parameters().stream().map(Parameter::name).collect(Collectors.joining(", "));
        return new BadInputException(
                info.name()
                        + " has no setting "
                        + name
                        + "; "
                        + (known.isEmpty() ? "it has none." : "it has " + known + "."));
    }

    private static String expected(Parameter parameter) {
        if (!parameter.choices().isEmpty()) {
            return "one of " + String.join(", ", parameter.choices());
        }
        return (parameter.whole() ? "a whole number" : "a number")
                + " from "
                + words(parameter.least())
                + " to "
                + words(parameter.most());
    }

    private static String words(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? String.valueOf((long) value)
                : String.valueOf(value);
    }

    private Parameter parameter(String name) {
        return info.parameters().stream()
                .filter(p -> p.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(info.name() + " has no " + name));
    }

    /** The policy whose settings these are. */
    public PolicyInfo info() {
        return info;
    }

    /** A value. */
    public double real(String name) {
        parameter(name);
        return values.getOrDefault(name, Double.NaN);
    }

    /** A whole value. */
    public int whole(String name) {
        return (int) Math.rint(real(name));
    }

    /** A chosen word. */
    public String choice(String name) {
        return parameter(name).choices().get(whole(name));
    }

    /** The value as people read and type it. */
    public String text(String name) {
        List<String> choices = parameter(name).choices();
        return choices.isEmpty() ? words(real(name)) : choice(name);
    }

    /** All of them, as {@code block=128, stride=8}. */
    public String text() {
        return info.parameters().stream()
                .map(p -> p.name() + "=" + text(p.name()))
                .collect(Collectors.joining(", "));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Settings s
                && s.info.name().equals(info.name())
                && s.values.equals(values);
    }

    @Override
    public int hashCode() {
        return 31 * info.name().hashCode() + values.hashCode();
    }

    @Override
    public String toString() {
        return info.name() + "(" + text() + ")";
    }
}
