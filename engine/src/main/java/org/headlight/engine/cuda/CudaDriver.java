package org.headlight.engine.cuda;

import org.headlight.engine.problem.BadInputException;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** NVIDIA's driver, through the foreign-function interface. Used by one thread at a time. */
public final class CudaDriver implements GpuDriver {
    private static final int OUT_OF_MEMORY = 2;
    private static final int CLOCK = 13;
    private static final int PROCESSORS = 16;
    private static final int TIME_LIMIT = 17;
    private static final int MAJOR = 75;
    private static final int MINOR = 76;
    private static final int SHARED_BYTES = 97;
    private static final int LARGEST_SHARED = 8;
    private static final int SHARED_SHARE = 9;
    private static final int NAME = 256;

    /** After a kernel failed, the driver refuses every call until the process ends. */
    private static final String REMEDY = "; restart Headlight, or run on the CPU (--device cpu).";

    /** The driver's codes for images and PTX that it cannot take. */
    private static final Set<Integer> FOREIGN_IMAGE = Set.of(200, 209, 218, 220, 221, 222);

    private static final int THOUSAND = 1000;

    private final Library library;
    private final int device;
    private final long context;
    private final GpuInfo info;
    private final boolean watched;
    private boolean closed;

    /** The library's functions, found when they are first called. */
    private static final class Library {
        private final SymbolLookup symbols;
        private final Map<String, NativeFunction> found = new HashMap<>();

        Library(SymbolLookup symbols) {
            this.symbols = symbols;
        }

        /** Calls a function and gives its error code. */
        int code(String name, long... arguments) {
            NativeFunction function = found.get(name);
            if (function == null) {
                function = NativeFunction.of(symbols, name, arguments.length);
                found.put(name, function);
            }
            return function.call(arguments);
        }

        /** Calls a function that must not fail. */
        void call(String name, long... arguments) {
            check(name, code(name, arguments));
        }

        void check(String name, int code) {
            if (code != 0) {
                throw new BadInputException(
                        "The GPU cannot go on: "
                                + name
                                + " says \""
                                + text(code)
                                + "\" (error "
                                + code
                                + ")"
                                + REMEDY);
            }
        }

