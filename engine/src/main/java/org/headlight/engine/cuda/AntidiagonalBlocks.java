package org.headlight.engine.cuda;

import org.headlight.engine.attend.AntidiagonalScores;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.BlockCsr;
import org.headlight.engine.attend.BlockRule;
import org.headlight.engine.cuda.DeviceBuffers.Use;
import org.headlight.engine.kernel.AttentionKernels;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * XAttention (Xu et al. 2025) on the device: block scores as {@link AntidiagonalScores} has them,
 * of queries and keys in halves, and the choice of blocks by them.
 */
public final class AntidiagonalBlocks {
    private static final int TILE = 128;
    private static final int THREADS = 256;
    private static final List<String> SCORING = List.of("primitives.cu", "antidiagonal.cu");
    private static final List<String> CHOOSING = List.of("primitives.cu", "blocks.cu");

    /** What scoring holds between its two steps, over as many heads as that takes. */
    private static final long PARTIAL_BYTES = 1L << 29;

    /** Stages of tiles of 32 columns, 8 more to each row. */
    private static final int STAGES_BYTES = 3 * 2 * TILE * 40 * 2;

    /** Shared memory that kernels have besides. */
    private static final int SHARED_RESERVE = 2048;

    private static final int TILE_BYTES = TILE * (TILE + 1) * Float.BYTES;

    private final GpuDriver driver;
    private final Kernels kernels;
    private final DeviceBuffers buffers;
    private final Transfer transfer;

    /**
     * Queries and keys in device memory, in halves.
     *
     * @param q [heads, queries, padded width]
     * @param k [keyHeads, keys, padded width]
     * @param width of queries and keys, as they are
     * @param scale of attention
     */
    public record Site(
            long q,
            long k,
            int heads,
            int keyHeads,
            int queries,
            int keys,
            int width,
            float scale) {}

    /**
     * Chosen blocks in device memory.
     *
     * @param kept how many, over all heads
     */
    public record Chosen(FlashCall.Lists lists, long kept) {}

    AntidiagonalBlocks(
            GpuDriver driver, Kernels kernels, DeviceBuffers buffers, Transfer transfer) {
        this.driver = driver;
        this.kernels = kernels;
        this.buffers = buffers;
        this.transfer = transfer;
    }

    /**
     * Whether this can score: on halves, a block holds 1, 2, 4 ... or 128 groups, and its lists can
     * be counted.
     */
    boolean can(AttentionInput input, AntidiagonalScores.Groups groups) {
        long rows = Math.ceilDiv(input.q().rows(), groups.block());
        long columns = Math.ceilDiv(input.k().rows(), groups.block());
        return driver.info().halves()
                && input.q().width() <= FlashKernel.WIDEST
                && groups.block() % groups.stride() == 0
                && TILE % (groups.block() / groups.stride()) == 0
                && (input.k().rows() >= input.q().rows() || !groups.causal())
                && input.q().heads() * rows * columns <= Integer.MAX_VALUE
                && rankingBytes((int) columns) + SHARED_RESERVE <= driver.info().sharedBytes();
    }

    /** Shared memory of a row's choice. */
    private static int rankingBytes(int columns) {
        return sorted(columns) * Long.BYTES + columns;
    }

    private static int sorted(int columns) {
        return Math.max(2, Integer.highestOneBit(2 * columns - 1));
    }

    /**
     * Scores the blocks of all heads.
     *
     * @param target receives the block sums, [H, ceil(N / block), ceil(M / block)]
     */
    void scores(
            AttentionInput input,
            AntidiagonalScores.Groups groups,
            float[] target,
            Progress progress) {
        driver.enter();
        for (HeadPart part : parts(input, groups)) {
            Site site = send(input, part, progress);
            long sums = sums(site, groups, progress);
            int cells = rows(site, groups) * columns(site, groups);
            transfer.download(sums, target, part.first() * cells, (long) part.heads() * cells);
        }
    }

    /** The blocks that a rule chooses, every query's own among them where it is causal. */
    BlockCsr choose(
            AttentionInput input,
            AntidiagonalScores.Groups groups,
            BlockRule rule,
            Progress progress) {
        driver.enter();
        List<int[]> starts = new ArrayList<>();
        List<int[]> lists = new ArrayList<>();
        for (HeadPart part : parts(input, groups)) {
            Site site = send(input, part, progress);
            sums(site, groups, progress);
            choose(site, groups, rule, groups.block(), groups.block());
            fetch(site, groups, starts, lists);
        }
        return BlockCsr.of(groups.block(), starts, lists);
    }

