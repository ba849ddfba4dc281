package org.headlight.app.workbench;

import atlantafx.base.theme.PrimerDark;
import atlantafx.base.theme.PrimerLight;

import javafx.application.Application;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.css.PseudoClass;
import javafx.scene.Scene;
import javafx.scene.text.Font;

import org.headlight.app.settings.SettingsModel;
import org.headlight.app.settings.ThemeChoice;
import org.headlight.app.task.SystemLook;
import org.headlight.assets.Assets;
import org.headlight.assets.FontFace;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Light or dark: as chosen, or as the system has it. */
final class ThemeController {
    private static final PseudoClass DARK = PseudoClass.getPseudoClass("dark");

    private final SettingsModel settings;
    private final SystemLook system;
    private final Optional<ThemeChoice> forced;
    private final ReadOnlyBooleanWrapper dark = new ReadOnlyBooleanWrapper();

    /**
     * A theme that is not applied yet.
     *
     * @param forced the choice of the command line, until the user makes another
     */
    ThemeController(SettingsModel settings, SystemLook system, Optional<ThemeChoice> forced) {
        this.settings = settings;
        this.system = system;
        this.forced = forced;
    }

    ReadOnlyBooleanProperty darkProperty() {
        return dark.getReadOnlyProperty();
    }

    /** Dresses a window, and keeps it dressed. */
    void install(Scene scene, Assets assets) {
        for (FontFace face : FontFace.values()) {
            load(assets, face);
        }
        scene.getStylesheets()
                .addAll(assets.styleSheet("headlight.css"), assets.styleSheet("workbench.css"));
        dark.subscribe(now -> scene.getRoot().pseudoClassStateChanged(DARK, now));
        apply(forced.orElse(settings.get().theme()));
        system.onDark(now -> apply(settings.get().theme()));
    }

    private static void load(Assets assets, FontFace face) {
        try (InputStream in = assets.font(face)) {
            Font.loadFont(in, 13);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Chooses, and remembers the choice. */
    void choose(ThemeChoice choice) {
        settings.change(now -> now.withTheme(choice));
        apply(choice);
    }

    /** The other one of light and dark. */
    void toggle() {
        choose(dark.get() ? ThemeChoice.LIGHT : ThemeChoice.DARK);
    }

    private void apply(ThemeChoice choice) {
        boolean nowDark =
                switch (choice) {
                    case LIGHT -> false;
                    case DARK -> true;
                    case SYSTEM -> system.dark();
                };
        Application.setUserAgentStylesheet(
                (nowDark ? new PrimerDark() : new PrimerLight()).getUserAgentStylesheet());
        dark.set(nowDark);
    }
}
