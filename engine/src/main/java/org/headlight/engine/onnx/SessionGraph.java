package org.headlight.engine.onnx;

import java.nio.file.Path;
import java.util.Map;

/**
 * A graph ready for a session: its bytes, and the folder that its weights are found in. The folder
 * goes into the session option {@link #FOLDER_OPTION}; nothing is written to it.
 */
public final class SessionGraph {
    /** The runtime's option that names the folder of the weights. */
    public static final String FOLDER_OPTION =
            "session.model_external_initializers_file_folder_path";

    private final byte[] bytes;
    private final Path externalFolder;
    private final Map<String, String> shared;

    SessionGraph(byte[] bytes, Path externalFolder, Map<String, String> shared) {
        this.bytes = bytes;
        this.externalFolder = externalFolder;
        this.shared = Map.copyOf(shared);
    }

    /** Outputs, by the input that each must share its memory with. */
    public Map<String, String> sharedBuffers() {
        return shared;
    }

    /** The serialised model, to be given to the session as it is; not to be changed. */
    public byte[] bytes() {
        return bytes;
    }

    /** The folder that holds all of the model's files, with links resolved. */
    public Path externalFolder() {
        return externalFolder;
    }
}
