package org.headlight.app.cli.bench;

import org.headlight.engine.problem.BadInputException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Small models with random weights, in floats and in halves, which are gone when done with. */
public final class MadeModels {
    private static final int LAYERS = 2;

    private MadeModels() {}

    /** What is done with a model. */
    @FunctionalInterface
    public interface Work {
        void with(Path folder, boolean halves);
    }

    /** Writes one after the other into a temporary folder. */
    public static void inTurn(Work work) {
        for (boolean halves : new boolean[] {false, true}) {
            try {
                Path folder = Files.createTempDirectory("headlight-llama");
                try {
                    work.with(RandomLlama.write(folder, LAYERS, halves), halves);
                } finally {
                    delete(folder);
                }
            } catch (IOException e) {
                throw new BadInputException(
                        "The folder for temporary files cannot be written: " + e.getMessage(), e);
            }
        }
    }

    static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
