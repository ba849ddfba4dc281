package org.headlight.engine.device;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/**
 * ONNX Runtime's native libraries in this process. Where they are loaded from can be named until
 * they are first used; that is a matter of the whole process, which is why it is kept in the
 * properties of the process.
 */
public final class RuntimeLibrary {
    /** The runtime's own property for the folder of its libraries; read when it is first used. */
    static final String FOLDER = "onnxruntime.native.path";

    /** Set when the libraries are loaded, to where they came from. */
    static final String LOADED = "headlight.runtime.loaded";

    private final Properties properties;

    /** How naming a folder ended. */
    public enum Naming {
        /** The libraries will be loaded from there, or are. */
        USED,
        /** Others are loaded already, for as long as the process lives. */
        AT_NEXT_START
    }

    /**
     * @param properties of the process
     */
    public RuntimeLibrary(Properties properties) {
        this.properties = properties;
    }

    /** The runtime of this process. */
    public static RuntimeLibrary ofProcess() {
        return new RuntimeLibrary(System.getProperties());
    }

    /** The folder that the libraries come from; empty for those in the product's jar. */
    public Optional<Path> folder() {
        String loaded = properties.getProperty(LOADED, properties.getProperty(FOLDER, ""));
        return loaded.isEmpty() ? Optional.empty() : Optional.of(Path.of(loaded));
    }

    /** Names a folder with all libraries, for the runtime's first use. */
    public Naming from(Path folder) {
        String wanted = folder.toAbsolutePath().normalize().toString();
        String loaded = properties.getProperty(LOADED);
        if (loaded != null) {
            return loaded.equals(wanted) ? Naming.USED : Naming.AT_NEXT_START;
        }
        properties.setProperty(FOLDER, wanted);
        return Naming.USED;
    }

    /**
     * Why libraries of a folder cannot be loaded, one sentence; empty when they can. Loads the
     * first of them and lets go of it.
     */
    @SuppressWarnings("restricted") // the library is what the user named to be run
    public static Optional<String> refusal(NativesFolder folder) {
        Path core = folder.path().resolve(folder.platform().natives().getFirst());
        try (Arena arena = Arena.ofConfined()) {
            boolean known =
                    SymbolLookup.libraryLookup(core, arena).find("OrtGetApiBase").isPresent();
            return known
                    ? Optional.empty()
                    : Optional.of(core + " is no ONNX Runtime; take that of onnxruntime_gpu.");
        } catch (IllegalArgumentException e) {
            return Optional.of(
                    core
                            + " cannot be loaded: it is for another system, or was not copied"
                            + " whole; copy it again.");
        }
    }

    /**
     * The runtime, loaded if it is not yet.
     *
     * @throws LinkageError when its libraries cannot be loaded
     */
    public OrtEnvironment environment() {
        RuntimeTelemetry.disable();
        if (!properties.containsKey(LOADED)) {
            folder().ifPresent(path -> new BesideLibraries(path, Platform.of(properties)).load());
        }
        OrtEnvironment environment =
                OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
        properties.putIfAbsent(LOADED, properties.getProperty(FOLDER, ""));
        return environment;
    }
}