    private void fetch(
            Site site, AntidiagonalScores.Groups groups, List<int[]> starts, List<int[]> lists) {
        int rows = rows(site, groups);
        int columns = columns(site, groups);
        int[] begins = new int[site.heads * rows];
        int[] ends = new int[site.heads * rows];
        transfer.download(buffers.reserve(Use.BEGINS, 0), begins);
        transfer.download(buffers.reserve(Use.ENDS, 0), ends);
        int[] ofHead = new int[rows * columns];
        for (int head = 0; head < site.heads; head++) {
            long first = (long) head * rows * columns;
            transfer.download(buffers.reserve(Use.LISTS, 0) + first * Integer.BYTES, ofHead);
            int[] start = new int[rows + 1];
            int[] list = new int[ofHead.length];
            int count = 0;
            for (int row = 0; row < rows; row++) {
                int from = (int) (begins[head * rows + row] - first);
                int length = ends[head * rows + row] - begins[head * rows + row];
                check(ofHead, from, length, columns);
                System.arraycopy(ofHead, from, list, count, length);
                count += length;
                start[row + 1] = count;
            }
            starts.add(start);
            lists.add(Arrays.copyOf(list, count));
        }
    }

    /** A row's blocks are what blocks can be. */
    private void check(int[] lists, int from, int length, int columns) {
        boolean fine = from >= 0 && length >= 0 && from + length <= lists.length;
        int before = -1;
        for (int i = from; fine && i < from + length; i++) {
            fine = lists[i] > before && lists[i] < columns;
            before = lists[i];
        }
        if (!fine) {
            throw new BadInputException(
                    "The kernels that choose blocks gave lists that are none on "
                            + driver.info().name()
                            + "; restart Headlight, or run on the CPU (--device cpu).");
        }
    }

    /** The heads that fit together: queries and keys in halves, scores, and lists of blocks. */
    private List<HeadPart> parts(AttentionInput input, AntidiagonalScores.Groups groups) {
        long row = (long) FlashKernel.padded(input.q().width()) * Precision.FP16.bytes();
        long rows = Math.ceilDiv(input.q().rows(), groups.block());
        long columns = Math.ceilDiv(input.k().rows(), groups.block());
        long cells = rows * columns * (Float.BYTES + Integer.BYTES);
        long partial = Math.ceilDiv(input.q().rows(), groups.stride()) * columns * Float.BYTES;
        long room = buffers.room(Use.QUERIES, Use.KEYS, Use.PARTIAL, Use.SUMS, Use.LISTS);
        return HeadPart.of(
                input,
                room - Math.max(partial, Math.min(PARTIAL_BYTES, input.q().heads() * partial)),
                row * input.q().rows() + cells,
                row * input.k().rows());
    }

    private Site send(AttentionInput input, HeadPart part, Progress progress) {
        long rowBytes = (long) FlashKernel.padded(input.q().width()) * Precision.FP16.bytes();
        long q = buffers.reserve(Use.QUERIES, rowBytes * part.heads() * input.q().rows());
        long k = buffers.reserve(Use.KEYS, rowBytes * part.keyHeads() * input.k().rows());
        transfer.upload(input.q(), part.first(), part.heads(), Precision.FP16, q, progress);
        transfer.upload(input.k(), part.firstKey(), part.keyHeads(), Precision.FP16, k, progress);
        return new Site(
                q,
                k,
                part.heads(),
                part.keyHeads(),
                input.q().rows(),
                input.k().rows(),
                input.q().width(),
                input.scale());
    }

    private static int rows(Site site, AntidiagonalScores.Groups groups) {
        return Math.ceilDiv(site.queries, groups.block());
    }

    private static int columns(Site site, AntidiagonalScores.Groups groups) {
        return Math.ceilDiv(site.keys, groups.block());
    }

