package org.headlight.engine.cuda;

import org.junit.jupiter.api.Assumptions;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Compiles kernels for the processor, with the emulator of what a GPU has besides. */
public final class EmulatedCompiler implements KernelCompiler {
    private final Path folder;
    private final Map<String, Path> done = new HashMap<>();

    /** Skips the test where there is no compiler. */
    public EmulatedCompiler(Path folder) throws IOException {
        this.folder = folder;
        Assumptions.assumeTrue(
                System.getProperty("os.name").equals("Linux"),
                "The emulator of CUDA kernels runs on Linux only.");
        Assumptions.assumeTrue(
                runs(List.of("g++", "--version")),
                "There is no g++ here; the emulator of CUDA kernels needs it.");
        try (InputStream in = EmulatedCompiler.class.getResourceAsStream("/cuda/emulator.h")) {
            Files.write(folder.resolve("emulator.h"), in.readAllBytes());
        }
    }

    private static boolean runs(List<String> command) throws IOException {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getInputStream().readAllBytes();
            return process.waitFor() == 0;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public byte[] compile(String source, List<String> macros, int capability) {
        String key = source + macros;
        Path library = done.computeIfAbsent(key, _ -> build(source, macros));
        return library.toString().getBytes(StandardCharsets.UTF_8);
    }

    private Path build(String source, List<String> macros) {
        Path library = folder.resolve("kernels" + done.size() + ".so");
        Path file = folder.resolve("kernels" + done.size() + ".cpp");
        List<String> command = new ArrayList<>(List.of("g++", "-std=c++17", "-O1", "-w", "-fPIC"));
        command.addAll(List.of("-shared", "-DHEADLIGHT_EMULATED", "-include"));
        command.add(folder.resolve("emulator.h").toString());
        macros.forEach(macro -> command.add("-D" + macro));
        command.addAll(List.of("-o", library.toString(), file.toString()));
        try {
            Files.writeString(file, source);
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            byte[] words = process.getInputStream().readAllBytes();
            if (process.waitFor() != 0) {
                throw new AssertionError(new String(words, StandardCharsets.UTF_8));
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return library;
    }
}
