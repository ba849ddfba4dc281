package org.headlight.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.engine.task.Progress;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

class LongCommandLineTest {
    /** The program that the test starts: opens a model and says its number of sites. */
    static final class Program {
        private Program() {}

        public static void main(String[] args) {
            try (OnnxModel model =
                    OnnxModels.open(Path.of(args[0]), ModelOptions.defaults(), Progress.NONE)) {
                System.out.print("sites: " + model.info().sites().size());
            }
        }
    }

    @Test
    void aLongCommandLineDoesNotCrashTheRuntime() throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-Dlong=" + "x".repeat(8_000),
                                "-cp",
                                System.getProperty(
                                        "surefire.test.class.path",
                                        System.getProperty("java.class.path")),
                                Program.class.getName(),
                                Models.demoWithoutCache().toString())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).isZero();
        assertThat(said).isEqualTo("sites: 4");
    }
}
