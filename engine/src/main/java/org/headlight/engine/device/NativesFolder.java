package org.headlight.engine.device;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A folder that a user names once, with the native libraries of an ONNX Runtime that knows CUDA:
 * those of onnxruntime_gpu (CUDA 12), or of a build for CUDA 13.
 *
 * @param path as named
 * @param platform of this machine
 */
public record NativesFolder(Path path, Platform platform) {
    /** How deep an unpacked jar holds its libraries. */
    private static final int DEEP = 6;

    private static final int AARCH64 = 183;
    private static final int X64 = 62;
    private static final Pattern CUDA_VERSION = Pattern.compile("libcudart\\.so\\.(\\d+)");

    /** Looks at names and heads of files alone: nothing is loaded. */
    public NativesCheck check() {
        if (platform == Platform.OTHER) {
            return NativesCheck.lacking("CUDA runs on Linux and Windows only.");
        }
        String name = path.toString();
        if (!Files.exists(path)) {
            return NativesCheck.lacking(
                    name
                            + " does not exist; name the folder that holds "
                            + platform.natives().getFirst()
                            + " and "
                            + platform.cudaProvider()
                            + ".");
        }
        if (!Files.isDirectory(path)) {
            return NativesCheck.lacking(
                    JarOfNatives.named(path)
                            ? new JarOfNatives(path, platform).remedy(name)
                            : name + " is a file; name the folder that it lies in.");
        }
        if (!Files.isReadable(path)) {
            return NativesCheck.lacking(name + " cannot be read; check that you may read it.");
        }
        List<String> files = files();
        List<String> missing =
                platform.natives().stream().filter(library -> !files.contains(library)).toList();
        return missing.isEmpty() ? whole() : NativesCheck.lacking(lack(files, missing));
    }

    private List<String> files() {
        try (Stream<Path> all = Files.list(path)) {
            return all.map(file -> String.valueOf(file.getFileName())).sorted().toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private NativesCheck whole() {
        if (platform != Platform.LINUX) {
            return new NativesCheck(true, "All four libraries are there.", List.of());
        }
        List<String> needed = new ArrayList<>();
        for (String library : platform.natives()) {
            Optional<ElfLibrary> read = ElfLibrary.read(path.resolve(library));
            if (read.isEmpty() || read.get().machine() != machine()) {
                return NativesCheck.lacking(
                        library
                                + " in "
                                + path
                                + " is no library for this machine, or was not copied whole; copy"
                                + " it again from a build for Linux on "
                                + (machine() == X64 ? "x86-64" : "AArch64")
                                + ".");
            }
            if (library.equals(platform.cudaProvider())) {
                needed.addAll(read.get().needed());
            }
        }
        return new NativesCheck(
                true,
                cudaVersion(needed)
                        .map(version -> "All four libraries are there, for CUDA " + version + ".")
                        .orElse("All four libraries are there."),
                needed);
    }

    private static int machine() {
        return System.getProperty("os.arch", "").equals("aarch64") ? AARCH64 : X64;
    }

    /** The version of CUDA that a provider which needs such libraries was built for. */
    static Optional<Integer> cudaVersion(List<String> needed) {
        return needed.stream()
                .map(CUDA_VERSION::matcher)
                .filter(Matcher::matches)
                .map(match -> Integer.valueOf(match.group(1)))
                .findFirst();
    }

    private String lack(List<String> files, List<String> missing) {
        String lacks = path + " lacks " + listed(missing) + "; ";
        List<Path> jars =
                files.stream()
                        .map(path::resolve)
                        .filter(JarOfNatives::named)
                        .filter(jar -> new JarOfNatives(jar, platform).folder().isPresent())
                        .toList();
        Optional<Path> deeper = deeper();
        String core = platform.natives().getFirst();
        String bridge = platform.natives().get(1);
        @Nullable String numbered =
                files.stream().filter(f -> f.startsWith(core + ".")).findFirst().orElse(null);
        Platform others = platform == Platform.LINUX ? Platform.WINDOWS : Platform.LINUX;
        if (deeper.isPresent()) {
            return lacks + "they lie in " + deeper.get() + ": name that folder.";
        }
        if (missing.contains(core) && !jars.isEmpty()) {
            return lacks + new JarOfNatives(jars.getFirst(), platform).remedy("it");
        }
        if (missing.contains(core) && numbered != null) {
            return lacks
                    + "it has "
                    + numbered
                    + ", which must be called "
                    + core
                    + ": rename it, or link it by that name.";
        }
        if (files.contains(others.natives().getFirst())) {
            return lacks
                    + "it holds a build for "
                    + others.label()
                    + " ("
                    + others.natives().getFirst()
                    + "), and this is "
                    + platform.label()
                    + ".";
        }
        if (missing.equals(List.of(bridge))) {
            return lacks
                    + "take that one from the jar onnxruntime_gpu or onnxruntime of the same"
                    + " version, or from lib/native of Headlight.";
        }
        if (missing.contains(platform.cudaProvider()) && files.contains(core)) {
            return lacks
                    + "this is a build without CUDA: take onnxruntime_gpu (CUDA 12), or a build for"
                    + " CUDA 13.";
        }
        return lacks + "unpack the jar onnxruntime_gpu (CUDA 12), or a build for CUDA 13, into it.";
    }

    /** A folder below that holds them all. */
    private Optional<Path> deeper() {
        try (Stream<Path> all = Files.walk(path, DEEP)) {
            return all.filter(file -> !file.equals(path))
                    .filter(Files::isDirectory)
                    .limit(1000)
                    .filter(folder ->
                            platform.natives().stream()
                                    .allMatch(library -> Files.exists(folder.resolve(library))))
                    .findFirst();
        } catch (IOException | java.io.UncheckedIOException e) {
            return Optional.empty();
        }
    }

    private static String listed(List<String> names) {
        int last = names.size() - 1;
        return last == 0
                ? names.getFirst()
                : String.join(", ", names.subList(0, last)) + " and " + names.get(last);
    }
}
