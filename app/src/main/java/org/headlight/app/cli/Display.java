package org.headlight.app.cli;

import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/** Whether a window can be shown here. */
final class Display {
    private final Map<String, String> environment;
    private final Properties properties;

    Display(Map<String, String> environment, Properties properties) {
        this.environment = environment;
        this.properties = properties;
    }

    boolean present() {
        String system = properties.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        if (properties.containsKey("glass.platform")
                || system.contains("windows")
                || system.contains("mac")) {
            return true;
        }
        return !environment.getOrDefault("DISPLAY", "").isEmpty()
                || !environment.getOrDefault("WAYLAND_DISPLAY", "").isEmpty();
    }
}
