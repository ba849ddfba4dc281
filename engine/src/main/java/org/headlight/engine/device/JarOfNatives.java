package org.headlight.engine.device;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A jar that may hold natives, such as onnxruntime_gpu-1.29.0.jar.
 *
 * @param file the jar
 * @param platform of this machine
 */
record JarOfNatives(Path file, Platform platform) {

    /** Whether a file is called so. */
    static boolean named(Path file) {
        return file.toString().endsWith(".jar");
    }

    /** The folder inside with the CUDA provider for this machine; empty without one. */
    Optional<String> folder() {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            return zip.stream()
                    .map(ZipEntry::getName)
                    .filter(name -> name.endsWith("/" + platform.cudaProvider()))
                    .map(name -> name.substring(0, name.lastIndexOf('/')))
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * What to do with it, the end of a sentence.
     *
     * @param subject what is said to hold it, or to be it
     */
    String remedy(String subject) {
        String is = subject.equals("it") ? "it holds " + file.getFileName() + ", which" : subject;
        Optional<String> folder = folder();
        if (folder.isEmpty()) {
            return is
                    + " is a jar without a CUDA provider for "
                    + platform.label()
                    + "; take onnxruntime_gpu (CUDA 12), or a build for CUDA 13.";
        }
        String inside = folder.get();
        int depth = inside.split("/", -1).length;
        return is
                + " is not unpacked; unpack it and name the new folder: "
                + (platform == Platform.WINDOWS
                        ? "md natives && tar -xf \""
                                + file
                                + "\" -C natives --strip-components="
                                + depth
                                + " "
                                + inside
                        : "unzip -j '" + file + "' '" + inside + "/*' -d natives");
    }
}
