package org.headlight.app.cli.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandleProxies;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.Optional;

/**
 * Processor time of all threads of this process: what a computation costs, whatever else the
 * machine is doing. The virtual machine's own count moves in steps of 10 ms, so on Linux the system
 * is asked.
 */
final class ProcessClock {
    /** CLOCK_PROCESS_CPUTIME_ID of Linux. */
    private static final int PROCESS_TIME = 2;

    private final MemorySegment time = Arena.ofAuto().allocate(ValueLayout.JAVA_LONG, 2);
    private final Optional<SystemClock> clock;

    /** The function clock_gettime of the C library. */
    @FunctionalInterface
    public interface SystemClock {
        /** Writes seconds and nanoseconds; returns 0 when it did. */
        int read(int clock, MemorySegment time);
    }

    ProcessClock() {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        clock = system.contains("linux") ? ofSystem() : Optional.empty();
    }

    @SuppressWarnings("restricted") // every start of this program enables native access
    private static Optional<SystemClock> ofSystem() {
        Linker linker = Linker.nativeLinker();
        FunctionDescriptor shape =
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS);
        return linker.defaultLookup()
                .find("clock_gettime")
                .map(symbol ->
                        MethodHandleProxies.asInterfaceInstance(
                                SystemClock.class, linker.downcallHandle(symbol, shape)));
    }

    /** Nanoseconds of processor time so far. */
    long nanoseconds() {
        if (clock.isPresent() && clock.get().read(PROCESS_TIME, time) == 0) {
            return time.getAtIndex(ValueLayout.JAVA_LONG, 0) * 1_000_000_000L
                    + time.getAtIndex(ValueLayout.JAVA_LONG, 1);
        }
        return ((com.sun.management.OperatingSystemMXBean)
                        ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
