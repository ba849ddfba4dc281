package org.headlight.app.settings;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;

import org.headlight.engine.device.Device;
import org.headlight.engine.problem.BadInputException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reads and writes the settings, a versioned JSON file. Whatever is wrong with the file, one gets
 * settings: a value that makes no sense is replaced by its default, and the file is only ever
 * replaced whole.
 */
public final class SettingsStore {
    static final int VERSION = 1;
    private static final long LARGEST_FILE = 1 << 20;

    private final Path file;

    public SettingsStore(Path file) {
        this.file = file;
    }

    /** The settings in the file; the defaults when there are none to be had. */
    public Settings load() {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > LARGEST_FILE) {
                return Settings.defaults();
            }
            JsonElement json = JsonParser.parseString(Files.readString(file));
            if (!json.isJsonObject() || number(json.getAsJsonObject(), "version", 0) != VERSION) {
                return Settings.defaults();
            }
            return read(json.getAsJsonObject());
        } catch (IOException | JsonParseException | StackOverflowError e) {
            return Settings.defaults();
        }
    }

    private static Settings read(JsonObject json) {
        Settings none = Settings.defaults();
        JsonObject window = object(json, "window");
        JsonObject panes = object(json, "panes");
        WindowSize w = none.window();
        PaneSizes p = none.panes();
        int threads = (int) number(json, "threads", 0);
        return new Settings(
                ThemeChoice.ofWord(text(json, "theme")).orElse(none.theme()),
                threads >= 1 && threads <= 1024 ? OptionalInt.of(threads) : OptionalInt.empty(),
                paths(json),
                new WindowSize(
                        within(number(window, "width", w.width()), 800, 16_384, w.width()),
                        within(number(window, "height", w.height()), 560, 16_384, w.height()),
                        flag(window, "maximized", w.maximized())),
                new PaneSizes(
                        within(number(panes, "headsWidth", -1), 120, 2_000, p.headsWidth()),
                        flag(panes, "headsShown", p.headsShown()),
                        within(number(panes, "inspectorWidth", -1), 120, 2_000, p.inspectorWidth()),
                        flag(panes, "inspectorShown", p.inspectorShown()),
                        within(number(panes, "lowerHeight", -1), 80, 2_000, p.lowerHeight()),
                        flag(panes, "lowerShown", p.lowerShown())),
                writing(object(json, "writing"), none.writing()),
                new DeviceSettings(device(text(json, "device")), folder(text(json, "natives"))));
    }

    private static WritingChoice writing(JsonObject json, WritingChoice none) {
        int most = WritingChoice.MOST_TOKENS;
        return new WritingChoice(
                whole(json, "maxTokens", 1, most, none.maxTokens()),
                within(
                        number(json, "temperature", -1),
                        0,
                        WritingChoice.HOTTEST,
                        none.temperature()),
                whole(json, "topK", 0, most, none.topK()),
                within(number(json, "topP", -1), WritingChoice.LEAST_SHARE, 1, none.topP()),
                whole(json, "seed", 0, Integer.MAX_VALUE, none.seed()));
    }

    /**
     * Writes the settings: into a file beside, which then takes the place of the old one.
     *
     * @throws IOException when the folder cannot be written to
     */
    public void save(Settings settings) throws IOException {
        JsonObject json = new JsonObject();
        json.addProperty("version", VERSION);
        json.addProperty("theme", settings.theme().word());
        settings.threads().ifPresent(threads -> json.addProperty("threads", threads));
        JsonArray recent = new JsonArray();
        settings.recent().forEach(path -> recent.add(path.toString()));
        json.add("recent", recent);
        Gson gson = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();
        json.add("window", gson.toJsonTree(settings.window()));
        json.add("panes", gson.toJsonTree(settings.panes()));
        json.add("writing", gson.toJsonTree(settings.writing()));
        json.addProperty("device", settings.device().device().word());
        settings.device()
                .natives()
                .ifPresent(folder -> json.addProperty("natives", folder.toString()));
        Path target = file.toAbsolutePath();
        Path folder = target.getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Path fresh = target.resolveSibling(target.getFileName() + ".new");
        Files.write(fresh, gson.toJson(json).getBytes(StandardCharsets.UTF_8));
        Files.move(
                fresh, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private static JsonObject object(JsonObject json, String key) {
        JsonElement value = json.get(key);
        return value != null && value.isJsonObject() ? value.getAsJsonObject() : new JsonObject();
    }

    private static String text(JsonObject json, String key) {
        JsonElement value = json.get(key);
        return value != null && value.isJsonPrimitive() ? value.getAsString() : "";
    }

    private static boolean flag(JsonObject json, String key, boolean otherwise) {
        JsonElement value = json.get(key);
        boolean given =
                value != null && value.isJsonPrimitive() && value.getAsJsonPrimitive().isBoolean();
        return given ? value.getAsBoolean() : otherwise;
    }

    private static double number(JsonObject json, String key, double otherwise) {
        JsonElement value = json.get(key);
        return value != null && value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber()
                ? value.getAsDouble()
                : otherwise;
    }

    private static double within(double value, double low, double high, double otherwise) {
        return value >= low && value <= high ? value : otherwise;
    }

    private static int whole(JsonObject json, String key, int low, int high, int otherwise) {
        return (int) within(number(json, key, otherwise), low, high, otherwise);
    }

    private static Device device(String word) {
        try {
            return Device.parse(word);
        } catch (BadInputException e) {
            return Device.CPU;
        }
    }

    private static Optional<Path> folder(String text) {
        return text.isEmpty() ? Optional.empty() : path(text);
    }

    private static Optional<Path> path(String text) {
        try {
            return Optional.of(Path.of(text));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static List<Path> paths(JsonObject json) {
        List<Path> paths = new ArrayList<>();
        JsonElement recent = json.get("recent");
        if (recent == null || !recent.isJsonArray()) {
            return paths;
        }
        for (JsonElement entry : recent.getAsJsonArray()) {
            if (entry.isJsonPrimitive()) {
                path(entry.getAsString()).ifPresent(paths::add);
            }
        }
        return paths;
    }
}
