package org.headlight.engine.device;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * Keeps the runtime's telemetry from starting at all. {@code OrtEnvironment.setTelemetry} comes too
 * late for that: on Linux, ONNX Runtime 1.29 reads the process's command line for telemetry while
 * its environment is made, and crashes the process when that is longer than 4,096 bytes, as it is
 * with a long class path or a long list of tokens. Only its environment variable prevents it.
 */
final class RuntimeTelemetry {
    private static final String VARIABLE = "ORT_DISABLE_TELEMETRY";

    private RuntimeTelemetry() {}

    /** Turns it off for this process; call it before the runtime is first used. */
    // One C function with a known signature; invokeExact declares Throwable.
    @SuppressWarnings({"restricted", "checkstyle:illegalcatch"})
    static void disable() {
        Linker linker = Linker.nativeLinker();
        // Windows has no setenv, and no such telemetry.
        Optional<MemorySegment> setenv = linker.defaultLookup().find("setenv");
        if (System.getenv(VARIABLE) != null || setenv.isEmpty()) {
            return;
        }
        MethodHandle call =
                linker.downcallHandle(
                        setenv.get(),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT,
                                ValueLayout.ADDRESS,
                                ValueLayout.ADDRESS,
                                ValueLayout.JAVA_INT));
        try (Arena arena = Arena.ofConfined()) {
            int failed =
                    (int)
                            call.invokeExact(
                                    arena.allocateFrom(VARIABLE), arena.allocateFrom("1"), 1);
            if (failed != 0) {
                throw new IllegalStateException("setenv failed");
            }
        } catch (
                @SuppressWarnings("checkstyle:illegalcatch")
                Throwable e) {
            // invokeExact declares Throwable; setenv itself throws nothing.
            throw new IllegalStateException("The runtime's telemetry cannot be turned off.", e);
        }
    }
}
