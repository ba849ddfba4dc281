package org.headlight.app.cli;

import org.headlight.engine.problem.BadInputException;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What is wrong about a command line itself, whatever it works on: a value that could never be
 * right, and an option that would do nothing. A value that this source has not, such as a head or a
 * position, is bad input instead.
 */
final class Usage {
    private final CommandSpec spec;

    private Usage(CommandSpec spec) {
        this.spec = spec;
    }

    /** The usage of the command that options belong to, once they are read. */
    static Usage of(@Nullable CommandSpec spec) {
        return new Usage(Objects.requireNonNull(spec));
    }

    /** Wrong usage, to be thrown. */
    ParameterException wrong(String sentence) {
        return new ParameterException(spec.commandLine(), sentence);
    }

    /**
     * Settings that are made of options alone.
     *
     * @throws ParameterException with the sentence by which they refuse a value
     */
    <T> T made(Supplier<T> settings) {
        try {
            return settings.get();
        } catch (BadInputException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    /** Refuses those of the options that are given, when what they belong to is not. */
    void belong(boolean there, String owner, String... options) {
        belong(there, List.of(owner), options);
    }

    /** The same for options that belong to any of several. */
    void belong(boolean there, List<String> owners, String... options) {
        List<String> idle = there ? List.of() : given(options);
        if (!idle.isEmpty()) {
            throw wrong(
                    joined(idle)
                            + (idle.size() == 1 ? " belongs to " : " belong to ")
                            + joined(owners)
                            + (owners.size() == 1
                                    ? "; give that too."
                                    : "; give one of these too."));
        }
    }

    /**
     * Refuses those of the options that are given, when something makes them do nothing.
     *
     * @param where they do nothing, such as "beside --heads"
     */
    void idle(boolean there, String where, String... options) {
        List<String> idle = there ? given(options) : List.of();
        if (!idle.isEmpty()) {
            throw wrong(
                    joined(idle)
                            + (idle.size() == 1 ? " does nothing " : " do nothing ")
                            + where
                            + (idle.size() == 1 ? "; leave it out." : "; leave them out."));
        }
    }

    private List<String> given(String... options) {
        return Stream.of(options)
                .filter(option -> spec.commandLine().getParseResult().hasMatchedOption(option))
                .toList();
    }

    private static String joined(List<String> names) {
        int last = names.size() - 1;
        return last == 0
                ? names.getFirst()
                : String.join(", ", names.subList(0, last)) + " and " + names.get(last);
    }
}
