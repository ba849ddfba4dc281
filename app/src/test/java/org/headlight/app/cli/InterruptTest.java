package org.headlight.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class InterruptTest {
    private final Interrupt interrupt = new Interrupt();
    private final List<String> done = new ArrayList<>();

    @Test
    void theWindowIsToldWhenTheProcessIsAskedToEnd() {
        interrupt.whenAsked(() -> done.add("closed"));
        assertThat(interrupt.asked()).isFalse();
        assertThat(done).isEmpty();
        interrupt.ask();
        assertThat(interrupt.asked()).isTrue();
        assertThat(done).containsExactly("closed");
    }

    @Test
    void aWindowThatOpensTooLateIsToldAtOnce() {
        interrupt.ask();
        interrupt.whenAsked(() -> done.add("closed"));
        assertThat(done).containsExactly("closed");
    }

    /**
     * Starts {@link InterruptedWork}, asks it to end once it works, and returns what it printed. By
     * SIGTERM: Ctrl-C's signal is ignored by what was started in the background.
     */
    private static List<String> ended(int workStatus, int expectedStatus)
            throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                InterruptedWork.class.getName(),
                                Integer.toString(workStatus))
                        .redirectErrorStream(true)
                        .start();
        try (BufferedReader printed = process.inputReader(StandardCharsets.UTF_8)) {
            List<String> lines = new ArrayList<>();
            lines.add(printed.readLine());
            process.toHandle().destroy();
            printed.lines().forEach(lines::add);
            assertThat(process.waitFor()).isEqualTo(expectedStatus);
            return lines;
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void theMachineStaysWholeUntilTheWorkHasEnded() throws Exception {
        assertThat(ended(130, 143)).containsExactly("at work", "still whole");
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void workThatWasDoneNonethelessIsDone() throws Exception {
        assertThat(ended(0, 0)).containsExactly("at work", "still whole");
    }
}
