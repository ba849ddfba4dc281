package org.headlight.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import org.headlight.engine.device.DeviceSetup;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * A command line that was run as a user gives it, without a window.
 *
 * @param status its exit status
 * @param out what it printed
 * @param err what it said on standard error
 */
record CommandRun(int status, String out, String err) {

    /** Runs a command line to its end. */
    static CommandRun of(String... args) {
        return of(new Interrupt(), new ByteArrayOutputStream(), args);
    }

    /**
     * Runs a command line that may be interrupted.
     *
     * @param out where it prints; what is printed is known afterwards where this keeps its bytes
     */
    static CommandRun of(Interrupt interrupt, OutputStream out, String... args) {
        return of(interrupt, out, new ByteArrayOutputStream(), args);
    }

    /**
     * The same, watched.
     *
     * @param err where it speaks to people
     */
    static CommandRun of(
            Interrupt interrupt, OutputStream out, ByteArrayOutputStream err, String... args) {
        int status =
                Headlight.run(
                        List.of(args),
                        new CommandContext(
                                new PrintStream(out, true, StandardCharsets.UTF_8),
                                new PrintStream(err, true, StandardCharsets.UTF_8),
                                false,
                                Map.of(),
                                interrupt,
                                DeviceSetup::ofProcess,
                                request -> {
                                    throw new AssertionError("no window was asked for");
                                }));
        String printed =
                out instanceof ByteArrayOutputStream bytes
                        ? bytes.toString(StandardCharsets.UTF_8)
                        : "";
        return new CommandRun(status, printed, err.toString(StandardCharsets.UTF_8));
    }

    /** What it printed, of a run that went well and had nothing to say. */
    JsonObject json() {
        assertThat(err).isEmpty();
        assertThat(status).isZero();
        return JsonParser.parseString(out).getAsJsonObject();
    }

    /** It failed with this sentence, and printed nothing. */
    void assertFailed(int expected, String sentence) {
        assertThat(err.lines().findFirst().orElse("")).isEqualTo(sentence);
        assertThat(status).isEqualTo(expected);
        assertThat(out).isEmpty();
    }
}
