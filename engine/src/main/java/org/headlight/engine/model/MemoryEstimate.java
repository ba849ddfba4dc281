package org.headlight.engine.model;

import java.util.List;
import java.util.function.LongSupplier;

/**
 * Estimates what a run takes before it starts, from the sizes that the opening probe saw.
 *
 * <p>In one piece, the runtime holds about {@link #LIVE_COPIES} float tensors of heads x N x N at
 * once, of the widest site: the product, what the scale and the mask make of it, and the softmax.
 * Measured with ONNX Runtime 1.29 as growth of the resident set over the size of one such tensor:
 * 2.5 for an eager decoder of 6 heads without a cache at N = 4,096 (1,023 MB over 403 MB), 2.0 for
 * all-MiniLM-L6-v2 at N = 512 (25 MB over 12.6 MB); rounded up.
 */
final class MemoryEstimate {
    /** Live float tensors of heads x N x N in a run. */
    static final double LIVE_COPIES = 3;

    private final List<SiteSizes> sizes;
    private final int vocabulary;
    private final boolean chunked;
    private final ChunkLength chunks;
    private final LongSupplier available;

    /**
     * @param sizes a site each; rows and keys do not matter
     * @param vocabulary width of the logits; 0 when there are none
     * @param chunked whether texts are run in chunks
     * @param chunkBytes what a chunk's scores may take
     * @param available bytes that can be had now
     */
    MemoryEstimate(
            List<SiteSizes> sizes,
            int vocabulary,
            boolean chunked,
            long chunkBytes,
            LongSupplier available) {
        this.sizes = sizes;
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
        int width = sizes.stream().mapToInt(s -> s.heads() * s.queryDim()).max().orElse(1);
        return Float.BYTES * (2.0 * vocabulary + 16.0 * width);
    }

    ChunkLength chunks() {
        return chunks;
    }

    MemoryNeed need(int tokens) {
        long now = available.getAsLong();
        int largest = largest(now);
        return new MemoryNeed(
                tokens, runBytes(tokens), captureBytes(tokens), now, largest, chunked);
    }

    private int largest(long now) {
        int fits = 0;
        int tooLong = 1 << 30;
        while (tooLong - fits > 1) {
            int middle = (fits + tooLong) >>> 1;
            if (runBytes(middle) + captureBytes(middle) <= now) {
                fits = middle;
            } else {
                tooLong = middle;
            }
        }
        return fits;
    }

    /** Queries, keys and values of every site. */
    private long captureBytes(int tokens) {
        return sizes.stream().mapToLong(s -> SiteRecorder.bytes(s.withTokens(tokens))).sum();
    }

    /** The runtime's own peak; the captured tensors are among its outputs once more. */
    private long runBytes(int tokens) {
        if (!chunked) {
            double cells = 1.0 * tokens * tokens * bytesPerCell();
            return (long) Math.min(Long.MAX_VALUE / 4.0, cells + bytesPerRow() * tokens)
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
