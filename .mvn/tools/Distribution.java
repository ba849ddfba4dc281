import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/**
 * Makes {@code app/target/headlight} out of the jars that Maven copied to its lib folder: JavaFX for
 * this platform apart (it belongs on the module path), the natives of ONNX Runtime unpacked once
 * instead of at each start, the launch scripts, the Java that built it, and an archive of loaded
 * classes that shortens the start. Arguments: the folder, the folder with the scripts, the
 * program's own jar.
 */
public final class Distribution {
    private final Path root;
    private final Path lib;

    private Distribution(Path root) {
        this.root = root;
        this.lib = root.resolve("lib");
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        new Distribution(Path.of(args[0])).make(Path.of(args[1]), Path.of(args[2]));
    }

    private void make(Path scripts, Path ownJar) throws IOException, InterruptedException {
        separateJavaFx();
        for (Path jar : jars(lib)) {
            if (jar.getFileName().toString().startsWith("onnxruntime-")) {
                natives(jar);
                lighten(jar);
            }
        }
        Files.copy(
                ownJar,
                lib.resolve("headlight-main.jar"),
                StandardCopyOption.REPLACE_EXISTING);
        launcherJar();
        try (Stream<Path> files = Files.walk(scripts)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = root.resolve(scripts.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                target.toFile().setExecutable(true, false);
            }
        }
        Files.writeString(lib.resolve("java-home"), System.getProperty("java.home") + "\n");
        classArchive();
    }

    private static List<Path> jars(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.toString().endsWith(".jar")).sorted().toList();
        }
    }

    /** JavaFX jars with classes go to lib/fx; the empty ones of other platforms go away. */
    private void separateJavaFx() throws IOException {
        Path fx = Files.createDirectories(lib.resolve("fx"));
        for (Path jar : jars(lib)) {
            if (!jar.getFileName().toString().startsWith("javafx-")) {
                continue;
            }
            boolean filled;
            try (JarFile file = new JarFile(jar.toFile())) {
                filled = file.getEntry("module-info.class") != null;
            }
            if (filled) {
                Files.move(
                        jar,
                        fx.resolve(jar.getFileName()),
                        StandardCopyOption.REPLACE_EXISTING);
            } else {
                Files.delete(jar);
            }
        }
    }

    private static String platform() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String system = os.contains("win") ? "win" : os.contains("mac") ? "osx" : "linux";
        String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return system + "-" + (arch.equals("aarch64") || arch.equals("arm64") ? "aarch64" : "x64");
    }

    private void natives(Path jar) throws IOException {
        Path folder = Files.createDirectories(lib.resolve("native"));
        String prefix = "ai/onnxruntime/native/" + platform() + "/";
        try (JarFile file = new JarFile(jar.toFile())) {
            for (JarEntry entry : file.stream().toList()) {
                String name = entry.getName();
                String rest = name.startsWith(prefix) ? name.substring(prefix.length()) : "/";
                if (rest.isEmpty() || rest.contains("/")) {
                    continue;
                }
                try (InputStream in = file.getInputStream(entry)) {
                    Files.copy(in, folder.resolve(rest), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    /** The same jar without native libraries and their debug symbols. */
    private void lighten(Path jar) throws IOException {
        try (Stream<Path> unpacked = Files.list(lib.resolve("native"))) {
            if (unpacked.findAny().isEmpty()) {
                return;
            }
        }
        Path light = jar.resolveSibling(jar.getFileName() + ".light");
        try (JarFile file = new JarFile(jar.toFile());
                OutputStream bytes = Files.newOutputStream(light);
                JarOutputStream out = new JarOutputStream(bytes)) {
            for (JarEntry entry : file.stream().toList()) {
                if (entry.getName().startsWith("ai/onnxruntime/native/") || entry.isDirectory()) {
                    continue;
                }
                JarEntry copy = new JarEntry(entry.getName());
                copy.setTime(entry.getTime());
                out.putNextEntry(copy);
                try (InputStream in = file.getInputStream(entry)) {
                    in.transferTo(out);
                }
                out.closeEntry();
            }
        }
        Files.move(light, jar, StandardCopyOption.REPLACE_EXISTING);
    }

    /** A jar that holds nothing but the class path, so that the scripts stay short. */
    private void launcherJar() throws IOException {
        List<String> names = new ArrayList<>();
        for (Path jar : jars(lib)) {
            String name = jar.getFileName().toString();
            if (!name.equals("headlight-app.jar")) {
                names.add(name);
            }
        }
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(Attributes.Name.CLASS_PATH, String.join(" ", names));
        try (OutputStream bytes = Files.newOutputStream(lib.resolve("headlight-app.jar"))) {
            new JarOutputStream(bytes, manifest).close();
        }
    }

    /** Runs the program once and keeps the classes it loaded. Without it the start is slower. */
    private void classArchive() throws IOException, InterruptedException {
        Path archive = lib.resolve("headlight.jsa");
        Files.deleteIfExists(archive);
        if (System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("win")) {
            return;
        }
        ProcessBuilder builder =
                new ProcessBuilder(
                        root.resolve("bin/headlight").toString(), "inspect", "demo", "--json");
        builder.environment()
                .put("HEADLIGHT_JVM", "-XX:ArchiveClassesAtExit=" + archive);
        builder.environment().put("HEADLIGHT_JAVA_HOME", System.getProperty("java.home"));
        Path log = Files.createTempFile("headlight", ".log");
        builder.redirectErrorStream(true).redirectOutput(log.toFile());
        Process process = builder.start();
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroy();
        }
        Files.deleteIfExists(log);
        System.out.println(
                Files.exists(archive)
                        ? "archived classes: " + Files.size(archive) / 1024 + " KB"
                        : "no class archive: the start will be slower");
    }
}
