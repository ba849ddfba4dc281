package org.headlight.engine.source;

import org.headlight.engine.capture.Capture;
import org.headlight.engine.model.Model;

/**
 * Something that a user opened: a model that can be run, or attention that was already captured.
 */
public sealed interface Source extends AutoCloseable {

    /** Short name for people. */
    String name();

    @Override
    void close();

    /** A model. */
    record ModelSource(Model model) implements Source {
        @Override
        public String name() {
            return model.info().name();
        }

        @Override
        public void close() {
            model.close();
        }
    }

    /** A capture or a dump. */
    record CaptureSource(Capture capture) implements Source {
        @Override
        public String name() {
            return capture.info().source();
        }

        @Override
        public void close() {
            capture.close();
        }
    }
}
