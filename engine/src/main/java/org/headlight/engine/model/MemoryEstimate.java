package org.headlight.engine.model;

import java.util.List;
import java.util.OptionalLong;
import java.util.function.IntPredicate;

/**
 * Estimates what a run takes before it starts, from the sizes that the opening probe saw.
 *
 * <p>In one piece, the runtime holds about {@link #LIVE_COPIES} float tensors of heads x N x N at
 * once, of the widest site: the product, what the scale and the mask make of it, and the softmax.
 * Measured with ONNX Runtime 1.29 as growth of the resident set over the size of one such tensor:
 * 2.5 for an eager decoder of 6 heads without a cache at N = 4,096 (1,023 MB over 403 MB), 2.0 for
 * all-MiniLM-L6-v2 at N = 512 (25 MB over 12.6 MB); rounded up.
 *
 * <p>A mask that adds biases which are no rule (a learned or a sloped bias of positions) is kept as
 * numbers on the Java heap, [H or 1, N, M], whether the run is in chunks or not. Biases by distance
 * (ALiBi, T5) are kept as a number a distance, but they come as such a tensor too and pass through
 * the heap, to be held against the distances. A run in one piece holds either among its outputs
 * once more, which is counted to what it needs to run.
 */
final class MemoryEstimate {
    /** Live float tensors of the width of the model in a piece, that of its widest layer too. */
    static final double PIECE_TENSORS = 24;

    /** Arrays of the width of the model that attention between two pieces takes. */
    static final double PIECE_ARRAYS = 8;

    /** Of those, what crosses between pieces, and comes from a CUDA device for that. */
    static final double CROSSING_TENSORS = 8;

    /** Live float tensors of heads x N x N in a run. */
    static final double LIVE_COPIES = 3;

    private final List<SiteSizes> sizes;
    private final int vocabulary;
    private final boolean chunked;
    private final ChunkLength chunks;
    private final MaskCells masks;
    private final FreeMemory available;

    /**
     * @param sizes a site each; rows and keys do not matter
     * @param masks what the probe's masks took
     * @param vocabulary width of the logits; 0 when there are none
     * @param chunked whether texts are run in chunks
     * @param chunkBytes what a chunk's scores may take
     * @param available what can be had now
     */
    MemoryEstimate(
            List<SiteSizes> sizes,
            MaskCells masks,
            int vocabulary,
            boolean chunked,
            long chunkBytes,
            FreeMemory available) {
        this.sizes = sizes;
        this.masks = masks;
        this.vocabulary = vocabulary;
        this.chunked = chunked;
        this.available = available;
        this.chunks = new ChunkLength(bytesPerCell(), bytesPerRow(), chunkBytes);
    }

    private double bytesPerCell() {
        int heads = sizes.stream().mapToInt(SiteSizes::heads).max().orElse(1);
        return LIVE_COPIES * heads * Float.BYTES;
    }

    /** Logits twice, and a few tensors of the width of the model. */
    private double bytesPerRow() {
        return Float.BYTES * (2.0 * vocabulary + 16.0 * width());
    }

    private int width() {
        return sizes.stream().mapToInt(s -> s.heads() * s.queryDim()).max().orElse(1);
    }

    /** What the device has free now; empty on the processor. */
    OptionalLong freeOnDevice() {
        return available.device();
    }

    ChunkLength chunks() {
        return chunks;
    }

    MemoryNeed need(int tokens) {
        long now = available.machine();
        long heap = available.heap();
        OptionalLong device = available.device();
        return need(
                device,
                captureBytes(tokens),
                new MemoryNeed(
                        tokens,
                        runBytes(tokens),
                        captureBytes(tokens),
                        now,
                        new MemoryNeed.Room(heapBytes(tokens), heapLimit(tokens, heap)),
                        MemoryNeed.Room.unused(),
                        largest(middle ->
                                fits(
                                                device,
                                                now,
                                                (double) runBytes(middle),
                                                (double) captureBytes(middle),
                                                (double) captureBytes(middle))
                                        && heapBytes(middle) <= heapLimit(middle, heap)),
                        chunked ? MemoryNeed.Feeding.CHUNKS : MemoryNeed.Feeding.WHOLE));
    }

    /** A need as it is, or shared between the machine and a device. */
    private static MemoryNeed need(OptionalLong device, long arriving, MemoryNeed all) {
        return device.isPresent() ? all.onDevice(device.getAsLong(), arriving) : all;
    }

    /**
     * Whether a run fits: all of it into the machine; or what the runtime needs into the device,
     * and what arrives from there and is kept into the machine.
     */
    private static boolean fits(
            OptionalLong device, long machine, double run, double arriving, double kept) {
        return device.isPresent()
                ? run <= device.getAsLong() && arriving + kept <= machine
                : run + kept <= machine;
    }

