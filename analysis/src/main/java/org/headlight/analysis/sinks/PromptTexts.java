package org.headlight.analysis.sinks;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;

import org.headlight.engine.problem.BadInputException;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Texts to make prompts from.
 *
 * @param name where they are from
 * @param texts in order
 */
public record PromptTexts(String name, List<String> texts) {
    public PromptTexts {
        texts = List.copyOf(texts);
    }

    /**
     * The texts of a file.
     *
     * @param name the file; what ends in .jsonl has an object with a text a line, any other one
     *     text a line
     * @param content what is in it
     * @param whole whether a file that is no JSONL is one running text
     * @throws BadInputException when it has no text, or a line is no object with a text
     */
    public static PromptTexts of(String name, String content, boolean whole) {
        boolean json = name.toLowerCase(Locale.ROOT).endsWith(".jsonl");
        if (whole && !json && !content.isBlank()) {
            return new PromptTexts(name, List.of(content));
        }
        List<String> texts = new ArrayList<>();
        int number = 0;
        for (String line : content.lines().toList()) {
            number++;
            if (!line.isBlank()) {
                texts.add(json ? text(line, name, number) : line);
            }
        }
        if (texts.isEmpty()) {
            throw new BadInputException(name + " has no prompts; expected one a line.");
        }
        return new PromptTexts(name, texts);
    }

    private static String text(String line, String name, int number) {
        try {
            JsonElement element = JsonParser.parseString(line);
            if (element.isJsonObject()) {
                JsonElement text = element.getAsJsonObject().get("text");
                if (text != null && text.isJsonPrimitive()) {
                    return text.getAsString();
                }
            }
        } catch (JsonParseException e) {
            throw notOne(name, number, e);
        }
        throw notOne(name, number, null);
    }

    private static BadInputException notOne(
            String name, int number, @Nullable JsonParseException cause) {
        String sentence =
                name
                        + ", line "
                        + number
                        + " is no JSON object with a \"text\"; expected one such as {\"text\": \"It"
                        + " was\"}.";
        return cause == null
                ? new BadInputException(sentence)
                : new BadInputException(sentence, cause);
    }
}
