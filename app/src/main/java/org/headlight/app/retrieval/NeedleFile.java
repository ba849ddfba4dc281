package org.headlight.app.retrieval;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;

import org.headlight.analysis.retrieval.Needle;
import org.headlight.app.input.TextFile;
import org.headlight.engine.problem.BadInputException;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads needles: one JSON object a line, or an array of them. Each has {@code needle} (or {@code
 * text}), {@code question} and {@code answer}, and may have {@code name} and {@code prompt}.
 */
public final class NeedleFile {
    private final Path file;

    private NeedleFile(Path file) {
        this.file = file;
    }

    /**
     * Reads a file.
     *
     * @throws BadInputException when it is no such file, with the place
     */
    public static List<Needle> read(Path file) {
        return new NeedleFile(file).needles(TextFile.read(file));
    }

    private List<Needle> needles(String text) {
        List<Needle> needles = new ArrayList<>();
        if (text.stripLeading().startsWith("[")) {
            JsonArray array = parsed(text, "").getAsJsonArray();
            for (int i = 0; i < array.size(); i++) {
                needles.add(needle(array.get(i), "entry " + (i + 1), needles.size()));
            }
        } else {
            List<String> lines = text.lines().toList();
            for (int i = 0; i < lines.size(); i++) {
                if (!lines.get(i).isBlank()) {
                    String place = "line " + (i + 1);
                    needles.add(needle(parsed(lines.get(i), place), place, needles.size()));
                }
            }
        }
        if (needles.isEmpty()) {
            throw bad("", "it holds none");
        }
        return needles;
    }

    private JsonElement parsed(String text, String place) {
        try {
            return JsonParser.parseString(text);
        } catch (JsonParseException e) {
            throw bad(place, "that is no JSON");
        }
    }

    private Needle needle(JsonElement element, String place, int index) {
        if (!(element instanceof JsonObject object)) {
            throw bad(place, "that is no JSON object");
        }
        String part = object.has("needle") ? "needle" : "text";
        return new Needle(
                object.has("name") ? string(object, "name", place) : "needle " + (index + 1),
                string(object, part, place),
                string(object, "question", place),
                string(object, "answer", place),
                object.has("prompt") ? string(object, "prompt", place) : Needle.DEFAULT_PROMPT);
    }

    private String string(JsonObject object, String part, String place) {
        if (object.get(part) instanceof JsonPrimitive value && value.isString()) {
            return value.getAsString();
        }
        throw bad(place, "it has no \"" + (part.equals("text") ? "needle" : part) + "\"");
    }

    private BadInputException bad(String place, String what) {
        return new BadInputException(
                file.getFileName()
                        + (place.isEmpty() ? "" : ", " + place)
                        + ": "
                        + what
                        + "; expected needles, one a line, such as {\"needle\": \"The code of the"
                        + " old mill is 4821.\", \"question\": \"What is the code of the old"
                        + " mill?\", \"answer\": \"4821\"}.");
    }
}