    /** The need of a run in one piece, whether there is a cache or not. */
    MemoryNeed whole(int tokens) {
        return chunked
                ? new MemoryEstimate(sizes, masks, vocabulary, false, chunks.limit(), available)
                        .need(tokens)
                : need(tokens);
    }

    /**
     * The need of a run in pieces where masks are rules: a few tensors of one row a token at a
     * time, in the runtime and, as arrays for the kernels, on the heap.
     *
     * @param logits whether the model's first output is wanted
     */
    MemoryNeed inPieces(int tokens, boolean logits) {
        long now = available.machine();
        long heap = available.heap();
        double run = Float.BYTES * (PIECE_TENSORS * width() + (logits ? 2.0 * vocabulary : 0));
        double arrays = Float.BYTES * (PIECE_ARRAYS * width() + (logits ? vocabulary : 0));
        double arriving =
                Float.BYTES * (CROSSING_TENSORS * width() + (logits ? 1.0 * vocabulary : 0));
        OptionalLong device = available.device();
        return need(
                device,
                (long) (arriving * tokens),
                new MemoryNeed(
                        tokens,
                        (long) (run * tokens),
                        rows(tokens),
                        now,
                        new MemoryNeed.Room((long) (arrays * tokens), heap),
                        MemoryNeed.Room.unused(),
                        largest(middle ->
                                fits(
                                                device,
                                                now,
                                                run * middle,
                                                arriving * middle,
                                                (double) rows(middle))
                                        && arrays * middle <= heap
                                        && (double) middle * widest() <= Integer.MAX_VALUE),
                        MemoryNeed.Feeding.PIECES));
    }

    /** The tensor of a site that is widest, in bytes a token; 2 GiB can be read at once. */
    private double widest() {
        return Float.BYTES * (double) width();
    }

    private static int largest(IntPredicate fit) {
        int fits = 0;
        int tooLong = 1 << 30;
        while (tooLong - fits > 1) {
            int middle = (fits + tooLong) >>> 1;
            if (fit.test(middle)) {
                fits = middle;
            } else {
                tooLong = middle;
            }
        }
        return fits;
    }

    /** Queries, keys and values of every site, and the biases that are no rule. */
    private long captureBytes(int tokens) {
        return rows(tokens) + bytes(masks.kept() * allCells(tokens));
    }

    /** Queries, keys and values of every site. */
    private long rows(int tokens) {
        return sizes.stream().mapToLong(s -> SiteRecorder.bytes(s.withTokens(tokens))).sum();
    }

    private long heapBytes(int tokens) {
        return bytes(masks.kept() * allCells(tokens) + masks.passing() * cellsAtOnce(tokens));
    }

    /** What the heap can give; a tensor of more than 2 GiB cannot be read whatever it has. */
    private long heapLimit(int tokens, long heap) {
        return bytes(masks.widest() * cellsAtOnce(tokens)) > Integer.MAX_VALUE
                ? Math.min(heap, Integer.MAX_VALUE)
                : heap;
    }

    /** Cells of one map that a run's masks cover; in chunks, only those up to each chunk's end. */
    private double allCells(int tokens) {
        double square = 1.0 * tokens * tokens;
        return chunked ? (square + cellsAtOnce(tokens)) / 2 : square;
    }

    private double cellsAtOnce(int tokens) {
        return chunked ? 1.0 * tokens * chunks.after(tokens) : 1.0 * tokens * tokens;
    }

    private static long bytes(double floats) {
        return (long) Math.min(Long.MAX_VALUE / 8.0, floats * Float.BYTES);
    }

    /** The runtime's own peak; the captured tensors are among its outputs once more. */
    private long runBytes(int tokens) {
        if (!chunked) {
            double cells = 1.0 * tokens * tokens * bytesPerCell();
            return (long) Math.min(Long.MAX_VALUE / 8.0, cells + bytesPerRow() * tokens)
                    + bytes(masks.passing() * allCells(tokens))
                    + captureBytes(tokens);
        }
        long cache = 0;
        long widest = 0;
        for (SiteSizes s : sizes) {
            SiteSizes all = s.withTokens(tokens);
            cache += (all.keyFloats() + all.valueFloats()) * Float.BYTES;
            long expanded = (long) tokens * s.heads() * (s.queryDim() + s.valueDim());
            widest = Math.max(widest, expanded * Float.BYTES);
        }
        // The cache before and after, and once more as the captured outputs of the last chunk.
        return chunks.bytes(tokens) + 3 * cache + 2 * widest;
    }
}
