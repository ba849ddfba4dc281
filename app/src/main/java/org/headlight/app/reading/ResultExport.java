package org.headlight.app.reading;

import java.util.function.Consumer;

/** Writes results of readings to files that the user names. */
@FunctionalInterface
public interface ResultExport {

    /** The lane in which results are written. */
    String LANE = "result";

    /**
     * Asks for a place, writes there in the background, and tells in the status line when it is
     * done. Nothing happens when the user chooses no place.
     *
     * @param problem is told in one sentence why it could not be written, for the pane to show
     */
    void save(ResultFile file, Consumer<String> problem);
}
