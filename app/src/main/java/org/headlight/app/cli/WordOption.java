package org.headlight.app.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * An option that takes one of a few words, in any case: the names of an enum.
 *
 * @param name of the option, such as --cost
 * @param values what may be named
 */
record WordOption<E extends Enum<E>>(String name, Class<E> values) {

    /**
     * What a word names.
     *
     * @throws ParameterException when it names nothing
     */
    E of(String word, CommandSpec spec) {
        return Arrays.stream(values.getEnumConstants())
                .filter(value -> value.name().equalsIgnoreCase(word))
                .findFirst()
                .orElseThrow(() ->
                        new ParameterException(
                                spec.commandLine(),
                                name + " is \"" + word + "\"; expected " + words() + "."));
    }

    private String words() {
        return Arrays.stream(values.getEnumConstants())
                .map(value -> value.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(" or "));
    }
}
