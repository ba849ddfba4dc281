package org.headlight.engine.device;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * CUDA's libraries that lie in the folder of the natives. On Linux the loader does not look there
 * for what the CUDA provider needs, but takes what is loaded already, whatever its place. On
 * Windows the runtime looks beside its own libraries by itself.
 *
 * @param folder of the natives
 * @param platform of this machine
 */
record BesideLibraries(Path folder, Platform platform) {

    /**
     * Loads those that are there, for as long as the process lives; those that cannot be are left.
     */
    void load() {
        if (platform != Platform.LINUX) {
            return;
        }
        List<Path> left = new ArrayList<>(there());
        // Some need others of them.
        boolean more = true;
        while (more) {
            more = left.removeIf(BesideLibraries::loaded);
        }
    }

    private List<Path> there() {
        return CudaLibraries.VERSIONS.stream()
                .flatMap(version -> new CudaLibraries(platform, version).all().stream())
                .filter(library -> library.use() != CudaLibraries.Use.KERNELS)
                .map(library -> folder.resolve(library.file()).toAbsolutePath())
                .distinct()
                .filter(Files::isRegularFile)
                .toList();
    }

    @SuppressWarnings("restricted") // libraries of a folder that the user named to be run
    private static boolean loaded(Path library) {
        try {
            SymbolLookup.libraryLookup(library, Arena.global());
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
