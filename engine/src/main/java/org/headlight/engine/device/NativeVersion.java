package org.headlight.engine.device;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which version a native library of ONNX Runtime says that it is. The Java side only knows its own.
 */
public final class NativeVersion {
    private static final int LONGEST = 64;

    /** OrtApiBase: GetApi, GetVersionString. */
    private static final long BASE = 2 * ValueLayout.ADDRESS.byteSize();

    private NativeVersion() {}

    /**
     * The version, such as "1.29.0"; empty where the file is no such library.
     *
     * @param library libonnxruntime.so or onnxruntime.dll
     */
    // Two functions that onnxruntime_c_api.h documents; invoke declares Throwable.
    @SuppressWarnings({"restricted", "checkstyle:illegalcatch"})
    public static Optional<String> of(Path library) {
        Linker linker = Linker.nativeLinker();
        FunctionDescriptor address = FunctionDescriptor.of(ValueLayout.ADDRESS);
        try (Arena arena = Arena.ofConfined()) {
            Optional<MemorySegment> function =
                    SymbolLookup.libraryLookup(library, arena).find("OrtGetApiBase");
            if (function.isEmpty()) {
                return Optional.empty();
            }
            MemorySegment base =
                    (MemorySegment) linker.downcallHandle(function.get(), address).invokeExact();
            MemorySegment version =
                    base.reinterpret(BASE).get(ValueLayout.ADDRESS, ValueLayout.ADDRESS.byteSize());
            MemorySegment text =
                    (MemorySegment) linker.downcallHandle(version, address).invokeExact();
            return Optional.of(text.reinterpret(LONGEST).getString(0));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        } catch (
                @SuppressWarnings("checkstyle:illegalcatch")
                Throwable e) {
            throw new IllegalStateException(library + " cannot be asked for its version.", e);
        }
    }
}
