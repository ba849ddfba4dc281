package org.headlight.engine.cuda;

import org.headlight.engine.capture.QkHead;
import org.headlight.engine.kernel.AttentionKernels;
import org.headlight.engine.sweep.PixelRows;
import org.headlight.engine.sweep.Visibility;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** What the kernels of pool.cu are told of a map: where its numbers lie, and how large it is. */
final class PoolCall {
    private final QkHead head;
    private final int level;
    private final int excluded;
    private final Ints table = new Ints();
    private final int firsts;
    private final int ends;
    private final int hidden;
    private final int list;
    private final int starts;
    private final int stops;
    private final int places;
    private final int pixels;

    /**
     * Where things lie in device memory.
     *
     * @param q queries, [N, padded]
     * @param k keys, [M, padded]
     * @param table {@link #table}
     * @param rows {@link #rowFloats} floats
     * @param largest pixels
     * @param sums pixels; 0 where pixels are cells
     */
    record Tensors(long q, long k, long table, long rows, long largest, long sums) {}

    PoolCall(QkHead head, Visibility visibility, PixelRows pixels) {
        this.head = head;
        this.level = pixels.level();
        this.excluded = visibility.excludedCount();
        firsts = table.size();
        for (int row = 0; row < head.rows(); row++) {
            table.add(visibility.first(row));
        }
        ends = table.size();
        for (int row = 0; row < head.rows(); row++) {
            table.add(visibility.end(row));
        }
        hidden = table.size();
        addHidden(visibility);
        list = table.size();
        for (int i = 0; i < excluded; i++) {
            table.add(visibility.excluded(i));
        }
        starts = table.size();
        addAll(pixels.starts());
        stops = table.size();
        addAll(pixels.ends());
        places = table.size();
        int place = 0;
        for (int y = 0; y < pixels.rows(); y++) {
            table.add(place);
            place = Math.addExact(place, pixels.length(y));
        }
        table.add(place);
        this.pixels = place;
    }

    private void addAll(int[] numbers) {
        for (int number : numbers) {
            table.add(number);
        }
    }

    /** A bit for each key, in whole tiles of keys. */
    private void addHidden(Visibility visibility) {
        if (excluded == 0) {
            return;
        }
        int[] words =
                new int[Math.ceilDiv(head.cols(), CudaMaps.TILE) * (CudaMaps.TILE / Integer.SIZE)];
        for (int i = 0; i < excluded; i++) {
            int key = visibility.excluded(i);
            words[key >> 5] |= 1 << (key & 31);
        }
        addAll(words);
    }

    /** Whole numbers that the kernels read. */
    Ints table() {
        return table;
    }

    /** Pixels of the level that exist. */
    int pixels() {
        return pixels;
    }

    /** A pixel covers 2^level x 2^level cells. */
    int level() {
        return level;
    }

    /** How many keys are left out. */
    int excluded() {
        return excluded;
    }

    /** The first row of pixels of a block of threads. */
    int firstPixels(int block) {
        return (int) ((block * Math.max(CudaMaps.TILE, 1L << level)) >> level);
    }

    /** Where the first pixel of a row of pixels lies among all; of the row after the last, too. */
    int place(int y) {
        return table.values()[places + y];
    }

    /** Blocks of threads for all pixels. */
    int blocks() {
        return (int) Math.ceilDiv((long) head.rows(), Math.max(CudaMaps.TILE, 1L << level));
    }

    /** Floats that are kept of rows, and of blocks of threads after them. */
    long rowFloats() {
        return 3L * head.rows() + blocks();
    }

    /** Where in these the norms of rows begin, and what follows: tops, inverses, shares, least. */
    long rowsAt(int part) {
        return (long) part * head.rows();
    }

    /** The struct of the kernels, for blocks from the first on. */
    MemorySegment arguments(Arena arena, Tensors at, int firstBlock) {
        float cap = head.softcap() > 0 ? head.softcap() * AttentionKernels.LOG2E : 0;
        Arguments out = new Arguments(arena);
        out.address(at.q).address(at.k).address(number(at, firsts)).address(number(at, ends));
        out.address(excluded == 0 ? 0 : number(at, hidden)).address(number(at, list));
        for (int part = 0; part < 3; part++) {
            out.address(at.rows + rowsAt(part) * Float.BYTES);
        }
        out.address(number(at, starts)).address(number(at, stops)).address(number(at, places));
        out.address(at.largest).address(at.sums).address(at.rows + rowsAt(3) * Float.BYTES);
        out.real((double) head.sink() * AttentionKernels.LOG2E);
        out.number(head.rows()).number(head.cols()).number(FlashKernel.padded(head.q().cols()));
        out.number(level).number(firstBlock).number(excluded);
        out.real(head.scale() * AttentionKernels.LOG2E).real(cap).real(cap > 0 ? 1 / cap : 0f);
        return out.number(0).segment();
    }

    private static long number(Tensors at, int index) {
        return at.table + (long) index * Integer.BYTES;
    }
}
