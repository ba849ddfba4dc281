package org.headlight.engine.device;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Functions of one C library that give an error code, 0 for none. */
final class NativeCalls {
    /** What {@link #call} gives where a library has no such function. */
    static final int NO_SUCH_FUNCTION = Integer.MIN_VALUE;

    private static final int TEXT = 256;

    private final SymbolLookup library;
    private final Arena arena;

    private NativeCalls(SymbolLookup library, Arena arena) {
        this.library = library;
        this.arena = arena;
    }

    /**
     * Opens a library as the system's loader finds it; empty where it does not. It stays for as
     * long as the process lives: drivers are not made to be unloaded and loaded again.
     *
     * @param arena holds what calls are handed
     */
    @SuppressWarnings("restricted") // libraries of the system, by names of our own
    static Optional<NativeCalls> open(String file, Arena arena) {
        try {
            return Optional.of(
                    new NativeCalls(SymbolLookup.libraryLookup(file, Arena.global()), arena));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * Calls a function.
     *
     * @param arguments 32-bit numbers ({@code Integer}) and addresses ({@code MemorySegment})
     * @return its error code
     */
    // Functions whose signatures the CUDA driver API and NVML document; invoke declares Throwable.
    @SuppressWarnings({"restricted", "checkstyle:illegalcatch"})
    int call(String function, Object... arguments) {
        Optional<MemorySegment> address = library.find(function);
        if (address.isEmpty()) {
            return NO_SUCH_FUNCTION;
        }
        List<MemoryLayout> layouts = new ArrayList<>();
        for (Object argument : arguments) {
            layouts.add(argument instanceof Integer ? ValueLayout.JAVA_INT : ValueLayout.ADDRESS);
        }
        FunctionDescriptor shape =
                FunctionDescriptor.of(ValueLayout.JAVA_INT, layouts.toArray(MemoryLayout[]::new));
        try {
            return (int)
                    Linker.nativeLinker()
                            .downcallHandle(address.get(), shape)
                            .invokeWithArguments(arguments);
        } catch (
                @SuppressWarnings("checkstyle:illegalcatch")
                Throwable e) {
            throw new IllegalStateException(function + " cannot be called.", e);
        }
    }

    /** Room for what a function gives. */
    MemorySegment room(long bytes) {
        return arena.allocate(bytes, Long.BYTES);
    }

    /** A 32-bit number that a function writes to its first argument; empty when it fails. */
    Optional<Integer> number(String function, Object... arguments) {
        MemorySegment out = room(Integer.BYTES);
        Object[] all = new Object[arguments.length + 1];
        all[0] = out;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return call(function, all) == 0
                ? Optional.of(out.get(ValueLayout.JAVA_INT, 0))
                : Optional.empty();
    }

    /** Text that a function writes into its first argument, of a size that it is told. */
    Optional<String> text(String function, Object... rest) {
        MemorySegment out = room(TEXT);
        Object[] all = new Object[rest.length + 2];
        all[0] = out;
        all[1] = TEXT;
        System.arraycopy(rest, 0, all, 2, rest.length);
        return call(function, all) == 0 ? Optional.of(out.getString(0)) : Optional.empty();
    }
}
