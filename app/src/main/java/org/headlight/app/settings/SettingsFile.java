package org.headlight.app.settings;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/**
 * Where the settings lie: {@code XDG_CONFIG_HOME} or ~/.config on Linux, ~/Library/Application
 * Support on macOS, {@code APPDATA} on Windows; the property {@code headlight.settings} names
 * another file.
 */
public final class SettingsFile {
    private final Properties properties;
    private final Map<String, String> environment;

    public SettingsFile(Properties properties, Map<String, String> environment) {
        this.properties = properties;
        this.environment = environment;
    }

    /** The file; it need not exist. */
    public Path path() {
        String override = properties.getProperty("headlight.settings");
        return override != null ? Path.of(override) : folder().resolve("settings.json");
    }

    private Path folder() {
        Path home = Path.of(properties.getProperty("user.home", "."));
        String os = properties.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        if (os.startsWith("mac")) {
            return home.resolve("Library/Application Support/Headlight");
        }
        if (os.startsWith("windows")) {
            return variable("APPDATA", home.resolve("AppData/Roaming")).resolve("Headlight");
        }
        return variable("XDG_CONFIG_HOME", home.resolve(".config")).resolve("headlight");
    }

    private Path variable(String name, Path otherwise) {
        String value = environment.get(name);
        return value == null || value.isEmpty() ? otherwise : Path.of(value);
    }
}
