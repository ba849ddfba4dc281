package org.headlight.engine.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Libraries of CUDA beside the natives, played by libraries that a compiler makes of nothing. */
class BesideLibrariesTest {

    @Test
    @SuppressWarnings("restricted")
    void aProviderFindsWhatLiesBesideItThoughTheLoaderDoesNotLookThere(@TempDir Path folder)
            throws IOException, InterruptedException {
        Assumptions.assumeTrue(
                System.getProperty("os.name").equals("Linux"), "This is about Linux's loader.");
        library(folder, "libcufft.so.11");
        // It comes before the one that it needs.
        library(folder, "libcudnn.so.9", "libcufft.so.11");
        library(folder, "libprovider.so", "libcudnn.so.9");
        Path provider = folder.resolve("libprovider.so");
        try (Arena arena = Arena.ofConfined()) {
            assertThatThrownBy(() -> SymbolLookup.libraryLookup(provider, arena))
                    .isInstanceOf(IllegalArgumentException.class);
            new BesideLibraries(folder, Platform.LINUX).load();
            assertThat(SymbolLookup.libraryLookup(provider, arena).find("answer")).isPresent();
        }
    }

    private static void library(Path folder, String name, String... needed)
            throws IOException, InterruptedException {
        Path source = folder.resolve("library.c");
        Files.writeString(source, "int answer(void) { return 42; }");
        List<String> command =
                new ArrayList<>(
                        List.of("g++", "-x", "c", source.toString(), "-x", "none", "-shared"));
        command.addAll(List.of("-fPIC", "-Wl,--no-as-needed", "-Wl,-soname," + name));
        command.addAll(List.of("-o", folder.resolve(name).toString()));
        for (String other : needed) {
            command.add(folder.resolve(other).toString());
        }
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            byte[] words = process.getInputStream().readAllBytes();
            assertThat(process.waitFor()).as(new String(words, StandardCharsets.UTF_8)).isZero();
        } catch (IOException e) {
            Assumptions.abort("There is no g++ here, which makes the libraries.");
        }
    }
}
