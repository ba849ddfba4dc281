package org.headlight.engine.device;

import java.util.List;
import java.util.Locale;
import java.util.Properties;

/** What libraries are called on a system. */
public enum Platform {
    LINUX("Linux", "lib", ".so"),
    WINDOWS("Windows", "", ".dll"),
    /** Where there is no CUDA. */
    OTHER("this system", "lib", ".dylib");

    private final String label;
    private final String prefix;
    private final String ending;

    Platform(String label, String prefix, String ending) {
        this.label = label;
        this.prefix = prefix;
        this.ending = ending;
    }

    /** The platform that the properties of a Java process tell of. */
    public static Platform of(Properties properties) {
        String os = properties.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        if (os.startsWith("linux")) {
            return LINUX;
        }
        return os.startsWith("windows") ? WINDOWS : OTHER;
    }

    /** For people. */
    public String label() {
        return label;
    }

    /** The file of a library of the runtime, such as libonnxruntime.so. */
    public String file(String library) {
        return prefix + library + ending;
    }

    /** What the runtime with CUDA consists of, in the order in which it is loaded. */
    public List<String> natives() {
        return List.of(
                file("onnxruntime"),
                file("onnxruntime4j_jni"),
                file("onnxruntime_providers_shared"),
                file("onnxruntime_providers_cuda"));
    }

    /** The library of the CUDA provider. */
    public String cudaProvider() {
        return file("onnxruntime_providers_cuda");
    }
}
