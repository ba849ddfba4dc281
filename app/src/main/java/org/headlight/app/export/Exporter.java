package org.headlight.app.export;

import org.headlight.engine.task.Progress;
import org.headlight.viz.export.FigureSpec;

import java.nio.file.Path;

/** Writes a map to a file, whole or not at all. Called on background threads. */
@FunctionalInterface
public interface Exporter {

    /**
     * Writes.
     *
     * @throws org.headlight.engine.problem.BadInputException when the file cannot be written
     */
    void write(ExportKind kind, FigureSpec spec, Path target, Progress progress);
}
