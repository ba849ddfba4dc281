package org.headlight.app.command;

/**
 * The input that a capture was made from, as the command line takes it.
 *
 * @param kind which option names it
 * @param value the text, the file or the ids; empty for none
 */
public record RunInput(Kind kind, String value) {

    /** How the command line is given an input. */
    public enum Kind {
        /** None: the source is a capture already. */
        NONE(""),
        TEXT("--text"),
        TEXT_FILE("--text-file"),
        TOKENS("--tokens");

        private final String option;

        Kind(String option) {
            this.option = option;
        }
    }

    /** No input. */
    public static RunInput none() {
        return new RunInput(Kind.NONE, "");
    }

    /**
     * The option and its value for a shell; empty for none. A value that looks like an option, or
     * like a file of options, is tied to its own.
     */
    String words() {
        if (kind == Kind.NONE) {
            return "";
        }
        boolean tied = value.startsWith("-") || value.startsWith("@");
        return " " + kind.option + (tied ? "=" : " ") + Shell.quote(value);
    }
}
