package org.headlight.app.settings;

import java.util.Locale;
import java.util.Optional;

/** How the window looks. */
public enum ThemeChoice {
    LIGHT("Light"),
    DARK("Dark"),
    /** As the operating system has it, and following it. */
    SYSTEM("Like the system");

    private final String label;

    ThemeChoice(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }

    /** The word that stands for it in the settings file and on the command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The choice that a word stands for; empty when it stands for none. */
    public static Optional<ThemeChoice> ofWord(String word) {
        for (ThemeChoice choice : values()) {
            if (choice.word().equals(word)) {
                return Optional.of(choice);
            }
        }
        return Optional.empty();
    }
}
