package org.headlight.engine.onnx;

import org.headlight.engine.onnx.proto.Onnx.ModelProto;
import org.headlight.engine.onnx.proto.Onnx.StringStringEntryProto;
import org.headlight.engine.onnx.proto.Onnx.TensorProto;
import org.headlight.engine.problem.BadInputException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Where the weights of a model really lie. The runtime follows neither links nor paths that leave
 * its folder, so every file is resolved to its real path, and the folder becomes the deepest one
 * that holds them all. Nothing is read but sizes.
 */
final class WeightFiles {
    private static final int EXTERNAL = 1;

    private final Path model;
    private final Map<String, WeightFile> files = new HashMap<>();

    /**
     * A file that holds weights.
     *
     * @param real its path with links resolved
     */
    private record WeightFile(Path real, long size) {}

    WeightFiles(Path model) {
        this.model = model;
    }

    /**
     * The model with every weight located relative to one folder.
     *
     * @param folder the folder, with links resolved
     */
    record Located(ModelProto model, Path folder) {}

    Located locate(ModelProto proto) throws IOException {
        new TensorRewriter(this::check).apply(proto);
        Path folder = folder();
        return new Located(
                new TensorRewriter(tensor -> relocate(tensor, folder)).apply(proto), folder);
    }

    private TensorProto check(TensorProto tensor) {
        if (tensor.getDataLocation() != EXTERNAL) {
            return tensor;
        }
        Map<String, String> entries = entries(tensor);
        WeightFile file =
                files.computeIfAbsent(
                        entries.getOrDefault("location", ""),
                        location -> resolve(location, tensor.getName()));
        long offset = number(entries, "offset", 0, tensor);
        long needed = TensorSizes.bytes(tensor);
        long length = number(entries, "length", Math.max(needed, 0), tensor);
        if (needed >= 0 && needed != length) {
            throw new BadInputException(
                    String.format(
                            Locale.ROOT,
                            "%s is damaged: weight '%s' of shape %s needs %,d bytes, but %,d are"
                                    + " stored; copy or download it again.",
                            model,
                            tensor.getName(),
                            tensor.getDimsList(),
                            needed,
                            length));
        }
        if (offset > file.size || length > file.size - offset) {
            throw new BadInputException(
                    String.format(
                            Locale.ROOT,
                            "%s is cut short: weight '%s' of %s needs bytes %,d to %,d, but the"
                                    + " file ends at byte %,d; copy or download it again.",
                            model.resolveSibling(entries.getOrDefault("location", "")),
                            tensor.getName(),
                            model.getFileName(),
                            offset,
                            offset + length,
                            file.size));
        }
        return tensor;
    }

    private WeightFile resolve(String location, String tensor) {
        try {
            Path relative = Path.of(location);
            if (location.isEmpty() || relative.isAbsolute() || leaves(relative)) {
                throw new BadInputException(
                        String.format(
                                Locale.ROOT,
                                "%s keeps weight '%s' in '%s', which is not a path below the"
                                        + " model's own folder; save the model again with its data"
                                        + " beside it.",
                                model,
                                tensor,
                                location));
            }
            Path beside = model.toAbsolutePath().resolveSibling(relative);
            Path file =
                    Files.isRegularFile(beside)
                            ? beside
                            : model.toRealPath().resolveSibling(relative);
            if (!Files.isRegularFile(file)) {
                throw new BadInputException(
                        String.format(
                                Locale.ROOT,
                                "%s keeps its weights in '%s', which is missing from %s; put that"
                                        + " file beside the model.",
                                model,
                                location,
                                beside.getParent()));
            }
            return new WeightFile(file.toRealPath(), Files.size(file));
        } catch (InvalidPathException e) {
            throw new BadInputException(
                    String.format(
                            Locale.ROOT,
                            "%s is damaged: the name of the file with weight '%s' is not a path;"
                                    + " copy or download it again.",
                            model,
                            tensor),
                    e);
        } catch (IOException e) {
            throw new BadInputException(
                    String.format(
                            Locale.ROOT,
                            "%s keeps its weights in '%s', which cannot be read: %s.",
                            model,
                            location,
                            e.getMessage()),
                    e);
        }
    }

    private static boolean leaves(Path relative) {
        Path normal = relative.normalize();
        return normal.startsWith("..") || normal.toString().isEmpty();
    }

    private Path folder() throws IOException {
        Path folder = parent(model.toRealPath());
        for (WeightFile file : files.values()) {
            while (!file.real.startsWith(folder)) {
                folder = parent(folder);
            }
        }
        return folder;
    }

    private Path parent(Path path) {
        Path parent = path.getParent();
        if (parent == null) {
            throw new BadInputException(
                    model + " and its weights lie on different drives; put them on one.");
        }
        return parent;
    }

    private TensorProto relocate(TensorProto tensor, Path folder) {
        if (tensor.getDataLocation() != EXTERNAL) {
            return tensor;
        }
        Map<String, String> entries = entries(tensor);
        WeightFile file = files.get(entries.getOrDefault("location", ""));
        if (file == null) {
            throw new IllegalStateException("not checked: " + tensor.getName());
        }
        String location =
                folder.relativize(file.real)
                        .toString()
                        .replace(folder.getFileSystem().getSeparator(), "/");
        TensorProto.Builder out =
                tensor.toBuilder().clearExternalData().addExternalData(entry("location", location));
        for (String key : new String[] {"offset", "length"}) {
            String value = entries.get(key);
            if (value != null) {
                out.addExternalData(entry(key, value));
            }
        }
        return out.build();
    }

    private long number(Map<String, String> entries, String key, long absent, TensorProto tensor) {
        String text = entries.get(key);
        if (text == null) {
            return absent;
        }
        try {
            long value = Long.parseLong(text.strip());
            if (value >= 0) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below, in one place for text and negative numbers alike.
        }
        throw new BadInputException(
                String.format(
                        Locale.ROOT,
                        "%s is damaged: the %s of weight '%s' is '%s', where a number was expected;"
                                + " copy or download it again.",
                        model,
                        key,
                        tensor.getName(),
                        text));
    }

    private static Map<String, String> entries(TensorProto tensor) {
        Map<String, String> entries = new HashMap<>();
        for (StringStringEntryProto entry : tensor.getExternalDataList()) {
            entries.put(entry.getKey(), entry.getValue());
        }
        return entries;
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }
}