    /** Scores the blocks of all heads; they stay in device memory until the next call. */
    public long sums(Site site, AntidiagonalScores.Groups groups, Progress progress) {
        int stride = groups.stride();
        int queryGroups = Math.ceilDiv(site.queries, stride);
        int keyGroups = Math.ceilDiv(site.keys, stride);
        int rows = rows(site, groups);
        int columns = columns(site, groups);
        long headBytes = (long) queryGroups * columns * Float.BYTES;
        int most = Math.clamp(PARTIAL_BYTES / headBytes, 1, site.heads);
        long partial = buffers.reserve(Use.PARTIAL, headBytes * most);
        long ofHead = (long) rows * columns * Float.BYTES;
        long sums = buffers.reserve(Use.SUMS, ofHead * site.heads);
        List<String> macros = List.of("D=" + FlashKernel.padded(site.width));
        int shared = Math.max(STAGES_BYTES, TILE_BYTES);
        long scoring = kernels.kernel(SCORING, macros, "antidiagonal", shared);
        long adding = kernels.kernel(SCORING, macros, "block_sums", 0);
        int back = groups.window() > 0 ? (groups.window() + stride - 2) / stride : -1;
        for (int head = 0; head < site.heads; head += most) {
            progress.check();
            int count = Math.min(most, site.heads - head);
            try (Arena arena = Arena.ofConfined()) {
                Arguments arguments = new Arguments(arena);
                arguments.address(site.q).address(site.k);
                arguments.address(partial).address(sums + head * ofHead);
                arguments.number(head).number(site.heads).number(site.keyHeads);
                arguments.number(site.queries).number(site.keys).number(stride);
                arguments.number(groups.block() / stride).number(groups.causal() ? 1 : 0);
                arguments.number(back).real(site.scale / stride * AttentionKernels.LOG2E);
                GpuDriver.Grid tiles =
                        new GpuDriver.Grid(
                                Math.ceilDiv(keyGroups, TILE),
                                Math.ceilDiv(queryGroups, TILE),
                                count,
                                THREADS,
                                shared);
                driver.launch(scoring, tiles, arguments.segment());
                driver.launch(
                        adding,
                        new GpuDriver.Grid(rows, count, 1, THREADS, 0),
                        arguments.segment());
            }
        }
        return sums;
    }

    /**
     * Chooses blocks by the scores of the call before; they stay in device memory.
     *
     * @param tileRows queries that a block of threads of attention takes
     * @param tileKeys keys that it takes at a time
     */
    public Chosen choose(
            Site site,
            AntidiagonalScores.Groups groups,
            BlockRule rule,
            int tileRows,
            int tileKeys) {
        int rows = rows(site, groups);
        int columns = columns(site, groups);
        int tiles = Math.ceilDiv(site.queries, tileRows);
        int sorted = sorted(columns);
        long cells = (long) site.heads * rows * columns;
        if (cells > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(cells + " blocks are more than can be listed");
        }
        long begins = buffers.reserve(Use.BEGINS, (long) site.heads * rows * Integer.BYTES);
        long ends = buffers.reserve(Use.ENDS, (long) site.heads * rows * Integer.BYTES);
        long lists = buffers.reserve(Use.LISTS, cells * Integer.BYTES);
        long order = buffers.reserve(Use.ORDER, (long) site.heads * tiles * Integer.BYTES);
        long kept = buffers.reserve(Use.KEPT, Long.BYTES);
        driver.clear(kept, Long.BYTES);
        int shared = rankingBytes(columns);
        long choosing = kernels.kernel(CHOOSING, List.of(), "choose_blocks", shared);
        long ordering = kernels.kernel(CHOOSING, List.of(), "heavy_first", 0);
        try (Arena arena = Arena.ofConfined()) {
            Arguments arguments = new Arguments(arena);
            arguments.address(buffers.reserve(Use.SUMS, 0)).address(begins).address(ends);
            arguments.address(lists).address(kept).address(order);
            arguments.number(rows).number(columns).number(groups.block());
            arguments.number(site.queries).number(site.keys).number(groups.causal() ? 1 : 0);
            arguments.number(groups.window()).number(rule.reference() ? 1 : 0);
            arguments.number(Math.max(1, rule.chunk())).number(groups.block() / tileRows);
            arguments.number(tiles).number(sorted).real(rule.threshold());
            driver.launch(
                    choosing,
                    new GpuDriver.Grid(rows, site.heads, 1, THREADS, shared),
                    arguments.segment());
            driver.launch(
                    ordering,
                    new GpuDriver.Grid(site.heads, 1, 1, THREADS, 0),
                    arguments.segment());
        }
        int[] halves = new int[2];
        transfer.download(kept, halves);
        FlashCall.Lists chosen =
                new FlashCall.Lists(
                        begins,
                        ends,
                        lists,
                        0,
                        order,
                        rows,
                        groups.block(),
                        groups.block() / tileKeys);
        return new Chosen(chosen, Integer.toUnsignedLong(halves[0]) | (long) halves[1] << 32);
    }
}
