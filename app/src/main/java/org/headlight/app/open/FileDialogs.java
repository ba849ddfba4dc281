package org.headlight.app.open;

import java.nio.file.Path;
import java.util.Optional;

/** Asks the user for files. Empty when the user cancels. */
public interface FileDialogs {

    /** A model file, a capture or a dump to open. */
    Optional<Path> openSource();

    /** A model folder to open. */
    Optional<Path> openFolder();

    /** A text file to load. */
    Optional<Path> openText();

    /**
     * A file to write.
     *
     * @param suggestion the name proposed
     * @param kind what is written, such as "PNG picture"
     * @param extension such as "png"
     */
    Optional<Path> save(String suggestion, String kind, String extension);
}
