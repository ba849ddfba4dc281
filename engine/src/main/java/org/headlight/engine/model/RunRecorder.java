package org.headlight.engine.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtSession;

import org.headlight.engine.attention.AttentionSite;
import org.headlight.engine.attention.AttentionSite.MaskTerm;
import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.CaptureStore;
import org.headlight.engine.capture.MaskReader;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.token.Token;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Takes what the sites need out of the chunks of one run. */
final class RunRecorder implements AutoCloseable {
    /** A mask operation on scores of one kind: the same for all sites that have it. */
    private record TermKey(MaskTerm term, SiteKind kind, int heads) {}

    /** What makes two masks the same. */
    private record MaskKey(List<MaskTerm> terms, SiteSizes sizes, RuleReader.Key rule) {}

    /** The masks of one run, for recorders that each see some of its sites. */
    static final class Masks {
        private final Map<TermKey, MaskTensor> tensors = new LinkedHashMap<>();
        private final Map<MaskKey, List<AttentionMask>> read = new HashMap<>();
    }

    private final List<SiteRecorder> recorders;
    private final List<ScaleReader> scales;
    private final List<RuleReader> rules;
    private final List<SinkReader> sinks;
    private final Masks shared;
    private final Map<TermKey, MaskTensor> masks;
    private final CaptureStore store;
    private boolean handedOver;

    /**
     * @param sizes sizes of the whole run, a site each
     * @param mapAboveBytes above this the capture is mapped from a file
     */
    RunRecorder(List<AttentionSite> sites, List<SiteSizes> sizes, long mapAboveBytes) {
        this(sites, sizes, CaptureStore.create(bytes(sizes), mapAboveBytes), new Masks());
    }

    /**
     * @param store room for {@link #bytes}; closed with this unless it is handed over
     * @param shared the masks of the same run in one piece, as far as others have read them
     */
    RunRecorder(
            List<AttentionSite> sites, List<SiteSizes> sizes, CaptureStore store, Masks shared) {
        this.shared = shared;
        this.masks = shared.tensors;
        this.store = store;
        recorders = new ArrayList<>();
        for (int i = 0; i < sites.size(); i++) {
            recorders.add(new SiteRecorder(sites.get(i), sizes.get(i), store));
        }
        scales = sites.stream().map(ScaleReader::new).toList();
        rules = sites.stream().map(RuleReader::new).toList();
        sinks = sites.stream().map(SinkReader::new).toList();
    }

    /** What a recorder of such sites takes of its store. */
    static long bytes(List<SiteSizes> sizes) {
        return sizes.stream().mapToLong(SiteRecorder::bytes).sum();
    }

    /** The tensors that every chunk must give. */
    static Set<String> everyChunk(List<AttentionSite> sites) {
        Set<String> names = new LinkedHashSet<>();
        for (AttentionSite site : sites) {
            names.add(site.query());
            site.mask().forEach(term -> names.add(term.tensor()));
            for (AttentionSite.ScaleFactor factor : site.scale()) {
                String tensor = factor.tensor();
                if (tensor != null) {
                    names.add(tensor);
                }
            }
            names.addAll(RuleReader.tensors(site.scores().visible()));
            AttentionSite.SinkTerm sink = site.scores().sink();
            String sinks = sink == null ? null : sink.tensor();
            if (sinks != null) {
                names.add(sinks);
            }
        }
        return names;
    }

    /** The tensors of keys and values. */
    static Set<String> keysAndValues(List<AttentionSite> sites) {
        Set<String> names = new LinkedHashSet<>();
        for (AttentionSite site : sites) {
            names.add(site.key());
            names.add(site.value());
        }
        return names;
    }

    static OnnxTensor tensor(OrtSession.Result result, String name) {
        if (result.get(name).orElse(null) instanceof OnnxTensor tensor) {
            return tensor;
        }
        throw new IllegalStateException("the run gave no tensor " + name);
    }

    /**
     * Takes the next chunk.
     *
     * @param rows its tokens; the rows of the whole run when it is in one piece
     * @param past tokens before it; keys of self-attention end with its last row
     * @param whole whether the run is in one piece
     * @param withKeys whether the chunk holds keys and values to take
     */
    void chunk(OrtSession.Result result, int rows, int past, boolean whole, boolean withKeys) {
        chunk(name -> tensor(result, name), rows, past, whole, withKeys);
    }

