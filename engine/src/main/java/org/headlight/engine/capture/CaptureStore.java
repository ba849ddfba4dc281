package org.headlight.engine.capture;

import org.headlight.engine.problem.BadInputException;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Memory for the floats of one capture, outside the heap: plain memory when small, a mapped
 * temporary file when large. Closing it gives the memory back and deletes the file; segments that
 * it handed out throw {@link IllegalStateException} from then on.
 */
public final class CaptureStore implements AutoCloseable {
    private static final int ALIGNMENT = 64;

    private final Arena arena;
    private final @Nullable Path file;
    private final MemorySegment memory;
    private long used;
    private boolean closed;

    private CaptureStore(Arena arena, @Nullable Path file, MemorySegment memory) {
        this.arena = arena;
        this.file = file;
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
                                    arena, null, arena.allocate(Math.max(bytes, 1), ALIGNMENT));
            done = true;
            return store;
        } finally {
            if (!done) {
                arena.close();
            }
        }
    }

    private static CaptureStore mapped(Arena arena, long bytes) {
        Path file = null;
        try {
            file = Files.createTempFile("headlight-capture-", ".bin");
            try (FileChannel channel =
                    FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                long free = Files.getFileStore(file).getUsableSpace();
                if (free < bytes) {
                    Files.delete(file);
                    throw new BadInputException(
                            "The folder for temporary files, "
                                    + file.getParent()
                                    + ", has "
                                    + (free >> 20)
                                    + " MB left but the capture takes "
                                    + (bytes >> 20)
                                    + " MB; make room or choose another folder with"
                                    + " -Djava.io.tmpdir.");
                }
                return new CaptureStore(
                        arena, file, channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena));
            }
        } catch (IOException e) {
            if (file != null) {
                file.toFile().deleteOnExit();
            }
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
        return memory.byteSize();
    }

    /** Whether it lives in a mapped file. */
    public boolean mapped() {
        return file != null;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        arena.close();
        if (file != null) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
