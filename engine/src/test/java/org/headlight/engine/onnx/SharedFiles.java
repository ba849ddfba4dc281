package org.headlight.engine.onnx;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Models that tests read; those beside the repository are skipped where they are absent. */
public final class SharedFiles {
    private SharedFiles() {}

    /** A file or folder of the folder beside the repository. */
    public static Path shared(String relative) {
        Path root = Path.of("").toAbsolutePath();
        while (root != null && !Files.isDirectory(root.resolve(".mvn"))) {
            root = root.getParent();
        }
        Path found = root == null ? Path.of(relative) : root.resolve("../shared").resolve(relative);
        assumeTrue(Files.exists(found), "skipped: ../shared/" + relative + " is not there");
        return found.normalize();
    }

    /** The MiniLM encoder out of its Maven artifact, copied into a folder. */
    public static Path miniLm(Path folder) {
        Path file = folder.resolve("all-minilm-l6-v2.onnx");
        try (InputStream in = SharedFiles.class.getResourceAsStream("/all-minilm-l6-v2.onnx")) {
            if (in == null) {
                throw new IllegalStateException("the artifact holds no all-minilm-l6-v2.onnx");
            }
            Files.copy(in, file);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
