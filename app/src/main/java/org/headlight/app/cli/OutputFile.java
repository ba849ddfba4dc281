package org.headlight.app.cli;

import org.headlight.engine.dump.CaptureFiles;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.WholeFile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The file that a command writes: looked at before anything runs, so that no input is lost. */
record OutputFile(Path path) {

    /**
     * Refuses what cannot be written, and what the command reads.
     *
     * @param read the file that the input is read from, if any
     * @throws BadInputException when it is refused
     */
    void check(SourceArgument source, Optional<Path> read) {
        if (!source.demo() && same(source.path())) {
            throw new BadInputException(
                    path + " is the source itself, which would be lost; choose another name.");
        }
        if (read.isPresent() && same(read.get())) {
            throw new BadInputException(
                    path + " is the input itself, which would be lost; choose another name.");
        }
        WholeFile.check(path);
    }

    /**
     * Refuses to replace anything but a capture: weights of models have the same ending.
     *
     * @throws BadInputException when something else is there
     */
    void checkReplacesOnlyACapture() {
        if (Files.exists(path) && !CaptureFiles.isCapture(path)) {
            throw new BadInputException(
                    path
                            + (CaptureFiles.looksLike(path)
                                    ? " holds tensors that are no capture of Headlight, such as the"
                                            + " weights of a model"
                                    : " is there already and is no capture of Headlight")
                            + ", which would be lost; choose another name.");
        }
    }

    private boolean same(Path other) {
        try {
            return Files.exists(path) && Files.exists(other) && Files.isSameFile(path, other);
        } catch (IOException e) {
            throw new BadInputException(
                    path + " cannot be compared with " + other + "; choose another name.", e);
        }
    }
}
