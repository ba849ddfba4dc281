package org.headlight.app.cli;

import org.headlight.app.workbench.LaunchRequest;
import org.headlight.engine.device.Devices;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What a command may touch of the world outside.
 *
 * @param out results: JSON or tables, nothing else
 * @param err progress and sentences for people
 * @param terminal whether a person watches
 * @param environment variables of the process
 * @param interrupt Ctrl-C
 * @param devices where models can run, given the folder of natives that was named
 * @param window opens the window and returns when it is closed
 */
public record CommandContext(
        PrintStream out,
        PrintStream err,
        boolean terminal,
        Map<String, String> environment,
        Interrupt interrupt,
        Function<Optional<Path>, Devices> devices,
        Consumer<LaunchRequest> window) {}
