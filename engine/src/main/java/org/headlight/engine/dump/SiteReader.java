package org.headlight.engine.dump;

import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.ProbabilityHead;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.matrix.Matrix;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;

/** Makes one site out of its tensors, checking shapes and every number. */
final class SiteReader {
    private static final int MAX_SIDE = 1 << 24;

    private final String file;
    private final TensorFile tensors;

    SiteReader(String file, TensorFile tensors) {
        this.file = file;
        this.tensors = tensors;
    }

    /** A site of a file of ours: the header knows its scale and mask. */
    SiteCapture own(CaptureHeader.Site header, List<Token> all, Progress progress) {
        String prefix = header.prefix();
        List<Token> queries = header.queryTokens() == null ? all : header.queryTokens();
        List<Token> keys = header.keyTokens() == null ? queries : header.keyTokens();
        SiteCapture site;
        if (tensors.tensors().containsKey(prefix + "attn")) {
            Tensor attn = tensor(prefix + "attn", "[H, N, M]", 3);
            int rows = attn.dim(1);
            IntFunction<AttentionMask> masks = masks().of(header, attn.dim(0), rows, attn.dim(2));
            List<HeadAttention> heads = new ArrayList<>();
            ProbabilityCheck check = new ProbabilityCheck(file, attn);
            for (int h = 0; h < attn.dim(0); h++) {
                Matrix p = attn.matrix(h);
                check.own(p, h + ", ", progress);
                heads.add(new ProbabilityHead(p, masks.apply(h)));
            }
            site = nameless(header.layer(), header.kind(), header.node(), heads, heads.size(), 0);
        } else {
            Factors factors = factors(prefix, progress);
            int rows = factors.q.dim(1);
            site =
                    withFactors(
                            header,
                            factors,
                            masks().of(header, factors.q.dim(0), rows, factors.k.dim(1)));
        }
        HeadAttention first = site.heads().getFirst();
        if (first.rows() != queries.size() || first.cols() != keys.size()) {
            throw new BadInputException(
                    String.format(
                            Locale.ROOT,
                            "%s: layer %d has %,d queries and %,d keys for %,d and %,d tokens;"
                                    + " expected as many: capture it again.",
                            file,
                            header.layer(),
                            first.rows(),
                            first.cols(),
                            queries.size(),
                            keys.size()));
        }
        return new SiteCapture(
                site.layer(),
                site.kind(),
                site.node(),
                site.heads(),
                site.kvHeads(),
                site.headDim(),
                queries,
                keys);
    }

    /** A site of a file made elsewhere. */
    SiteCapture foreign(int layer, SiteKind kind, Progress progress) {
        String prefix = "layers." + layer + (kind == SiteKind.CROSS ? ".cross." : ".");
        if (tensors.tensors().containsKey(prefix + "attn")
                || tensors.foreign().containsKey(prefix + "attn")) {
            Tensor attn = tensor(prefix + "attn", "[H, N, M]", 3);
            return maps(layer, kind, attn, h -> attn.matrix(h), attn.dim(0), "", progress);
        }
        Factors factors = factors(prefix, progress);
        int rows = factors.q.dim(1);
        int cols = factors.k.dim(1);
        boolean causal = kind == SiteKind.SELF && causal();
        if (causal && cols < rows) {
            throw new BadInputException(
                    String.format(
                            Locale.ROOT,
                            "%s says causal and layer %d has %,d queries for %,d keys; expected as"
                                    + " many keys or more.",
                            file,
                            layer,
                            rows,
                            cols));
        }
        MaskRule rule = causal ? new MaskRule.Causal(cols - rows) : new MaskRule.Full();
        CaptureHeader.Site header =
                new CaptureHeader.Site(
                        layer,
                        kind,
                        prefix + "q",
                        List.of(scale()),
                        softcap(),
                        tensors.tensors().containsKey(prefix + "sinks"),
                        rule,
                        null,
                        null);
        return withFactors(header, factors, masks().of(header, factors.q.dim(0), rows, cols));
    }

    /** The sites of a file with one array. */
    List<SiteCapture> single(Tensor array, Progress progress) {
        if (array.rank() < 2 || array.rank() > 4) {
            throw new BadInputException(
                    String.format(
                            Locale.ROOT,
                            "%s: %s has the shape %s; expected attention probabilities of shape"
                                    + " [queries, keys], [heads, queries, keys] or [layers, heads,"
                                    + " queries, keys]: save them in one of these shapes.",
                            file,
                            array.label(),
                            array.shapeText()));
        }
        sides(array);
        if (array.rank() == 2) {
            return List.of(maps(0, SiteKind.SELF, array, h -> array.matrix(), 1, "-", progress));
        }
        if (array.rank() == 3) {
            IntFunction<Matrix> map = h -> array.matrix(h);
            return List.of(maps(0, SiteKind.SELF, array, map, array.dim(0), "", progress));
        }
        List<SiteCapture> sites = new ArrayList<>();
        for (int l = 0; l < array.dim(0); l++) {
            int layer = l;
            progress.at((double) l / array.dim(0), "checking layer " + l);
            IntFunction<Matrix> map = h -> array.matrix(layer, h);
            sites.add(maps(l, SiteKind.SELF, array, map, array.dim(1), l + ", ", progress));
        }
        return sites;
    }