        /** A 32-bit number that a function writes to its first argument. */
        int number(String name, long... rest) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment out = arena.allocate(ValueLayout.JAVA_INT);
                call(name, withFirst(out, rest));
                return out.get(ValueLayout.JAVA_INT, 0);
            }
        }

        /** A 64-bit number or handle that a function writes to its first argument. */
        long handle(String name, long... rest) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
                call(name, withFirst(out, rest));
                return out.get(ValueLayout.JAVA_LONG, 0);
            }
        }

        private static long[] withFirst(MemorySegment out, long... rest) {
            long[] all = new long[rest.length + 1];
            all[0] = out.address();
            System.arraycopy(rest, 0, all, 1, rest.length);
            return all;
        }

        @SuppressWarnings("restricted") // a C string of the driver
        private String text(int code) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
                if (code("cuGetErrorString", code, out.address()) != 0) {
                    return "unknown error";
                }
                long address = out.get(ValueLayout.JAVA_LONG, 0);
                return MemorySegment.ofAddress(address).reinterpret(NAME).getString(0);
            }
        }
    }

    private CudaDriver(Library library, int device, long context, GpuInfo info, boolean watched) {
        this.library = library;
        this.device = device;
        this.context = context;
        this.info = info;
        this.watched = watched;
    }

    /**
     * Opens a device.
     *
     * @param index its number, as CUDA counts
     * @throws BadInputException when there is no driver or no such device
     */
    @SuppressWarnings("restricted") // every start of this program enables native access
    public static CudaDriver open(int index) {
        SymbolLookup symbols;
        String file =
                System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("windows")
                        ? "nvcuda.dll"
                        : "libcuda.so.1";
        try {
            symbols = SymbolLookup.libraryLookup(file, Arena.global());
        } catch (IllegalArgumentException e) {
            throw new BadInputException(
                    "There is no NVIDIA driver here ("
                            + file
                            + " is not found); install it, or run on the CPU (--device cpu).",
                    e);
        }
        return open(symbols, index);
    }

    /** Opens a device through the driver's library. */
    static CudaDriver open(SymbolLookup symbols, int index) {
        Library library = new Library(symbols);
        int code = library.code("cuInit", 0);
        if (code != 0) {
            throw new BadInputException(
                    "NVIDIA's driver finds no GPU to work with ("
                            + library.text(code)
                            + "); run nvidia-smi to see why, or run on the CPU (--device cpu).");
        }
        int count = library.number("cuDeviceGetCount");
        if (index < 0 || index >= count) {
            throw new BadInputException(
                    "There is no GPU " + index + "; the driver has " + count + ", from 0 on.");
        }
        int device = library.number("cuDeviceGet", index);
        GpuInfo info = describe(library, index, device);
        boolean watched = attribute(library, TIME_LIMIT, device) != 0;
        long context = library.handle("cuDevicePrimaryCtxRetain", device);
        return new CudaDriver(library, device, context, info, watched);
    }

    /** The newest version of CUDA that the driver runs, such as 12. */
    public int cudaVersion() {
        return library.number("cuDriverGetVersion") / THOUSAND;
    }

    private static GpuInfo describe(Library library, int index, int device) {
        String name;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(NAME);
            library.call("cuDeviceGetName", text.address(), NAME, device);
            name = text.getString(0);
        }
        return new GpuInfo(
                index,
                name,
                10 * attribute(library, MAJOR, device) + attribute(library, MINOR, device),
                attribute(library, PROCESSORS, device),
                attribute(library, SHARED_BYTES, device),
                1e3 * attribute(library, CLOCK, device),
                library.handle("cuDeviceTotalMem_v2", device));
    }

    private static int attribute(Library library, int attribute, int device) {
        return library.number("cuDeviceGetAttribute", attribute, device);
    }

    @Override
    public GpuInfo info() {
        return info;
    }

    @Override
    public boolean watched() {
        return watched;
    }

    @Override
    public void enter() {
        library.call("cuCtxSetCurrent", context);
    }

    @Override
    public long allocate(long bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
            int code = library.code("cuMemAlloc_v2", out.address(), bytes);
            if (code == OUT_OF_MEMORY) {
                return 0;
            }
            if (code != 0) {
                throw new BadInputException(
                        "The GPU gives no memory (" + library.text(code) + ")" + REMEDY);
            }
            return out.get(ValueLayout.JAVA_LONG, 0);
        }
    }

    @Override
    public void free(long address) {
        library.call("cuMemFree_v2", address);
    }

    @Override
    public Memory memory() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG, 2);
            library.call("cuMemGetInfo_v2", out.address(), out.address() + Long.BYTES);
            return new Memory(
                    out.getAtIndex(ValueLayout.JAVA_LONG, 0),
                    out.getAtIndex(ValueLayout.JAVA_LONG, 1));
        }
    }

    @Override
    @SuppressWarnings("restricted") // of the size that was asked for
    public MemorySegment allocateHost(long bytes) {
        return MemorySegment.ofAddress(library.handle("cuMemAllocHost_v2", bytes))
                .reinterpret(bytes);
    }

    @Override
    public void freeHost(MemorySegment memory) {
        library.call("cuMemFreeHost", memory.address());
    }

    @Override
    public void toDevice(long target, MemorySegment source, long bytes) {
        library.call("cuMemcpyHtoD_v2", target, source.address(), bytes);
    }

    @Override
    public void toHost(MemorySegment target, long source, long bytes) {
        library.call("cuMemcpyDtoH_v2", target.address(), source, bytes);
    }

    @Override
    public void copy(long target, long source, long bytes) {
        library.call("cuMemcpyDtoD_v2", target, source, bytes);
    }

    @Override
    public void clear(long address, long bytes) {
        library.call("cuMemsetD8_v2", address, 0, bytes);
    }

    @Override
    public long load(byte[] image) {
        try (Arena arena = Arena.ofConfined()) {
            // One byte more: an image in text ends with a zero.
            MemorySegment copy = arena.allocate(image.length + 1L, Long.BYTES);
            MemorySegment.copy(image, 0, copy, ValueLayout.JAVA_BYTE, 0, image.length);
            MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
            int code = library.code("cuModuleLoadData", out.address(), copy.address());
            if (FOREIGN_IMAGE.contains(code)) {
                throw new BadInputException(
                        "NVIDIA's driver cannot load what CUDA's NVRTC compiled for "
                                + info.name()
                                + " (\""
                                + library.text(code)
                                + "\", error "
                                + code
                                + "); install a newer driver, or an NVRTC of CUDA "
                                + cudaVersion()
                                + ".");
            }
            library.check("cuModuleLoadData", code);
            return out.get(ValueLayout.JAVA_LONG, 0);
        }
    }

    @Override
    public void unload(long module) {
        library.call("cuModuleUnload", module);
    }

    @Override
    public long kernel(long module, String name, int sharedBytes) {
        long kernel;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocateFrom(name);
            kernel = library.handle("cuModuleGetFunction", module, text.address());
        }
        if (sharedBytes > 0) {
            library.call("cuFuncSetAttribute", kernel, LARGEST_SHARED, sharedBytes);
            library.call("cuFuncSetAttribute", kernel, SHARED_SHARE, 100);
        }
        return kernel;
    }

    @Override
    public void launch(long kernel, Grid grid, MemorySegment argument) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment list = arena.allocate(ValueLayout.JAVA_LONG);
            list.set(ValueLayout.JAVA_LONG, 0, argument.address());
            library.call(
                    "cuLaunchKernel",
                    kernel,
                    grid.x(),
                    grid.y(),
                    grid.z(),
                    grid.threads(),
                    1,
                    1,
                    grid.sharedBytes(),
                    0,
                    list.address(),
                    0);
        }
    }

    @Override
    public void await() {
        library.call("cuCtxSynchronize");
    }

    @Override
    public long mark() {
        long event = library.handle("cuEventCreate", 0);
        library.call("cuEventRecord", event, 0);
        return event;
    }

    @Override
    public double millisBetween(long from, long to) {
        library.call("cuEventSynchronize", to);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.JAVA_FLOAT);
            library.call("cuEventElapsedTime", out.address(), from, to);
            return out.get(ValueLayout.JAVA_FLOAT, 0);
        } finally {
            library.call("cuEventDestroy_v2", from);
            library.call("cuEventDestroy_v2", to);
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            library.call("cuDevicePrimaryCtxRelease_v2", device);
        }
    }
}
