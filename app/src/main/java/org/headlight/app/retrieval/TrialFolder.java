package org.headlight.app.retrieval;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;

import org.headlight.analysis.retrieval.Copy;
import org.headlight.analysis.retrieval.HeadCopies;
import org.headlight.analysis.retrieval.MaskedTrial;
import org.headlight.analysis.retrieval.Trial;
import org.headlight.analysis.retrieval.TrialStore;
import org.headlight.engine.cut.HeadAddress;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.WholeFile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Trials in a folder, a small JSON file each, which is there whole or not at all. A file that
 * cannot be understood counts as missing: its trial is made again.
 */
public final class TrialFolder implements TrialStore {
    private final Path folder;

    /**
     * A folder; made when it is missing.
     *
     * @throws BadInputException when it is a file, or cannot be made
     */
    public TrialFolder(Path folder) {
        this.folder = folder;
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new BadInputException(
                    folder
                            + " cannot be the folder of the trials ("
                            + e.getClass().getSimpleName()
                            + "); name a folder, or one that can be made.",
                    e);
        }
    }

    @Override
    public Optional<Trial> trial(String key) {
        return read(key, TrialFolder::trial);
    }

    @Override
    public Optional<MaskedTrial> masked(String key) {
        return read(key, TrialFolder::masked);
    }

    @Override
    public void keep(String key, Trial trial) {
        write(key, json(trial));
    }

    @Override
    public void keep(String key, MaskedTrial trial) {
        write(key, json(trial));
    }

    private <T> Optional<T> read(String key, Function<JsonObject, T> reader) {
        Path file = file(key);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            String text = Files.readString(file, StandardCharsets.UTF_8);
            return Optional.of(reader.apply(JsonParser.parseString(text).getAsJsonObject()));
        } catch (IOException
                | JsonParseException
                | IllegalStateException
                | UnsupportedOperationException
                | ClassCastException
                | IndexOutOfBoundsException
                | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private void write(String key, JsonObject json) {
        ByteBuffer bytes = ByteBuffer.wrap(json.toString().getBytes(StandardCharsets.UTF_8));
        WholeFile.write(
                file(key),
                out -> {
                    while (bytes.hasRemaining()) {
                        out.write(bytes);
                    }
                });
    }

    private Path file(String key) {
        return folder.resolve(key + ".json");
    }

    private static JsonObject json(Trial trial) {
        JsonObject json = new JsonObject();
        json.addProperty("needle", trial.needle());
        json.addProperty("length", trial.length());
        json.addProperty("depth", trial.depth());
        json.addProperty("promptTokens", trial.promptTokens());
        json.addProperty("needleStart", trial.needleStart());
        json.addProperty("needleEnd", trial.needleEnd());
        json.addProperty("needleIds", trial.needleIds());
        json.add("response", ids(trial.response()));
        json.addProperty("text", trial.text());
        json.addProperty("stop", trial.stop());
        json.addProperty("recall", trial.recall());
        Map<Integer, JsonArray> layers = new LinkedHashMap<>();
        for (HeadAddress head : trial.heads()) {
            layers.computeIfAbsent(head.layer(), l -> new JsonArray()).add(head.head());
        }
        JsonObject heads = new JsonObject();
        layers.forEach((layer, list) -> heads.add(Integer.toString(layer), list));
        json.add("heads", heads);
        JsonArray copies = new JsonArray();
        for (HeadCopies of : trial.copies()) {
            JsonObject entry = new JsonObject();
            entry.addProperty("layer", of.head().layer());
            entry.addProperty("head", of.head().head());
            JsonArray list = new JsonArray();
            for (Copy copy : of.copies()) {
                JsonArray line = new JsonArray();
                line.add(copy.step());
                line.add(copy.position());
                line.add(copy.id());
                line.add(copy.weight());
                list.add(line);
            }
            entry.add("copies", list);
            copies.add(entry);
        }
        json.add("copies", copies);
        return json;
    }

    private static Trial trial(JsonObject json) {
        List<HeadAddress> heads = new ArrayList<>();
        for (Map.Entry<String, JsonElement> layer :
                part(json, "heads").getAsJsonObject().entrySet()) {
            for (JsonElement head : layer.getValue().getAsJsonArray()) {
                heads.add(HeadAddress.self(Integer.parseInt(layer.getKey()), head.getAsInt()));
            }
        }
        List<HeadCopies> copies = new ArrayList<>();
        for (JsonElement element : part(json, "copies").getAsJsonArray()) {
            JsonObject of = element.getAsJsonObject();
            List<Copy> list = new ArrayList<>();
            for (JsonElement line : part(of, "copies").getAsJsonArray()) {
                JsonArray copy = line.getAsJsonArray();
                list.add(
                        new Copy(
                                copy.get(0).getAsInt(),
                                copy.get(1).getAsInt(),
                                copy.get(2).getAsInt(),
                                copy.get(3).getAsDouble()));
            }
            HeadAddress head =
                    HeadAddress.self(part(of, "layer").getAsInt(), part(of, "head").getAsInt());
            copies.add(new HeadCopies(head, list));
        }
        return new Trial(
                part(json, "needle").getAsString(),
                part(json, "length").getAsInt(),
                part(json, "depth").getAsDouble(),
                part(json, "promptTokens").getAsInt(),
                part(json, "needleStart").getAsInt(),
                part(json, "needleEnd").getAsInt(),
                part(json, "needleIds").getAsInt(),
                ids(part(json, "response").getAsJsonArray()),
                part(json, "text").getAsString(),
                part(json, "stop").getAsString(),
                part(json, "recall").getAsDouble(),
                heads,
                copies);
    }

    private static JsonObject json(MaskedTrial trial) {
        JsonObject json = new JsonObject();
        json.addProperty("needle", trial.needle());
        json.addProperty("length", trial.length());
        json.addProperty("depth", trial.depth());
        json.add("response", ids(trial.response()));
        json.addProperty("text", trial.text());
        json.addProperty("recall", trial.recall());
        json.addProperty("passes", trial.passes());
        return json;
    }

    private static MaskedTrial masked(JsonObject json) {
        return new MaskedTrial(
                part(json, "needle").getAsString(),
                part(json, "length").getAsInt(),
                part(json, "depth").getAsDouble(),
                ids(part(json, "response").getAsJsonArray()),
                part(json, "text").getAsString(),
                part(json, "recall").getAsDouble(),
                part(json, "passes").getAsInt());
    }

    private static JsonElement part(JsonObject json, String name) {
        JsonElement part = json.get(name);
        if (part == null) {
            throw new JsonParseException("no " + name);
        }
        return part;
    }

    private static JsonArray ids(List<Integer> ids) {
        JsonArray array = new JsonArray();
        ids.forEach(array::add);
        return array;
    }

    private static List<Integer> ids(JsonArray array) {
        List<Integer> ids = new ArrayList<>();
        array.forEach(id -> ids.add(id.getAsInt()));
        return ids;
    }
}