    private SiteCapture maps(
            int layer,
            SiteKind kind,
            Tensor tensor,
            IntFunction<Matrix> map,
            int count,
            String at,
            Progress progress) {
        ProbabilityCheck check = new ProbabilityCheck(file, tensor);
        List<HeadAttention> heads = new ArrayList<>();
        for (int h = 0; h < count; h++) {
            Matrix p = map.apply(h);
            String where = at.equals("-") ? "" : at + h + ", ";
            heads.add(
                    kind == SiteKind.CROSS
                            ? check.cross(p, where, progress)
                            : check.self(p, where, progress));
        }
        return nameless(layer, kind, tensor.name(), heads, count, 0);
    }

    /** The factors of a site; all shapes agree. */
    private record Factors(Tensor q, Tensor k, @Nullable Tensor v) {}

    private Factors factors(String prefix, Progress progress) {
        Tensor q = tensor(prefix + "q", "[H, N, D]", 3);
        Tensor k = tensor(prefix + "k", "[KV, M, D]", 3);
        if (k.dim(2) != q.dim(2) || q.dim(0) % k.dim(0) != 0) {
            throw new BadInputException(
                    String.format(
                            Locale.ROOT,
                            "%s: %s %s does not fit %s %s; expected [KV, M, %d] with KV a divisor"
                                    + " of %d.",
                            file,
                            k.label(),
                            k.shapeText(),
                            q.label(),
                            q.shapeText(),
                            q.dim(2),
                            q.dim(0)));
        }
        Tensor v = null;
        if (tensors.tensors().containsKey(prefix + "v")) {
            v = tensor(prefix + "v", "[KV, M, Dv]", 3);
            if (v.dim(0) != k.dim(0) || v.dim(1) != k.dim(1)) {
                throw new BadInputException(
                        String.format(
                                Locale.ROOT,
                                "%s: %s %s does not fit %s %s; expected [%d, %d, Dv].",
                                file,
                                v.label(),
                                v.shapeText(),
                                k.label(),
                                k.shapeText(),
                                k.dim(0),
                                k.dim(1)));
            }
            finite(v, progress);
        }
        finite(q, progress);
        finite(k, progress);
        return new Factors(q, k, v);
    }

    private SiteCapture withFactors(
            CaptureHeader.Site header, Factors factors, IntFunction<AttentionMask> masks) {
        int count = factors.q.dim(0);
        int kvHeads = factors.k.dim(0);
        List<Float> scales = header.scales();
        if ((scales.size() != 1 && scales.size() != count)
                || scales.stream().anyMatch(s -> !Float.isFinite(s))) {
            throw new BadInputException(
                    String.format(
                            Locale.ROOT,
                            "%s: layer %d has the scale %s; expected one finite number, or one a"
                                    + " head.",
                            file,
                            header.layer(),
                            scales));
        }
        float[] sinks = sinks(header, count);
        List<Matrix> keys = new ArrayList<>();
        List<@Nullable Matrix> values = new ArrayList<>();
        for (int g = 0; g < kvHeads; g++) {
            keys.add(factors.k.matrix(g));
            values.add(factors.v == null ? null : factors.v.matrix(g));
        }
        List<HeadAttention> heads = new ArrayList<>();
        for (int h = 0; h < count; h++) {
            int g = h / (count / kvHeads);
            heads.add(
                    new QkHead(
                            factors.q.matrix(h),
                            keys.get(g),
                            values.get(g),
                            scales.get(scales.size() == 1 ? 0 : h),
                            masks.apply(h),
                            header.softcap(),
                            sinks[h]));
        }
        int dim = factors.q.dim(2);
        return nameless(header.layer(), header.kind(), header.node(), heads, kvHeads, dim);
    }

    private MaskTensors masks() {
        return new MaskTensors(file, tensors, this::tensor);
    }

    /** One sink logit a head; negative infinity for none. */
    private float[] sinks(CaptureHeader.Site header, int heads) {
        float[] sinks = new float[heads];
        Arrays.fill(sinks, QkHead.NO_SINK);
        if (!header.sinks()) {
            return sinks;
        }
        Tensor tensor = tensor(header.prefix() + "sinks", "[H]", 1);
        if (tensor.dim(0) != heads) {
            throw new BadInputException(
                    String.format(
                            Locale.ROOT,
                            "%s: %s has the shape %s; expected [%d], a sink logit a head.",
                            file,
                            tensor.label(),
                            tensor.shapeText(),
                            heads));
        }
        for (int h = 0; h < heads; h++) {
            sinks[h] = tensor.floatAt(h);
            if (Float.isNaN(sinks[h]) || sinks[h] == Float.POSITIVE_INFINITY) {
                throw new BadInputException(
                        String.format(
                                Locale.ROOT,
                                "%s: %s has %s at %d; expected a number, or -Infinity for a head"
                                        + " without a sink logit.",
                                file,
                                tensor.label(),
                                sinks[h],
                                h));
            }
        }
        return sinks;
    }

