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
            Assumptions.abort(String.valueOf(e.getMessage()));
            throw e;
        }
    }

    /** NVRTC, from where the system looks or the folder in HEADLIGHT_NVRTC or the property. */
    static Nvrtc compiler() {
        String folder = System.getProperty("headlight.nvrtc", System.getenv("HEADLIGHT_NVRTC"));
        try {
            return Nvrtc.open(Optional.ofNullable(folder).map(Path::of));
        } catch (BadInputException e) {
            Assumptions.abort(String.valueOf(e.getMessage()));
            throw e;
        }
    }
}
