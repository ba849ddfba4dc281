package org.headlight.app.open;

import org.headlight.engine.source.Source;
import org.headlight.engine.task.Progress;

import java.nio.file.Path;

/** Opens what a path leads to. */
@FunctionalInterface
public interface SourceOpener {

    /**
     * Opens a model folder, an .onnx file, a capture or a dump.
     *
     * @throws org.headlight.engine.problem.BadInputException when it is none of them
     */
    Source open(Path path, Progress progress);
}
