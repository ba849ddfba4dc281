package org.headlight.assets;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/**
 * Where an operating system wants caches: {@code XDG_CACHE_HOME} or ~/.cache on Linux,
 * ~/Library/Caches on macOS, {@code LOCALAPPDATA} on Windows; the property {@code headlight.cache}
 * overrides all.
 */
final class CacheFolder {
    private final Properties properties;
    private final Map<String, String> environment;

    CacheFolder(Properties properties, Map<String, String> environment) {
        this.properties = properties;
        this.environment = environment;
    }

    Path path() {
        String override = properties.getProperty("headlight.cache");
        if (override != null) {
            return Path.of(override);
        }
        Path home = Path.of(properties.getProperty("user.home", "."));
        String os = properties.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        if (os.startsWith("mac")) {
            return home.resolve("Library/Caches/headlight");
        }
        if (os.startsWith("windows")) {
            String local = environment.get("LOCALAPPDATA");
            return (local == null ? home.resolve("AppData/Local") : Path.of(local))
                    .resolve("headlight/cache");
        }
        String xdg = environment.get("XDG_CACHE_HOME");
        return (xdg == null || xdg.isEmpty() ? home.resolve(".cache") : Path.of(xdg))
                .resolve("headlight");
    }
}
