package org.headlight.app.settings;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

import java.io.IOException;
import java.util.function.UnaryOperator;

/** The settings as they are now; every change is written at once. */
public final class SettingsModel {
    private final SettingsStore store;
    private final ReadOnlyObjectWrapper<Settings> settings;

    public SettingsModel(SettingsStore store) {
        this.store = store;
        this.settings = new ReadOnlyObjectWrapper<>(store.load());
    }

    public Settings get() {
        return settings.get();
    }

    public ReadOnlyObjectProperty<Settings> property() {
        return settings.getReadOnlyProperty();
    }

    /**
     * Changes the settings. A folder that cannot be written to costs the memory of them, not the
     * session.
     */
    public void change(UnaryOperator<Settings> change) {
        Settings next = change.apply(settings.get());
        if (next.equals(settings.get())) {
            return;
        }
        settings.set(next);
        try {
            store.save(next);
        } catch (IOException e) {
            System.getLogger("headlight")
                    .log(
                            System.Logger.Level.WARNING,
                            "The settings cannot be saved and hold for this launch only: " + e);
        }
    }
}
