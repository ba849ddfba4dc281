package org.headlight.engine.model;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;

import org.headlight.engine.problem.BadInputException;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What config.json says of a model.
 *
 * @param type its {@code model_type}; empty when unknown
 * @param vocabulary its {@code vocab_size}; 0 when unknown
 * @param maxPositions its {@code max_position_embeddings} or the like; 0 when unknown
 */
record ModelConfig(String type, int vocabulary, int maxPositions) {
    private static final ModelConfig UNKNOWN = new ModelConfig("", 0, 0);
    private static final long LARGEST_FILE = 16L << 20;

    /**
     * Reads a config.json.
     *
     * @param file null when there is none
     * @throws BadInputException when it is no such file
     */
    static ModelConfig read(@Nullable Path file) {
        if (file == null) {
            return UNKNOWN;
        }
        if (Files.isDirectory(file)) {
            throw bad(file, "a folder", null);
        }
        try {
            if (Files.size(file) > LARGEST_FILE) {
                throw bad(file, "larger than 16 MB", null);
            }
            try (Reader reader = Files.newBufferedReader(file)) {
                JsonElement json = JsonParser.parseReader(reader);
                if (!json.isJsonObject()) {
                    throw bad(file, "no JSON object", null);
                }
                return of(json.getAsJsonObject());
            }
        } catch (IOException e) {
            throw new BadInputException(file + " cannot be read: " + e.getMessage() + ".", e);
        } catch (JsonParseException e) {
            throw bad(file, "not JSON", e);
        } catch (NumberFormatException e) {
            throw bad(file, "not usable: a size in it is no number", e);
        }
    }

    private static BadInputException bad(Path file, String what, @Nullable Exception cause) {
        String message =
                file
                        + " is "
                        + what
                        + "; expected the config.json of a Hugging Face model, or no such file.";
        return cause == null
                ? new BadInputException(message)
                : new BadInputException(message, cause);
    }

    private static ModelConfig of(JsonObject json) {
        JsonObject text = json;
        for (String part : new String[] {"text_config", "decoder"}) {
            if (!json.has("vocab_size") && json.has(part) && json.get(part).isJsonObject()) {
                text = json.getAsJsonObject(part);
            }
        }
        JsonElement type = json.get("model_type");
        return new ModelConfig(
                type != null && type.isJsonPrimitive() ? type.getAsString() : "",
                size(text, "vocab_size"),
                size(text, "max_position_embeddings", "n_positions", "n_ctx", "max_seq_len"));
    }

    private static int size(JsonObject json, String... names) {
        for (String name : names) {
            JsonElement value = json.get(name);
            if (value != null && value.isJsonPrimitive()) {
                double number = value.getAsDouble();
                if (number >= 1 && number <= Integer.MAX_VALUE) {
                    return (int) number;
                }
                throw new NumberFormatException(name);
            }
        }
        return 0;
    }
}
