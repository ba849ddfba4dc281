package org.headlight.engine.model;

import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;

import java.nio.file.Files;
import java.nio.file.Path;

/** Opens models in ONNX form. */
public final class OnnxModels {
    private OnnxModels() {}

    /**
     * Opens a model and probes it with a few tokens. Nothing is written beside its files.
     *
     * @param fileOrFolder an .onnx file, or a folder that holds one (with tokenizer.json and
     *     config.json beside it where there are any)
     * @throws org.headlight.engine.problem.BadInputException when it is not a model that can be
     *     opened, or has no attention
     * @throws org.headlight.engine.problem.CancelledException when the progress says so
     */
    public static Model open(Path fileOrFolder, ModelOptions options, Progress progress) {
        if (!Files.exists(fileOrFolder)) {
            throw new BadInputException(
                    fileOrFolder + " does not exist; expected an .onnx file or a model folder.");
        }
        throw new UnsupportedOperationException(fileOrFolder + " " + options + " " + progress);
    }
}
