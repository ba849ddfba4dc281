package org.headlight.engine.dump;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.ProbabilityHead;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.capture.RelativeMask;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.matrix.ArrayMatrix;
import org.headlight.engine.matrix.Matrix;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Streams a capture into the safetensors container. */
final class CaptureWriter {

    private final Capture capture;
    private final Progress progress;
    private final List<Piece> pieces = new ArrayList<>();
    private final RowLse rowLse = new RowLse();
    private final ByteBuffer buffer =
            ByteBuffer.allocateDirect(1 << 20).order(ByteOrder.LITTLE_ENDIAN);

    /** One tensor: four bytes an element. */
    private record Piece(String name, ElementType type, List<Long> shape, Body body) {
        long bytes() {
            long count = type.bytes();
            for (long n : shape) {
                count *= n;
            }
            return count;
        }
    }

    private interface Body {
        void write(FileChannel out) throws IOException;
    }

    CaptureWriter(Capture capture, Progress progress) {
        this.capture = capture;
        this.progress = progress;
    }

    void write(FileChannel out) throws IOException {
        List<CaptureHeader.Site> sites = new ArrayList<>();
        for (SiteCapture site : capture.sites()) {
            sites.add(plan(site));
        }
        List<Token> tokens = capture.tokens();
        pieces.add(
                new Piece(
                        "tokens",
                        ElementType.I32,
                        List.of((long) tokens.size()),
                        channel -> ints(channel, tokens.stream().mapToInt(Token::id).toArray())));
        header(out, new CaptureHeader(capture.info(), tokens, capture.responseFrom(), sites));
        long total = pieces.stream().mapToLong(Piece::bytes).sum();
        long done = 0;
        for (Piece piece : pieces) {
            progress.check();
            progress.at((double) done / total, "writing " + piece.name);
            piece.body.write(out);
            done += piece.bytes();
        }
        progress.at(1, "written");
    }

