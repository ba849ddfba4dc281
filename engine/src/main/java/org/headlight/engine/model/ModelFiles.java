package org.headlight.engine.model;

import org.headlight.engine.problem.BadInputException;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The files of one model.
 *
 * @param name short name for people
 * @param model the .onnx file
 * @param config config.json, when there is one
 * @param tokenizer tokenizer.json, when there is one
 */
record ModelFiles(String name, Path model, @Nullable Path config, @Nullable Path tokenizer) {
    private static final List<String> FIRST_CHOICES =
            List.of(
                    "model.onnx",
                    "onnx/model.onnx",
                    "decoder_model_merged.onnx",
                    "onnx/decoder_model_merged.onnx",
                    "decoder_model.onnx",
                    "onnx/decoder_model.onnx",
                    "encoder_model.onnx",
                    "onnx/encoder_model.onnx");
    private static final int NAMED = 6;

    /**
     * Finds the files of a model.
     *
     * @param given an .onnx file or a folder
     * @throws BadInputException when there is no model, or no telling which
     */
    static ModelFiles find(Path given) {
        if (Files.isDirectory(given)) {
            Path model = inFolder(given);
            return new ModelFiles(
                    name(given),
                    model,
                    beside(given, model, "config.json"),
                    beside(given, model, "tokenizer.json"));
        }
        if (!Files.exists(given)) {
            throw new BadInputException(
                    given + " does not exist; expected an .onnx file or a model folder.");
        }
        Path folder = given.toAbsolutePath().normalize().getParent();
        Path home = folder == null ? given : folder;
        return new ModelFiles(
                name(given),
                given,
                beside(home, given, "config.json"),
                beside(home, given, "tokenizer.json"));
    }

    /** Another side file, where config.json would be. */
    Optional<Path> beside(String file) {
        Path folder = model.toAbsolutePath().normalize().getParent();
        Path home = config == null ? folder : config.toAbsolutePath().normalize().getParent();
        return Optional.ofNullable(home == null ? null : beside(home, model, file));
    }

    private static String name(Path path) {
        Path name = path.toAbsolutePath().normalize().getFileName();
        return name == null ? path.toString() : name.toString();
    }

    private static Path inFolder(Path folder) {
        for (String choice : FIRST_CHOICES) {
            Path file = folder.resolve(choice);
            if (Files.isRegularFile(file)) {
                return file;
            }
        }
        List<Path> all = onnx(folder);
        if (all.isEmpty()) {
            all = onnx(folder.resolve("onnx"));
        }
        if (all.size() == 1) {
            return all.getFirst();
        }
        if (all.isEmpty()) {
            throw new BadInputException(
                    folder
                            + " holds no model; expected model.onnx or another .onnx file in it or"
                            + " in its folder onnx.");
        }
        String names =
                all.stream()
                        .limit(NAMED)
                        .map(f -> String.valueOf(f.getFileName()))
                        .collect(Collectors.joining(", "));
        throw new BadInputException(
                folder
                        + " holds "
                        + all.size()
                        + " models ("
                        + names
                        + (all.size() > NAMED ? ", ..." : "")
                        + ") and none is called model.onnx; open one of these files instead.");
    }

    private static List<Path> onnx(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> String.valueOf(f.getFileName()).endsWith(".onnx"))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new BadInputException(folder + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    /** Side files lie in the folder, beside the model, or above a folder called onnx. */
    private static @Nullable Path beside(Path folder, Path model, String name) {
        Path parent = model.toAbsolutePath().normalize().getParent();
        if (parent != null && Files.exists(parent.resolve(name))) {
            return parent.resolve(name);
        }
        if (Files.exists(folder.resolve(name))) {
            return folder.resolve(name);
        }
        if (parent != null && parent.endsWith("onnx") && parent.getParent() != null) {
            Path above = parent.getParent().resolve(name);
            return Files.exists(above) ? above : null;
        }
        return null;
    }
}
