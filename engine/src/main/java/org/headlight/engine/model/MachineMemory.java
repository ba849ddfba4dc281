package org.headlight.engine.model;

import com.sun.management.OperatingSystemMXBean;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Memory that this process can still take: of the machine, what it, or the container around it, has
 * free or can free at once, less a reserve for everything else; of the heap, what it may still grow
 * to.
 */
final class MachineMemory implements FreeMemory {
    private static final Path MEMINFO = Path.of("/proc/meminfo");
    private static final long LEAST_RESERVE = 256L << 20;

    @Override
    public long machine() {
        OperatingSystemMXBean system =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long total = system.getTotalMemorySize();
        long free = system.getFreeMemorySize();
        long machine = meminfo("MemTotal:", total);
        long available = meminfo("MemAvailable:", free);
        // Inside a container the bean knows the container's limit, /proc/meminfo the machine's.
        long now = total < machine ? Math.min(free, available) : available;
        return Math.max(0, now - Math.max(LEAST_RESERVE, total / 20));
    }

    @Override
    public long heap() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.maxMemory() - (runtime.totalMemory() - runtime.freeMemory());
    }

    private static long meminfo(String key, long otherwise) {
        if (!Files.isReadable(MEMINFO)) {
            return otherwise;
        }
        try (Stream<String> lines = Files.lines(MEMINFO)) {
            return lines.filter(line -> line.startsWith(key))
                    .map(line -> line.substring(key.length()).replace("kB", "").strip())
                    .mapToLong(number -> Long.parseLong(number) * 1024)
                    .findFirst()
                    .orElse(otherwise);
        } catch (IOException | NumberFormatException e) {
            return otherwise;
        }
    }
}
