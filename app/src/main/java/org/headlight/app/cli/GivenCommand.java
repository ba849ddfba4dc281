package org.headlight.app.cli;

import picocli.CommandLine.Model.CommandSpec;

import java.util.stream.Collectors;

/** The command line as it was given, so that somebody can give it again. */
record GivenCommand(CommandSpec spec) {
    String text() {
        return "headlight "
                + spec.root().commandLine().getParseResult().originalArgs().stream()
                        .map(GivenCommand::quoted)
                        .collect(Collectors.joining(" "));
    }

    private static String quoted(String argument) {
        return argument.matches("[\\w./:,=+@-]+")
                ? argument
                : "'" + argument.replace("'", "'\\''") + "'";
    }
}
