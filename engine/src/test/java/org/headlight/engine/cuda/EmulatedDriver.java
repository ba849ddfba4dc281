package org.headlight.engine.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A device that is this processor: memory is the program's own, between guards, and full of NaN
 * when it is new; kernels run on the emulator.
 */
public class EmulatedDriver implements GpuDriver {
    private static final long GUARD = 256;

    /** Dynamic shared memory that every kernel may have. */
    private static final int PLAIN = 49_152;

    private static final byte MARK = (byte) 0xa5;

    private final GpuInfo info;
    private final Map<Long, Block> blocks = new HashMap<>();
    private final Map<Long, SymbolLookup> modules = new HashMap<>();
    private final Map<Long, SymbolLookup> kernels = new HashMap<>();
    private final Map<Long, Integer> shared = new HashMap<>();
    private final Arena libraries = Arena.ofShared();
    private long limit = Long.MAX_VALUE;
    private long held;
    private long allocations;
    private long launches;
    private long hostBlocks;
    private int mode;
    private boolean closed;

    private record Block(Arena arena, MemorySegment whole, long bytes) {}

    /** A device of a compute capability, and shared memory of a block. */
    public EmulatedDriver(int capability, int sharedBytes) {
        this.info = new GpuInfo(0, "Emulator", capability, 1, sharedBytes, 0, 1L << 40);
    }

    /** What the device has; beyond it there is no memory. */
    public void limit(long bytes) {
        limit = bytes;
    }

    /** How the emulator goes about it: 1 copies arrive late, 2 the last warp goes first. */
    public void mode(int bits) {
        mode = bits;
    }

    long allocations() {
        return allocations;
    }

    /** Pieces of memory that are held. */
    public long blocks() {
        return blocks.size();
    }

    long hostBlocks() {
        return hostBlocks;
    }

    long modules() {
        return modules.size();
    }

    long launches() {
        return launches;
    }

    boolean closed() {
        return closed;
    }

    @Override
    public GpuInfo info() {
        return info;
    }

    @Override
    public void enter() {}

    @Override
    public long allocate(long bytes) {
        if (held + bytes > limit) {
            return 0;
        }
        Arena arena = Arena.ofShared();
        MemorySegment whole = arena.allocate(bytes + 2 * GUARD, 256);
        whole.fill(MARK);
        whole.asSlice(GUARD, bytes).fill((byte) 0xff);
        long address = whole.address() + GUARD;
        blocks.put(address, new Block(arena, whole, bytes));
        held += bytes;
        allocations++;
        return address;
    }

    @Override
    public void free(long address) {
        Block block = blocks.remove(address);
        if (block == null) {
            throw new AssertionError("Memory is given back that was not given");
        }
        check(block);
        held -= block.bytes;
        block.arena.close();
    }

    private static void check(Block block) {
        for (long i = 0; i < GUARD; i++) {
            if (block.whole.get(ValueLayout.JAVA_BYTE, i) != MARK
                    || block.whole.get(ValueLayout.JAVA_BYTE, GUARD + block.bytes + i) != MARK) {
                throw new AssertionError("A kernel wrote outside of its memory");
            }
        }
    }

    @Override
    public Memory memory() {
        return new Memory(Math.min(limit, info.totalBytes()) - held, info.totalBytes());
    }

    @Override
    public MemorySegment allocateHost(long bytes) {
        hostBlocks++;
        return Arena.ofAuto().allocate(bytes, 256);
    }

    @Override
    public void freeHost(MemorySegment memory) {
        hostBlocks--;
    }

    /** Memory of the device, of which it must be a part. */
    private MemorySegment at(long address, long bytes) {
        for (Block block : blocks.values()) {
            long from = address - block.whole.address();
            if (from >= GUARD && from + bytes <= GUARD + block.bytes) {
                return block.whole.asSlice(from, bytes);
            }
        }
        throw new AssertionError("A copy of " + bytes + " bytes is not within memory");
    }

    @Override
    public void toDevice(long target, MemorySegment source, long bytes) {
        at(target, bytes).copyFrom(source.asSlice(0, bytes));
    }

    @Override
    public void toHost(MemorySegment target, long source, long bytes) {
        target.copyFrom(at(source, bytes));
    }

