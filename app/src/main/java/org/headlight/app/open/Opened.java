package org.headlight.app.open;

import org.headlight.engine.source.Source;

import java.nio.file.Path;

/**
 * What is open.
 *
 * @param path where it came from
 * @param source a model, which runs texts, or a capture, which has run
 */
public record Opened(Path path, Source source) {

    /** Short name for people. */
    public String name() {
        return source.name();
    }
}
