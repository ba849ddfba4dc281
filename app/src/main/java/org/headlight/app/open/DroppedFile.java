package org.headlight.app.open;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** What a file that is dropped on the window, or named on the command line, is taken for. */
public enum DroppedFile {
    /** A model, a capture or a dump. */
    SOURCE,
    /** A text to run. */
    TEXT;

    private static final List<String> TEXTS =
            List.of(
                    ".txt", ".md", ".text", ".rst", ".csv", ".tsv", ".log", ".html", ".xml", ".py",
                    ".java", ".c", ".js", ".tex", ".jsonl", ".yaml", ".yml");

    /** Takes a path for what its name says; folders and unknown names are sources. */
    public static DroppedFile of(Path path) {
        if (Files.isDirectory(path)) {
            return SOURCE;
        }
        Path file = path.getFileName();
        String name = file == null ? "" : file.toString().toLowerCase(Locale.ROOT);
        return TEXTS.stream().anyMatch(name::endsWith) ? TEXT : SOURCE;
    }
}