    /** Takes the next chunk from wherever its tensors are. */
    void chunk(ScaleReader.Tensors tensors, int rows, int past, boolean whole, boolean withKeys) {
        Map<TermKey, Boolean> seen = new HashMap<>();
        if (whole) {
            masks.keySet().forEach(key -> seen.put(key, true));
        }
        for (int i = 0; i < recorders.size(); i++) {
            SiteRecorder recorder = recorders.get(i);
            AttentionSite site = recorder.site();
            SiteSizes sizes = recorder.sizes();
            recorder.queries(tensors.get(site.query()));
            scales.get(i).accept(tensors);
            sinks.get(i).accept(tensors, sizes.heads());
            int queries = whole ? sizes.rows() : rows;
            int keys = whole ? sizes.keys() : past + rows;
            rules.get(i).accept(tensors, queries, keys);
            for (MaskTerm term : site.mask()) {
                TermKey key = new TermKey(term, site.kind(), sizes.heads());
                if (seen.put(key, true) == null) {
                    masks.computeIfAbsent(key, k -> new MaskTensor(term, site.node()))
                            .accept(tensors.get(term.tensor()), sizes.heads(), queries, keys);
                }
            }
            if (withKeys) {
                recorder.keysAndValues(tensors.get(site.key()), tensors.get(site.value()));
            }
        }
    }

    /** A run in chunks ends after the rows that came, before it has filled its room. */
    void end() {
        recorders.forEach(SiteRecorder::end);
    }

    /**
     * The finished sites, by layer.
     *
     * @param tokens tokens of the rows; where their number does not fit, frames are named instead
     */
    List<SiteCapture> finish(List<Token> tokens) {
        Map<Integer, List<Token>> frames = new HashMap<>();
        frames.put(tokens.size(), tokens);
        List<SiteCapture> sites = new ArrayList<>();
        for (int i = 0; i < recorders.size(); i++) {
            SiteRecorder recorder = recorders.get(i);
            SiteSizes sizes = recorder.sizes();
            AttentionSite site = recorder.site();
            RuleReader rule = rules.get(i);
            MaskKey key = new MaskKey(site.mask(), sizes, rule.key());
            List<AttentionMask> mask =
                    shared.read.computeIfAbsent(key, k -> mask(site, sizes, rule));
            List<Token> queries = frames.computeIfAbsent(sizes.rows(), RunRecorder::frames);
            List<Token> keys =
                    site.kind() == SiteKind.CROSS
                            ? frames(sizes.keys())
                            : frames.computeIfAbsent(sizes.keys(), RunRecorder::frames);
            sites.add(recorder.finish(scales.get(i).scale(), sinks.get(i), mask, queries, keys));
        }
        sites.sort(Comparator.comparingInt(SiteCapture::layer).thenComparing(SiteCapture::kind));
        return sites;
    }

    private List<AttentionMask> mask(AttentionSite site, SiteSizes sizes, RuleReader rule) {
        List<AttentionMask> blocks = rule.blockMasks(sizes.heads());
        if (!blocks.isEmpty()) {
            return blocks;
        }
        return new MaskReader(
                        site.mask().stream()
                                .map(t -> new TermKey(t, site.kind(), sizes.heads()))
                                .map(k -> Objects.requireNonNull(masks.get(k)).reader())
                                .toList(),
                        rule.firstKeys(),
                        rule.endKeys(),
                        sizes.keys())
                .read(sizes.heads());
    }

    /** Names for positions that are no tokens. */
    static List<Token> frames(int count) {
        List<Token> frames = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            frames.add(new Token(i, -1, "#" + i, false));
        }
        return List.copyOf(frames);
    }

    /** What the masks take on the heap. */
    MaskCells maskCells() {
        int kept = 0;
        int passing = 0;
        int widest = 0;
        for (MaskTensor mask : masks.values()) {
            kept += mask.kept();
            passing = Math.max(passing, mask.cells() - mask.kept());
            widest = Math.max(widest, mask.cells());
        }
        return new MaskCells(kept, passing, widest);
    }

    /** The memory of the capture; whoever calls this closes it. */
    CaptureStore handOver() {
        handedOver = true;
        return store;
    }

    @Override
    public void close() {
        if (!handedOver) {
            store.close();
        }
    }
}
