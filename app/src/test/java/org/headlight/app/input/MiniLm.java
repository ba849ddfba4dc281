package org.headlight.app.input;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;

/** all-MiniLM-L6-v2: an encoder, whose output is no logits. */
public final class MiniLm {
    private MiniLm() {}

    /** A folder with it, as a user would have it. */
    public static Path in(Path folder) throws IOException {
        copy("/all-minilm-l6-v2.onnx", folder.resolve("model.onnx"));
        copy("/all-minilm-l6-v2-tokenizer.json", folder.resolve("tokenizer.json"));
        return folder;
    }

    private static void copy(String resource, Path to) throws IOException {
        try (InputStream in = MiniLm.class.getResourceAsStream(resource)) {
            Files.copy(Objects.requireNonNull(in), to, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
