package org.headlight.engine.device;

import java.util.List;
import java.util.Optional;

/**
 * What a folder of natives was found to be.
 *
 * @param complete whether the runtime with CUDA can be loaded from it
 * @param sentence what it holds, or what it lacks and what to do
 * @param needed the libraries of the system that its CUDA provider needs, by the names that the
 *     system's loader looks for; empty where that cannot be read
 */
public record NativesCheck(boolean complete, String sentence, List<String> needed) {
    public NativesCheck {
        needed = List.copyOf(needed);
    }

    /** Where no folder was named. */
    public static final NativesCheck NONE = new NativesCheck(false, "", List.of());

    /** The version of CUDA that the natives were built for; empty where it is not known. */
    public Optional<Integer> cudaVersion() {
        return NativesFolder.cudaVersion(needed);
    }

    static NativesCheck lacking(String sentence) {
        return new NativesCheck(false, sentence, List.of());
    }
}
