package org.headlight.engine.capture;

import org.headlight.engine.problem.BadInputException;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;

/**
 * Memory for the floats of one capture, outside the heap: plain memory when small, a mapped
 * temporary file when large. The file has no name from the start where the system allows that, so
 * that it goes with the process however that ends. Closing gives memory and file back; segments
 * that were handed out throw {@link IllegalStateException} from then on.
 */
public final class CaptureStore implements AutoCloseable {
    private static final int ALIGNMENT = 64;

    private final List<CaptureStore> parts;
    private final Arena arena;
    private final boolean mapped;
    private final MemorySegment memory;
    private long used;
    private boolean closed;

    private CaptureStore(Arena arena, boolean mapped, MemorySegment memory) {
        this(arena, mapped, memory, List.of());
    }

    private CaptureStore(
            Arena arena, boolean mapped, MemorySegment memory, List<CaptureStore> parts) {
        this.parts = parts;
        this.arena = arena;
        this.mapped = mapped;
        this.memory = memory;
    }

    /**
     * Makes a store.
     *
     * @param bytes how much it holds at least; see {@link #padded}
     * @param mapAboveBytes above this size it lives in a mapped temporary file
     * @throws BadInputException when the temporary file cannot be written
     */
    public static CaptureStore create(long bytes, long mapAboveBytes) {
        Arena arena = Arena.ofShared();
        boolean done = false;
        try {
            CaptureStore store =
                    bytes > mapAboveBytes
                            ? mapped(arena, bytes)
                            : new CaptureStore(
                                    arena, false, arena.allocate(Math.max(bytes, 1), ALIGNMENT));
            done = true;
            return store;
        } finally {
            if (!done) {
                arena.close();
            }
        }
    }

    /**
     * A store for one thread, which reads and closes it: what passes through a run and is not kept.
     *
     * @param bytes how much it holds at least
     */
    public static CaptureStore passing(long bytes) {
        Arena arena = Arena.ofConfined();
        return new CaptureStore(arena, false, arena.allocate(Math.max(bytes, 1), ALIGNMENT));
    }

    /** Several stores as one that hands out nothing more; closing it closes them. */
    public static CaptureStore joined(List<CaptureStore> parts) {
        return new CaptureStore(
                Arena.ofShared(),
                parts.stream().anyMatch(CaptureStore::mapped),
                MemorySegment.NULL,
                List.copyOf(parts));
    }

    private static CaptureStore mapped(Arena arena, long bytes) {
        try {
            Path file = Files.createTempFile("headlight-capture-", ".bin");
            try (FileChannel channel =
                    FileChannel.open(
                            file,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE,
                            StandardOpenOption.DELETE_ON_CLOSE)) {
                checkRoom(bytes, file);
                return new CaptureStore(
                        arena, true, channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena));
            }
        } catch (IOException e) {
            throw new BadInputException(
                    "A temporary file of "
                            + (bytes >> 20)
                            + " MB for the capture cannot be made in "
                            + System.getProperty("java.io.tmpdir")
                            + ": "
                            + e.getMessage()
                            + "; make room or choose another folder with -Djava.io.tmpdir.",
                    e);
        }
    }

    private static void checkRoom(long bytes, Path file) throws IOException {
        Path folder = Objects.requireNonNull(file.getParent());
        long free = Files.getFileStore(folder).getUsableSpace();
        if (free < bytes) {
            throw new BadInputException(
                    "The folder for temporary files, "
                            + folder
                            + ", has "
                            + (free >> 20)
                            + " MB left but the capture takes "
                            + (bytes >> 20)
                            + " MB; make room or choose another folder with"
                            + " -Djava.io.tmpdir.");
        }
    }

    /** What a block of so many floats takes in a store. */
    public static long padded(long floats) {
        return (floats * Float.BYTES + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    /** Hands out a block of floats, all zero. Call it from one thread. */
    public MemorySegment floats(long count) {
        MemorySegment block = memory.asSlice(used, count * Float.BYTES);
        used += padded(count);
        return block;
    }

    /** Bytes held. */
    public long bytes() {
        return memory.byteSize() + parts.stream().mapToLong(CaptureStore::bytes).sum();
    }

    /** Whether it lives in a mapped file. */
    public boolean mapped() {
        return mapped;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        parts.forEach(CaptureStore::close);
        arena.close();
    }
}
