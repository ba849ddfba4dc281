package org.headlight.engine.source;

import org.headlight.engine.dump.CaptureFiles;
import org.headlight.engine.model.ModelOptions;
import org.headlight.engine.model.OnnxModels;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;

import java.nio.file.Files;
import java.nio.file.Path;

/** Opens whatever a user points at, by what it contains rather than by what it is called. */
public final class Sources {
    private Sources() {}

    /**
     * Opens a model folder, an .onnx file, a capture, or a dump.
     *
     * @throws BadInputException when it does not exist or is none of these
     * @throws org.headlight.engine.problem.CancelledException when the progress says so
     */
    public static Source open(Path path, SourceOptions options, Progress progress) {
        if (!Files.exists(path)) {
            throw new BadInputException(
                    path
                            + " does not exist; expected a model folder, an .onnx file, or a"
                            + " capture or dump (.safetensors, .npy, .npz).");
        }
        if (!Files.isReadable(path)) {
            throw new BadInputException(path + " cannot be read: no permission.");
        }
        if (Files.isDirectory(path) || named(path, ".onnx")) {
            return model(path, options, progress);
        }
        if (CaptureFiles.looksLike(path)
                || named(path, ".safetensors")
                || named(path, ".npy")
                || named(path, ".npz")) {
            return new Source.CaptureSource(CaptureFiles.read(path, progress));
        }
        if (new OnnxSniffer().looksLike(path)) {
            return model(path, options, progress);
        }
        throw new BadInputException(
                path
                        + " is nothing that can be opened; expected a model folder, an .onnx file,"
                        + " or a capture or dump (.safetensors, .npy, .npz).");
    }

    private static Source model(Path path, SourceOptions options, Progress progress) {
        ModelOptions run =
                ModelOptions.defaults()
                        .withThreads(options.threads())
                        .withKernels(options.kernels())
                        .withChoice(options.device());
        return new Source.ModelSource(OnnxModels.open(path, run, progress));
    }

    private static boolean named(Path path, String ending) {
        String name = String.valueOf(path.getFileName());
        return name.regionMatches(
                true, name.length() - ending.length(), ending, 0, ending.length());
    }
}
