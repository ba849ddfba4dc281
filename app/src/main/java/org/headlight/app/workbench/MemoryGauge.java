package org.headlight.app.workbench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much memory this process holds. */
final class MemoryGauge {
    private static final Path STATM = Path.of("/proc/self/statm");
    private static final long PAGE = 4096;

    /** Resident bytes where the system tells (Linux), otherwise the used heap. */
    long bytes() {
        if (Files.isReadable(STATM)) {
            try {
                return Long.parseLong(Files.readString(STATM).split(" ", 3)[1]) * PAGE;
            } catch (IOException | NumberFormatException e) {
                return heap();
            }
        }
        return heap();
    }

    private static long heap() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
