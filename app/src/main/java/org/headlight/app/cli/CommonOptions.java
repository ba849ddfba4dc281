package org.headlight.app.cli;

import picocli.CommandLine.Option;

/** Options of every command. */
final class CommonOptions {
    @Option(
            names = "--json",
            description = "Prints one JSON document on standard output and nothing else there.")
    private boolean json;

    @Option(
            names = "--progress",
            description = "Reports progress on standard error even when that is no terminal.")
    private boolean progress;

    @SuppressWarnings("unused") // its presence is all that counts
    @Option(names = "--debug", description = "Prints the stack trace of a failure.")
    private boolean debug;

    @SuppressWarnings("unused") // its presence is all that counts
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    private boolean help;

    boolean json() {
        return json;
    }

    CommandProgress progress(CommandContext context) {
        return new CommandProgress(context, progress || context.terminal());
    }
}
