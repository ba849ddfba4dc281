package org.headlight.viz.export;

import org.headlight.viz.raster.NumberText;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where a figure comes from: what its caption and its metadata say.
 *
 * @param model short name of the model or dump
 * @param modelHash first digits of the model file's SHA-256; empty when unknown
 * @param tokens tokens of the input
 * @param software name and version of the program, such as "Headlight 0.1.0"
 * @param command the command line that makes the same file again; empty when there is none
 */
public record Provenance(
        String model, String modelHash, int tokens, String software, String command) {

    /**
     * A line under a figure of numbers: model, tokens, note, program.
     *
     * @param note empty for none
     */
    String caption(String note) {
        return Stream.of(
                        model,
                        tokens > 0 ? NumberText.count(tokens) + " tokens" : "",
                        note,
                        software)
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(" \u00b7 "));
    }

    /** What a figure of numbers says of itself by name, for the file's metadata. */
    Map<String, String> fields(String title, String caption) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("Title", title);
        fields.put("Software", software);
        fields.put("Description", caption);
        fields.put("model", model);
        fields.put("model-hash", modelHash);
        fields.put("tokens", Integer.toString(tokens));
        fields.put("command", command);
        fields.values().removeIf(String::isEmpty);
        return fields;
    }

    /** The same with another command. */
    public Provenance withCommand(String newCommand) {
        return new Provenance(model, modelHash, tokens, software, newCommand);
    }
}
