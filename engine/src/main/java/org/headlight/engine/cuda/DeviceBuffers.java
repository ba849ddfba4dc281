package org.headlight.engine.cuda;

import org.headlight.engine.problem.TooLargeException;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * Memory of the device that is used again from call to call: one piece for each use, which grows
 * and never shrinks until this is closed.
 */
final class DeviceBuffers implements AutoCloseable {
    private static final long STEP = 1L << 21;

    /** Memory that is left free for the driver and others. */
    private static final long MARGIN = 1L << 28;

    private static final double MEGABYTE = 1e6;
    private static final double GIGABYTE = 1e9;

    private final GpuDriver driver;
    private final String what;
    private final Map<Use, Piece> pieces = new EnumMap<>(Use.class);

    /** What a piece is for. */
    enum Use {
        QUERIES,
        KEYS,
        VALUES,
        RAW,
        OUT,
        LSE,
        SINKS,
        BEGINS,
        ENDS,
        LISTS,
        COLUMNS,
        ORDER,
        PARTIAL,
        SUMS,
        KEPT
    }

    private record Piece(long address, long bytes) {}

    DeviceBuffers(GpuDriver driver) {
        this(driver, "Attention");
    }

    /**
     * @param what needs the memory, as a sentence about too little of it begins
     */
    DeviceBuffers(GpuDriver driver, String what) {
        this.driver = driver;
        this.what = what;
    }

    /**
     * A piece of at least so many bytes; what was in it is lost when it grows.
     *
     * @throws TooLargeException when the device does not have as much
     */
    long reserve(Use use, long bytes) {
        Piece piece = pieces.get(use);
        if (piece != null && piece.bytes >= bytes) {
            return piece.address;
        }
        if (piece != null) {
            pieces.remove(use);
            driver.free(piece.address);
        }
        long size = Math.max(1, Math.ceilDiv(bytes, STEP)) * STEP;
        long address = driver.allocate(size);
        if (address == 0) {
            GpuDriver.Memory memory = driver.memory();
            throw new TooLargeException(
                    what
                            + " needs "
                            + text(size)
                            + " more on the GPU ("
                            + driver.info().name()
                            + "), which has "
                            + text(memory.freeBytes())
                            + " of "
                            + text(memory.totalBytes())
                            + " free; close other programs that use it, take a shorter text, or"
                            + " run on the CPU (--device cpu).",
                    size,
                    memory.freeBytes());
        }
        pieces.put(use, new Piece(address, size));
        return address;
    }

    private static String text(long bytes) {
        return bytes < GIGABYTE
                ? String.format(Locale.ROOT, "%.0f MB", bytes / MEGABYTE)
                : String.format(Locale.ROOT, "%.1f GB", bytes / GIGABYTE);
    }

    /** Bytes that are held. */
    long held() {
        return pieces.values().stream().mapToLong(Piece::bytes).sum();
    }

    /** Bytes that are free on the device or held for some uses, less a margin for others. */
    long room(Use... uses) {
        long room = driver.memory().freeBytes() - MARGIN;
        for (Use use : uses) {
            Piece piece = pieces.get(use);
            room += piece == null ? 0 : piece.bytes;
        }
        return room;
    }

    /** Gives everything back where less is left for others than is held here. */
    void giveBackWhereScarce() {
        if (held() > driver.memory().freeBytes()) {
            close();
        }
    }

    @Override
    public void close() {
        pieces.values().forEach(piece -> driver.free(piece.address));
        pieces.clear();
    }
}
