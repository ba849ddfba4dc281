package org.headlight.engine.cuda;

import org.headlight.engine.problem.BadInputException;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;

/**
 * A function of a C library that takes whole numbers and addresses and gives an error code. All are
 * handed over in 64 bits, which the conventions of 64-bit Linux and Windows allow.
 */
final class NativeFunction {
    private final String name;
    private final MethodHandle handle;

    private NativeFunction(String name, MethodHandle handle) {
        this.name = name;
        this.handle = handle;
    }

    /**
     * Finds a function.
     *
     * @throws BadInputException when the library has none of that name
     */
    @SuppressWarnings("restricted") // functions whose signatures NVIDIA documents
    static NativeFunction of(SymbolLookup library, String name, int arguments) {
        MemorySegment address =
                library.find(name)
                        .orElseThrow(() ->
                                new BadInputException(
                                        "NVIDIA's library has no "
                                                + name
                                                + "; install a driver for CUDA 11.8 or"
                                                + " newer, or run on the CPU (--device"
                                                + " cpu)."));
        MemoryLayout[] longs = new MemoryLayout[arguments];
        Arrays.fill(longs, ValueLayout.JAVA_LONG);
        MethodHandle handle =
                Linker.nativeLinker()
                        .downcallHandle(
                                address, FunctionDescriptor.of(ValueLayout.JAVA_INT, longs));
        return new NativeFunction(name, handle.asSpreader(long[].class, arguments));
    }

    String name() {
        return name;
    }

    /** Calls it, and gives its error code; 0 for none. */
    @SuppressWarnings("checkstyle:illegalcatch") // invokeExact declares Throwable
    int call(long... arguments) {
        try {
            return (int) handle.invokeExact(arguments);
        } catch (Throwable e) {
            throw new IllegalStateException(name + " cannot be called", e);
        }
    }
}
