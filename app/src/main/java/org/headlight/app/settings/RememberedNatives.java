package org.headlight.app.settings;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** The folder of natives that a user named before: in the environment, or in the settings. */
public final class RememberedNatives {
    /** The variable that names it. */
    public static final String VARIABLE = "HEADLIGHT_NATIVES";

    private final Properties properties;
    private final Map<String, String> environment;

    public RememberedNatives(Properties properties, Map<String, String> environment) {
        this.properties = properties;
        this.environment = environment;
    }

    /** The folder; empty where none was named. */
    public Optional<Path> folder() {
        String named = environment.getOrDefault(VARIABLE, "");
        return named.isEmpty()
                ? new SettingsStore(new SettingsFile(properties, environment).path())
                        .load()
                        .device()
                        .natives()
                : Optional.of(Path.of(named));
    }
}
