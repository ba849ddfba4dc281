package org.headlight.app.command;

import java.util.List;

/**
 * The command that repeats an analysis.
 *
 * @param name of the command, such as "sinks"
 * @param source what is open
 * @param input what was run
 * @param options its options and their values, one after the other
 */
public record AnalysisCommand(
        String name, CommandSource source, RunInput input, List<String> options) {
    public AnalysisCommand {
        options = List.copyOf(options);
    }

    /** The command, for a POSIX shell. */
    public String words() {
        StringBuilder words = new StringBuilder("headlight ");
        words.append(name).append(' ').append(source.words(input));
        options.forEach(option -> words.append(' ').append(Shell.quote(option)));
        return words.toString();
    }
}
