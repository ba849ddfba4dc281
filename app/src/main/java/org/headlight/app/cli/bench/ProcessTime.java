package org.headlight.app.cli.bench;

import com.sun.management.OperatingSystemMXBean;

import java.lang.management.ManagementFactory;

/** Processor time of this process, which other jobs of the machine do not lengthen. */
final class ProcessTime {
    private ProcessTime() {}

    /** Nanoseconds of all its threads so far; 0 where the system does not say. */
    static long nanos() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? Math.max(0, system.getProcessCpuTime())
                : 0;
    }
}
