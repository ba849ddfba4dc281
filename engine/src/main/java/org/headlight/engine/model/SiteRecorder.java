package org.headlight.engine.model;

import ai.onnxruntime.OnnxTensor;

import org.headlight.engine.attention.AttentionSite;
import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.CaptureStore;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.matrix.SegmentMatrix;
import org.headlight.engine.token.Token;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** Keeps the queries, keys and values of one site, row-major by head, as they come. */
final class SiteRecorder {
    private final AttentionSite site;
    private final SiteSizes room;
    private SiteSizes sizes;
    private final MemorySegment queries;
    private final MemorySegment keys;
    private final MemorySegment values;
    private int rowsSeen;
    private int keysSeen;

    SiteRecorder(AttentionSite site, SiteSizes sizes, CaptureStore store) {
        this.site = site;
        this.room = sizes;
        this.sizes = sizes;
        this.queries = store.floats(sizes.queryFloats());
        this.keys = store.floats(sizes.keyFloats());
        this.values = store.floats(sizes.valueFloats());
    }

    /** Bytes that a recorder takes of its store. */
    static long bytes(SiteSizes sizes) {
        return CaptureStore.padded(sizes.queryFloats())
                + CaptureStore.padded(sizes.keyFloats())
                + CaptureStore.padded(sizes.valueFloats());
    }

    AttentionSite site() {
        return site;
    }

    SiteSizes sizes() {
        return sizes;
    }

    /** Takes the queries of the next chunk. */
    void queries(OnnxTensor tensor) {
        SiteSizes.Shape shape = SiteSizes.shape(site.node(), "queries", tensor);
        float[] cells = TensorValues.floats(site.query(), tensor);
        put(cells, shape, queries, room.rows(), rowsSeen);
        rowsSeen += shape.rows();
    }

    /** Takes the keys and values of the next chunk, or of the whole run at once. */
    void keysAndValues(OnnxTensor key, OnnxTensor value) {
        SiteSizes.Shape k = SiteSizes.keyShape(site, key);
        float[] cells = TensorValues.floats(site.key(), key);
        if (site.keyLayout() == AttentionSite.KeyLayout.TRANSPOSED) {
            cells = transpose(cells, k);
        }
        put(cells, k, keys, room.keys(), keysSeen);
        SiteSizes.Shape v = SiteSizes.shape(site.node(), "values", value);
        put(TensorValues.floats(site.value(), value), v, values, room.keys(), keysSeen);
        keysSeen += k.rows();
    }

    /** The run ends after the rows that came, before it has filled its room. */
    void end() {
        sizes = room.withTokens(rowsSeen);
    }

    /** Copies [heads, rows, cols] to the rows from {@code row0} of [heads, allRows, cols]. */
    private static void put(
            float[] cells, SiteSizes.Shape shape, MemorySegment target, int allRows, int row0) {
        int block = shape.rows() * shape.cols();
        for (int h = 0; h < shape.heads(); h++) {
            long at = ((long) h * allRows + row0) * shape.cols();
            MemorySegment.copy(
                    cells, h * block, target, ValueLayout.JAVA_FLOAT, at * Float.BYTES, block);
        }
    }

    /** From [heads, cols, rows] to [heads, rows, cols]. */
    private static float[] transpose(float[] cells, SiteSizes.Shape to) {
        float[] out = new float[cells.length];
        int rows = to.rows();
        int cols = to.cols();
        for (int h = 0; h < to.heads(); h++) {
            int base = h * rows * cols;
            for (int r = 0; r < rows; r++) {
                for (int c = 0; c < cols; c++) {
                    out[base + r * cols + c] = cells[base + c * rows + r];
                }
            }
        }
        return out;
    }

    /**
     * The finished site.
     *
     * @param scale what the scores are multiplied with
     * @param sinks the score without a key of each head
     * @param masks the mask of each head
     */
    SiteCapture finish(
            float scale,
            SinkReader sinks,
            List<AttentionMask> masks,
            List<Token> queryTokens,
            List<Token> keyTokens) {
        if (rowsSeen != sizes.rows() || keysSeen != sizes.keys()) {
            throw new IllegalStateException(
                    site.node() + ": " + rowsSeen + " queries and " + keysSeen + " keys came");
        }
        int allKeys = room.keys();
        List<SegmentMatrix> k =
                slices(keys, sizes.keyHeads(), allKeys, sizes.keys(), sizes.queryDim());
        List<SegmentMatrix> v =
                slices(values, sizes.valueHeads(), allKeys, sizes.keys(), sizes.valueDim());
        List<SegmentMatrix> q =
                slices(queries, sizes.heads(), room.rows(), sizes.rows(), sizes.queryDim());
        List<HeadAttention> heads = new ArrayList<>();
        for (int h = 0; h < sizes.heads(); h++) {
            heads.add(
                    new QkHead(
                            q.get(h),
                            k.get(h * sizes.keyHeads() / sizes.heads()),
                            v.get(h * sizes.valueHeads() / sizes.heads()),
                            scale,
                            masks.get(h),
                            site.scores().softcap(),
                            sinks.sink(h)));
        }
        return new SiteCapture(
                site.layer(),
                site.kind(),
                site.node(),
                List.copyOf(heads),
                sizes.keyHeads(),
                sizes.queryDim(),
                queryTokens,
                site.kind() == SiteKind.SELF && sizes.rows() == sizes.keys()
                        ? queryTokens
                        : keyTokens);
    }

    /** The first rows of each head of [heads, allRows, cols]. */
    private static List<SegmentMatrix> slices(
            MemorySegment all, int heads, int allRows, int rows, int cols) {
        List<SegmentMatrix> slices = new ArrayList<>(heads);
        long stride = (long) allRows * cols * Float.BYTES;
        long bytes = (long) rows * cols * Float.BYTES;
        for (int h = 0; h < heads; h++) {
            slices.add(new SegmentMatrix(all.asSlice(h * stride, bytes), rows, cols));
        }
        return slices;
    }
}