    private void header(FileChannel out, CaptureHeader header) throws IOException {
        JsonObject json = new JsonObject();
        JsonObject metadata = new JsonObject();
        header.metadata().forEach(metadata::addProperty);
        json.add("__metadata__", metadata);
        long at = 0;
        for (Piece piece : pieces) {
            JsonObject tensor = new JsonObject();
            tensor.addProperty("dtype", piece.type.name());
            JsonArray shape = new JsonArray();
            piece.shape.forEach(shape::add);
            tensor.add("shape", shape);
            JsonArray offsets = new JsonArray();
            offsets.add(at);
            at += piece.bytes();
            offsets.add(at);
            tensor.add("data_offsets", offsets);
            json.add(piece.name, tensor);
        }
        byte[] text = json.toString().getBytes(StandardCharsets.UTF_8);
        int padded = (text.length + 7) / 8 * 8;
        ByteBuffer head = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN);
        head.putLong(padded).put(text);
        while (head.hasRemaining()) {
            head.put((byte) ' ');
        }
        drain(out, head.flip());
    }

    private CaptureHeader.Site plan(SiteCapture site) {
        List<Token> query = site.queryTokens();
        HeadAttention first = site.heads().getFirst();
        MaskRule rule = rule(site);
        CaptureHeader.Site header =
                new CaptureHeader.Site(
                        site.layer(),
                        site.kind(),
                        site.node(),
                        scales(site),
                        first instanceof QkHead qk ? qk.softcap() : 0,
                        sinks(site),
                        rule,
                        query.equals(capture.tokens()) ? null : query,
                        site.keyTokens().equals(query) ? null : site.keyTokens());
        if (first instanceof ProbabilityHead) {
            List<Matrix> maps = site.heads().stream().map(h -> ((ProbabilityHead) h).p()).toList();
            matrices(header.prefix() + "attn", maps);
        } else {
            factors(header.prefix(), site);
        }
        masks(header, site);
        return header;
    }

    private void factors(String prefix, SiteCapture site) {
        List<QkHead> heads = site.heads().stream().map(h -> (QkHead) h).toList();
        int group = heads.size() / site.kvHeads();
        List<QkHead> kv = new ArrayList<>();
        for (int g = 0; g < site.kvHeads(); g++) {
            kv.add(heads.get(g * group));
        }
        matrices(prefix + "q", heads.stream().map(QkHead::q).toList());
        matrices(prefix + "k", kv.stream().map(QkHead::k).toList());
        QkHead first = heads.getFirst();
        pieces.add(
                new Piece(
                        prefix + "lse",
                        ElementType.F32,
                        List.of((long) heads.size(), (long) first.rows()),
                        out -> {
                            for (QkHead head : heads) {
                                floats(out, rowLse.of(head, progress));
                            }
                        }));
        if (sinks(site)) {
            float[] sinks = new float[heads.size()];
            for (int h = 0; h < sinks.length; h++) {
                sinks[h] = heads.get(h).sink();
            }
            pieces.add(
                    new Piece(
                            prefix + "sinks",
                            ElementType.F32,
                            List.of((long) sinks.length),
                            out -> floats(out, new ArrayMatrix(sinks, 1, sinks.length))));
        }
        List<Matrix> values = new ArrayList<>();
        for (QkHead head : kv) {
            Matrix v = head.v();
            if (v != null) {
                values.add(v);
            }
        }
        if (values.size() == kv.size()) {
            matrices(prefix + "v", values);
        }
    }

    private static boolean sinks(SiteCapture site) {
        return site.heads().stream()
                .anyMatch(h -> h instanceof QkHead qk && qk.sink() != QkHead.NO_SINK);
    }

    private static List<Float> scales(SiteCapture site) {
        List<Float> scales =
                site.heads().stream().map(h -> h instanceof QkHead qk ? qk.scale() : 1f).toList();
        return scales.stream().distinct().count() == 1 ? scales.subList(0, 1) : scales;
    }

    private static MaskRule rule(SiteCapture site) {
        HeadAttention first = site.heads().getFirst();
        MaskRule rule = MaskRule.of(first.mask(), first.rows(), first.cols());
        for (HeadAttention head : site.heads()) {
            if (head.mask().equals(first.mask())) {
                continue;
            }
            boolean same =
                    !(rule instanceof MaskRule.Spans)
                            && seesLike(first.mask(), head.mask())
                            && MaskRule.of(head.mask(), head.rows(), head.cols()).equals(rule);
            if (!same) {
                return new MaskRule.Explicit();
            }
        }
        return rule;
    }

    private static boolean seesLike(AttentionMask one, AttentionMask other) {
        return !(one instanceof RelativeMask a && other instanceof RelativeMask b) || a.seesLike(b);
    }

    private void masks(CaptureHeader.Site header, SiteCapture site) {
        HeadAttention first = site.heads().getFirst();
        int rows = first.rows();
        int cols = first.cols();
        boolean relative = header.mask() instanceof MaskRule.Distances;
        if (relative) {
            float[] all = new float[site.heads().size() * (rows + cols - 1)];
            for (int h = 0; h < site.heads().size(); h++) {
                float[] one = ((RelativeMask) site.heads().get(h).mask()).byDistance();
                System.arraycopy(one, 0, all, h * one.length, one.length);
            }
            pieces.add(
                    new Piece(
                            header.prefix() + "distances",
                            ElementType.F32,
                            List.of((long) site.heads().size(), rows + cols - 1L),
                            out -> floats(out, new ArrayMatrix(all, 1, all.length))));
        }
        if (relative || header.mask() instanceof MaskRule.Spans) {
            int[] spans = new int[2 * rows];
            for (int row = 0; row < rows; row++) {
                spans[2 * row] = first.mask().firstKey(row);
                spans[2 * row + 1] = Math.min(cols, first.mask().endKey(row));
            }
            pieces.add(
                    new Piece(
                            header.prefix() + "spans",
                            ElementType.I32,
                            List.of((long) rows, 2L),
                            out -> ints(out, spans)));
        } else if (header.mask() instanceof MaskRule.Explicit) {
            List<AttentionMask> masks =
                    site.heads().stream().map(HeadAttention::mask).distinct().count() == 1
                            ? List.of(first.mask())
                            : site.heads().stream().map(HeadAttention::mask).toList();
            int stored = masks.stream().allMatch(m -> sameRows(m, rows, cols)) ? 1 : rows;
            matrices(
                    header.prefix() + "mask",
                    masks.stream().<Matrix>map(m -> new MaskMatrix(m, stored, cols)).toList());
        }
    }

    private static boolean sameRows(AttentionMask mask, int rows, int cols) {
        Matrix matrix = new MaskMatrix(mask, rows, cols);
        float[] first = new float[cols];
        float[] other = new float[cols];
        matrix.copyRows(0, 1, first, 0);
        for (int row = 1; row < rows; row++) {
            matrix.copyRows(row, row + 1, other, 0);
            if (!java.util.Arrays.equals(first, other)) {
                return false;
            }
        }
        return true;
    }

    private void matrices(String name, List<Matrix> matrices) {
        Matrix first = matrices.getFirst();
        pieces.add(
                new Piece(
                        name,
                        ElementType.F32,
                        List.of((long) matrices.size(), (long) first.rows(), (long) first.cols()),
                        out -> {
                            for (Matrix matrix : matrices) {
                                floats(out, matrix);
                            }
                        }));
    }

    private void floats(FileChannel out, Matrix matrix) throws IOException {
        int cols = matrix.cols();
        int step = Math.max(1, Math.min(matrix.rows(), (buffer.capacity() / 4) / cols));
        float[] block = new float[step * cols];
        for (int row0 = 0; row0 < matrix.rows(); row0 += step) {
            progress.check();
            int row1 = Math.min(matrix.rows(), row0 + step);
            matrix.copyRows(row0, row1, block, 0);
            int count = (row1 - row0) * cols;
            for (int at = 0; at < count; ) {
                int part = Math.min(count - at, buffer.capacity() / 4);
                buffer.clear();
                buffer.asFloatBuffer().put(block, at, part);
                drain(out, buffer.limit(4 * part));
                at += part;
            }
        }
    }

    private void ints(FileChannel out, int[] values) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(values);
        drain(out, bytes);
    }

    private static void drain(FileChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }
}
