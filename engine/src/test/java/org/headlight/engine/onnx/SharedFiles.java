package org.headlight.engine.onnx;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Models that tests read; those beside the repository are skipped where they are absent. */
public final class SharedFiles {
    private static final String DEMO = "assets/src/main/resources/org/headlight/assets/demo";

    private static final String FIXTURES = "fixtures/";

    private SharedFiles() {}

    /**
     * A file or folder of the folder beside the repository; fixtures lie where the system property
     * {@code headlight.fixtures} says when it is set.
     */
    public static Path shared(String relative) {
        String fixtures = System.getProperty("headlight.fixtures");
        if (fixtures != null && relative.startsWith(FIXTURES)) {
            Path set = Path.of(fixtures, relative.substring(FIXTURES.length()));
            assumeTrue(Files.exists(set), "skipped: " + set + " is not there");
            return set;
        }
        Path found = root().resolve("../shared").resolve(relative);
        assumeTrue(Files.exists(found), "skipped: ../shared/" + relative + " is not there");
        return found.normalize();
    }

    /** A file of the embedded demo model. */
    public static Path demo(String file) {
        return root().resolve(DEMO).resolve(file);
    }

    private static Path root() {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(root.resolve(".mvn"))) {
            root = Objects.requireNonNull(root.getParent(), "outside of the repository");
        }
        return root;
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
