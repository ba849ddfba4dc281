package org.headlight.engine.model;

import org.headlight.engine.onnx.SharedFiles;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The models that tests run, and inputs for them. */
final class Models {
    private Models() {}

    static Path demo() {
        return SharedFiles.demo("model.onnx");
    }

    static Path demoWithoutCache() {
        return SharedFiles.demo("model_no_cache.onnx");
    }

    static Path moonshine(String file) {
        return SharedFiles.shared("models/moonshine-tiny/" + file);
    }

    /** A folder with all-MiniLM-L6-v2, as a user would have it. */
    static Path miniLm(Path folder) throws IOException {
        copy("/all-minilm-l6-v2.onnx", folder.resolve("model.onnx"));
        copy("/all-minilm-l6-v2-tokenizer.json", folder.resolve("tokenizer.json"));
        return folder;
    }

    private static void copy(String resource, Path to) throws IOException {
        try (InputStream in = Models.class.getResourceAsStream(resource)) {
            Files.copy(Objects.requireNonNull(in), to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    static OnnxModel open(Path path) {
        return OnnxModels.open(path, ModelOptions.defaults(), Progress.NONE);
    }

    /** Tokens spread over a vocabulary; the same for the same numbers. */
    static List<Token> tokens(int count, int vocabulary) {
        List<Token> tokens = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int id = (int) ((7L + 131L * i * (i % 5 + 1)) % vocabulary);
            tokens.add(new Token(i, id, "#" + id, false));
        }
        return tokens;
    }

    /** The samples of the 16 kHz recording, from -1 to 1, [1, samples]. */
    static InputTensor speech(int samples) throws IOException {
        ByteBuffer wav =
                ByteBuffer.wrap(Files.readAllBytes(moonshine("speech-16khz.wav")))
                        .order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[samples];
        for (int i = 0; i < samples; i++) {
            values[i] = wav.getShort(44 + 2 * i) / 32_768f;
        }
        return InputTensor.floats(values, 1, samples);
    }
}
