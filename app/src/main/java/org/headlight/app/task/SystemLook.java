package org.headlight.app.task;

import javafx.application.ColorScheme;
import javafx.application.Platform;
import javafx.util.Subscription;

import java.util.function.Consumer;

/** What the operating system says about looks. */
public final class SystemLook {

    /** Whether the system is dark now. */
    public boolean dark() {
        return Platform.getPreferences().getColorScheme() == ColorScheme.DARK;
    }

    /** Whether the system asks for less motion. */
    public boolean reducedMotion() {
        return Platform.getPreferences().isReducedMotion();
    }

    /** Tells {@code consumer} whenever the system turns dark (true) or light (false). */
    public Subscription onDark(Consumer<Boolean> consumer) {
        return Platform.getPreferences()
                .colorSchemeProperty()
                .subscribe((old, now) -> consumer.accept(now == ColorScheme.DARK));
    }
}