    private static SiteCapture nameless(
            int layer, SiteKind kind, String node, List<HeadAttention> heads, int kv, int dim) {
        return new SiteCapture(
                layer, kind, node, List.copyOf(heads), kv, dim, List.of(), List.of());
    }

    /** A tensor of floats; a leading batch of one is taken off. */
    private Tensor tensor(String name, String expected, int rank) {
        Tensor tensor = tensors.tensors().get(name);
        if (tensor == null) {
            String type = tensors.foreign().get(name);
            throw new BadInputException(
                    type == null
                            ? String.format(
                                    Locale.ROOT,
                                    "%s has no \"%s\"; expected it with the shape %s.",
                                    file,
                                    name,
                                    expected)
                            : String.format(
                                    Locale.ROOT,
                                    "%s: \"%s\" has elements of type %s; expected F32, F16, BF16 or"
                                            + " F64.",
                                    file,
                                    name,
                                    type));
        }
        Tensor unbatched = tensor;
        if (tensor.rank() == rank + 1 && tensor.shape().getFirst() == 1) {
            unbatched =
                    new Tensor(
                            tensor.name(),
                            tensor.type(),
                            tensor.shape().subList(1, rank + 1),
                            tensor.data(),
                            tensor.columnMajor());
        }
        if (unbatched.rank() != rank || !tensor.type().floating()) {
            throw new BadInputException(
                    String.format(
                            Locale.ROOT,
                            "%s: %s has the shape %s; expected %s.",
                            file,
                            tensor.label(),
                            tensor.shapeText(),
                            expected));
        }
        sides(unbatched);
        return unbatched;
    }

    private void sides(Tensor tensor) {
        for (long side : tensor.shape()) {
            if (side < 1 || side > MAX_SIDE) {
                throw new BadInputException(
                        String.format(
                                Locale.ROOT,
                                "%s: %s has the shape %s; expected sides from 1 to %,d.",
                                file,
                                tensor.label(),
                                tensor.shapeText(),
                                MAX_SIDE));
            }
        }
    }

    private void finite(Tensor tensor, Progress progress) {
        for (int plane = 0; plane < tensor.dim(0); plane++) {
            progress.check();
            Matrix matrix = tensor.matrix(plane);
            float[] row = new float[matrix.cols()];
            for (int r = 0; r < matrix.rows(); r++) {
                matrix.copyRows(r, r + 1, row, 0);
                for (int c = 0; c < row.length; c++) {
                    if (!Float.isFinite(row[c])) {
                        throw new BadInputException(
                                String.format(
                                        Locale.ROOT,
                                        "%s: %s %s has %s at (%d, %d, %d); expected finite"
                                                + " numbers.",
                                        file,
                                        tensor.label(),
                                        tensor.shapeText(),
                                        row[c],
                                        plane,
                                        r,
                                        c));
                    }
                }
            }
        }
    }

    private float scale() {
        String text = fact("scale", "\"scale\": \"0.125\" for a head width of 64");
        try {
            float scale = Float.parseFloat(text);
            if (Float.isFinite(scale)) {
                return scale;
            }
        } catch (NumberFormatException e) {
            // The sentence below says it.
        }
        throw new BadInputException(
                String.format(
                        Locale.ROOT,
                        "%s has the metadata \"scale\": \"%s\"; expected a number such as"
                                + " \"0.125\".",
                        file,
                        text));
    }

    /** Of a file made elsewhere: none unless it says so. */
    private float softcap() {
        String text = tensors.metadata().getOrDefault("softcap", "0");
        try {
            float softcap = Float.parseFloat(text);
            if (softcap >= 0 && softcap < Float.POSITIVE_INFINITY) {
                return softcap;
            }
        } catch (NumberFormatException e) {
            // The sentence below says it.
        }
        throw new BadInputException(
                String.format(
                        Locale.ROOT,
                        "%s has the metadata \"softcap\": \"%s\"; expected a number such as \"50\","
                                + " or \"0\" for none.",
                        file,
                        text));
    }

    private boolean causal() {
        String text = fact("causal", "\"causal\": \"true\" or \"false\"");
        if (!text.equals("true") && !text.equals("false")) {
            throw new BadInputException(
                    String.format(
                            Locale.ROOT,
                            "%s has the metadata \"causal\": \"%s\"; expected \"true\" or"
                                    + " \"false\".",
                            file,
                            text));
        }
        return text.equals("true");
    }

    private String fact(String key, String example) {
        Map<String, String> metadata = tensors.metadata();
        String text = metadata.get(key);
        if (text == null) {
            throw new BadInputException(
                    String.format(
                            Locale.ROOT,
                            "%s has queries and keys but its metadata does not say \"%s\", which is"
                                + " never guessed; save it as safetensors with the metadata %s.",
                            file,
                            key,
                            example));
        }
        return text;
    }
}
