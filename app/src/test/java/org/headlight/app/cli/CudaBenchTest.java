package org.headlight.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;

/** The benchmark of attention on a GPU, where there is none. */
class CudaBenchTest {
    @Test
    void withoutADriverItSaysSoInOneSentence() {
        Assumptions.assumeFalse(
                Files.exists(Path.of("/usr/lib/x86_64-linux-gnu/libcuda.so.1"))
                        || Files.exists(Path.of("/usr/lib64/libcuda.so.1"))
                        || Files.exists(Path.of("/usr/local/nvidia"))
                        || !System.getProperty("os.name").equals("Linux"),
                "There may be an NVIDIA driver here.");
        CommandRun run = CommandRun.of("bench", "cuda");
        assertThat(run.status()).isEqualTo(3);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .isEqualToIgnoringNewLines(
                        "There is no NVIDIA driver here (libcuda.so.1 is not found);"
                                + " install it, or run on the CPU (--device cpu).");
    }
}
