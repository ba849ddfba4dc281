package org.headlight.app.cli.bench;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;

import org.headlight.app.Main;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts this program again as a child process, with the same options of the virtual machine. */
public final class Fork {
    private final List<String> command;

    public Fork() {
        command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (!option.startsWith("-Dheadlight.stderr")
                    && !option.startsWith("-agentlib")
                    && !option.startsWith("-javaagent")) {
                command.add(option);
            }
        }
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(Main.class.getName());
    }

    /**
     * Runs the program with these arguments and reads the JSON that it prints.
     *
     * @throws BadInputException when it fails
     */
    public JsonObject json(List<String> args, Progress progress) {
        List<String> line = new ArrayList<>(command);
        line.addAll(args);
        try {
            Process process =
                    new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.DISCARD).start();
            try {
                String out =
                        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                int status = process.waitFor();
                progress.check();
                if (status != 0) {
                    throw new BadInputException(
                            "A child process of the benchmark ended with status "
                                    + status
                                    + "; run headlight "
                                    + String.join(" ", args)
                                    + " to see why.");
                }
                return JsonParser.parseString(out).getAsJsonObject();
            } finally {
                process.destroy();
            }
        } catch (IOException | JsonParseException e) {
            throw new BadInputException(
                    "A child process of the benchmark could not be run (" + e.getMessage() + ").",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new org.headlight.engine.problem.CancelledException();
        }
    }
}
