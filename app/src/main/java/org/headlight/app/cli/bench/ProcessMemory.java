package org.headlight.app.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Memory of this process as the system counts it. */
final class ProcessMemory {
    private ProcessMemory() {}

    /** Bytes resident now; -1 where the system does not say. */
    static long resident() {
        return number("VmRSS:");
    }

    /** The most bytes that were ever resident; -1 where the system does not say. */
    static long peak() {
        return number("VmHWM:");
    }

    private static long number(String key) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith(key)) {
                    return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
                }
            }
            return -1;
        } catch (IOException e) {
            return -1;
        }
    }
}
