package org.headlight.engine.model;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The tokens that end a text: {@code eos_token_id} of generation_config.json, config.json or
 * genai_config.json, the first of these that has one. A side file that is no JSON has none.
 */
final class EndTokens {
    private static final long LARGEST_FILE = 16L << 20;
    private static final String KEY = "eos_token_id";

    private EndTokens() {}

    /** The ids; empty when no file says. */
    static Set<Integer> read(ModelFiles files) {
        for (String name : List.of("generation_config.json", "config.json", "genai_config.json")) {
            Set<Integer> ids = files.beside(name).map(EndTokens::in).orElse(Set.of());
            if (!ids.isEmpty()) {
                return ids;
            }
        }
        return Set.of();
    }

    private static Set<Integer> in(Path file) {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > LARGEST_FILE) {
                return Set.of();
            }
            try (Reader reader = Files.newBufferedReader(file)) {
                JsonElement json = JsonParser.parseReader(reader);
                return json.isJsonObject() ? ids(json.getAsJsonObject()) : Set.of();
            }
        } catch (IOException | JsonParseException e) {
            return Set.of();
        }
    }

    private static Set<Integer> ids(JsonObject json) {
        for (String part : List.of("", "text_config", "decoder", "model")) {
            Optional<JsonObject> object = part.isEmpty() ? Optional.of(json) : object(json, part);
            Set<Integer> ids = object.map(o -> numbers(o.get(KEY))).orElse(Set.of());
            if (!ids.isEmpty()) {
                return ids;
            }
        }
        return Set.of();
    }

    private static Optional<JsonObject> object(JsonObject json, String name) {
        JsonElement element = json.get(name);
        return element != null && element.isJsonObject()
                ? Optional.of(element.getAsJsonObject())
                : Optional.empty();
    }

    /** A number, or a list of them. */
    private static Set<Integer> numbers(@Nullable JsonElement element) {
        Set<Integer> ids = new LinkedHashSet<>();
        if (element == null) {
            return ids;
        }
        for (JsonElement one :
                element.isJsonArray() ? element.getAsJsonArray() : List.of(element)) {
            if (one.isJsonPrimitive() && one.getAsJsonPrimitive().isNumber()) {
                ids.add(one.getAsInt());
            }
        }
        return ids;
    }
}
