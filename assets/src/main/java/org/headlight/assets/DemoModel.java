package org.headlight.assets;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;

/** Brings the embedded model onto the disk, where the runtime can map its weights. */
final class DemoModel {
    private static final String NAME = "headlight-demo";
    private static final List<String> FILES =
            List.of(
                    "README.md",
                    "config.json",
                    "generation_config.json",
                    "model.onnx",
                    "model_no_cache.onnx",
                    "tokenizer.json",
                    "tokenizer_config.json");

    private final Class<?> anchor;

    DemoModel(Class<?> anchor) {
        this.anchor = anchor;
    }

    /** The folder in the class path when that is on the disk, otherwise a copy in the cache. */
    Path folder() {
        URL model = resource("model.onnx");
        if (model.getProtocol().equals("file")) {
            return Objects.requireNonNull(Path.of(uri(model)).getParent());
        }
        try {
            return unpacked(new CacheFolder(System.getProperties(), System.getenv()).path());
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The embedded model could not be copied into the cache folder: "
                            + e.getMessage(),
                    e);
        }
    }

    /** The copy below {@code cache}; made when it is missing or not whole. */
    Path unpacked(Path cache) throws IOException {
        Path folder = cache.resolve(NAME);
        if (whole(folder)) {
            return folder;
        }
        Files.createDirectories(cache);
        Path fresh = Files.createTempDirectory(cache, NAME);
        for (String file : FILES) {
            try (InputStream in = resource(file).openStream()) {
                Files.copy(in, fresh.resolve(file));
            }
        }
        return publish(fresh, folder);
    }

    private Path publish(Path fresh, Path folder) throws IOException {
        if (Files.exists(folder)) {
            delete(folder);
        }
        try {
            return Files.move(fresh, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | java.nio.file.DirectoryNotEmptyException e) {
            delete(fresh);
            return folder;
        }
    }

    private boolean whole(Path folder) throws IOException {
        for (String file : FILES) {
            Path copy = folder.resolve(file);
            if (!Files.isRegularFile(copy)
                    || Files.size(copy) != resource(file).openConnection().getContentLengthLong()) {
                return false;
            }
        }
        return true;
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
        }
        Files.deleteIfExists(folder);
    }

    private URL resource(String file) {
        return Objects.requireNonNull(
                anchor.getResource("demo/" + file), "no embedded file " + file);
    }

    private static URI uri(URL url) {
        try {
            return url.toURI();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
