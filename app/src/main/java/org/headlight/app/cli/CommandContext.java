package org.headlight.app.cli;

import org.headlight.app.workbench.LaunchRequest;

import java.io.PrintStream;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What a command may touch of the world outside.
 *
 * @param out results: JSON or tables, nothing else
 * @param err progress and sentences for people
 * @param terminal whether a person watches
 * @param environment variables of the process
 * @param interrupt Ctrl-C
 * @param window opens the window and returns when it is closed
 */
public record CommandContext(
        PrintStream out,
        PrintStream err,
        boolean terminal,
        Map<String, String> environment,
        Interrupt interrupt,
        Consumer<LaunchRequest> window) {}