    @Override
    public void copy(long target, long source, long bytes) {
        at(target, bytes).copyFrom(at(source, bytes));
    }

    @Override
    public void clear(long address, long bytes) {
        at(address, bytes).fill((byte) 0);
    }

    @Override
    @SuppressWarnings("restricted")
    public long load(byte[] image) {
        Path path = Path.of(new String(image, StandardCharsets.UTF_8));
        SymbolLookup library = SymbolLookup.libraryLookup(path, libraries);
        long module = modules.size() + 1L;
        modules.put(module, library);
        return module;
    }

    @Override
    public void unload(long module) {
        modules.remove(module);
    }

    @Override
    public long kernel(long module, String name, int sharedBytes) {
        SymbolLookup library = Objects.requireNonNull(modules.get(module));
        long kernel = library.find(name).orElseThrow().address();
        kernels.put(kernel, library);
        if (sharedBytes > info.sharedBytes()) {
            throw new AssertionError("A block cannot have " + sharedBytes + " bytes");
        }
        if (sharedBytes > 0) {
            shared.put(kernel, sharedBytes);
        }
        return kernel;
    }

    @Override
    @SuppressWarnings("restricted")
    public void launch(long kernel, Grid grid, MemorySegment argument) {
        launches++;
        // As CUDA does, also where a kernel was allowed less than any may have.
        if (grid.sharedBytes() > shared.getOrDefault(kernel, PLAIN)) {
            throw new AssertionError("A kernel wants more shared memory than it was allowed");
        }
        SymbolLookup library = Objects.requireNonNull(kernels.get(kernel));
        FunctionDescriptor shape =
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_INT);
        MethodHandle run = handle(library, "emulator_run", shape);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment size = arena.allocate(ValueLayout.JAVA_INT, 3);
            size.setAtIndex(ValueLayout.JAVA_INT, 0, Math.toIntExact(grid.x()));
            size.setAtIndex(ValueLayout.JAVA_INT, 1, grid.y());
            size.setAtIndex(ValueLayout.JAVA_INT, 2, grid.z());
            MemorySegment regions = arena.allocate(ValueLayout.JAVA_LONG, 2L * blocks.size());
            int i = 0;
            for (Map.Entry<Long, Block> block : blocks.entrySet()) {
                regions.setAtIndex(ValueLayout.JAVA_LONG, i++, block.getKey());
                regions.setAtIndex(ValueLayout.JAVA_LONG, i++, block.getValue().bytes);
            }
            int failed =
                    (int)
                            call(
                                    run,
                                    kernel,
                                    argument,
                                    argument.byteSize(),
                                    size,
                                    grid.threads(),
                                    (long) grid.sharedBytes(),
                                    regions,
                                    (long) blocks.size(),
                                    mode);
            if (failed != 0) {
                throw new AssertionError(text(library));
            }
        }
        blocks.values().forEach(EmulatedDriver::check);
        MethodHandle conflicts =
                handle(library, "emulator_conflicts", FunctionDescriptor.of(ValueLayout.JAVA_LONG));
        if ((long) call(conflicts) != 0) {
            throw new AssertionError("Rows of shared memory collide in their banks");
        }
    }

    @SuppressWarnings("restricted")
    private static String text(SymbolLookup library) {
        FunctionDescriptor shape = FunctionDescriptor.of(ValueLayout.JAVA_LONG);
        long address = (long) call(handle(library, "emulator_message", shape));
        return MemorySegment.ofAddress(address).reinterpret(1024).getString(0);
    }

    @SuppressWarnings("restricted")
    private static MethodHandle handle(
            SymbolLookup library, String name, FunctionDescriptor shape) {
        return Linker.nativeLinker().downcallHandle(library.find(name).orElseThrow(), shape);
    }

    @SuppressWarnings("checkstyle:illegalcatch") // it declares Throwable
    private static Object call(MethodHandle handle, Object... arguments) {
        try {
            return handle.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void await() {}

    @Override
    public long mark() {
        return System.nanoTime();
    }

    @Override
    public double millisBetween(long from, long to) {
        return (to - from) / 1e6;
    }

    @Override
    public void close() {
        closed = true;
    }
}
