package org.headlight.engine.cuda;

import org.headlight.engine.problem.BadInputException;
import org.junit.jupiter.api.Assumptions;

import java.nio.file.Path;
import java.util.Optional;

/** The GPU of this machine; tests that ask for it are skipped where there is none. */
final class Gpu {
    private Gpu() {}

    static GpuDriver driver() {
        try {
            return CudaDriver.open(0);
        } catch (BadInputException e) {
            throw absent(e);
        }
    }

    /**
     * Where a GPU must be, what is missing is a failure: a skipped test would look like success.
     */
    private static BadInputException absent(BadInputException why) {
        if (System.getenv("HEADLIGHT_NEEDS_GPU") == null) {
            Assumptions.abort(String.valueOf(why.getMessage()));
        }
        return why;
    }

    /** NVRTC, from where the system looks or the folder in HEADLIGHT_NVRTC or the property. */
    static Nvrtc compiler() {
        String folder = System.getProperty("headlight.nvrtc", System.getenv("HEADLIGHT_NVRTC"));
        folder = folder == null || folder.isEmpty() ? null : folder;
        try {
            return Nvrtc.open(Optional.ofNullable(folder).map(Path::of));
        } catch (BadInputException e) {
            throw absent(e);
        }
    }
}
