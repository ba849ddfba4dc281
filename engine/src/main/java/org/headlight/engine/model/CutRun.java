package org.headlight.engine.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;

import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.AttentionOutput;
import org.headlight.engine.attend.HeadArray;
import org.headlight.engine.attention.AttentionSite;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.CaptureStore;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.cut.CutGraph;
import org.headlight.engine.cut.SeamAttention;
import org.headlight.engine.cut.SeamHooks;
import org.headlight.engine.cut.Segment;
import org.headlight.engine.matrix.ArrayMatrix;
import org.headlight.engine.matrix.Matrix;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** One run of a cut graph: its pieces in order, and attention between them. */
final class CutRun implements AutoCloseable {
    /**
     * What a run over some tokens uses.
     *
     * @param sessions of the pieces
     * @param contexts what each site gives, in the order of the cut's sites
     * @param rules the mask of each site where it is a known rule; absent where the run gives it
     */
    record Pieces(CutSessions sessions, List<ContextTensor> contexts, Map<String, MaskRule> rules) {
        CutGraph cut() {
            return sessions.cut();
        }
    }

    /** Sees what each site gives. */
    interface ContextObserver {
        /** Nobody looks. */
        ContextObserver NONE = (site, values) -> {};

        void context(AttentionSite site, HeadArray values);
    }

    private final Pieces pieces;
    private final SeamAttention attention;
    private final LiveTensors live;
    private final RunRecorder.Masks masks = new RunRecorder.Masks();
    private final List<SiteCapture> seen = new ArrayList<>();
    private final List<CaptureStore> stores = new ArrayList<>();
    private final List<Token> tokens;
    private final SeamHooks hooks;
    private final long mapAboveBytes;
    private boolean keeps;
    private LoneQuery lone = LoneQuery.UNKNOWN;
    private ContextObserver observer = ContextObserver.NONE;

    /**
     * @param feeds every input of the graph
     * @param tokens tokens of the rows; empty when the input has none
     * @param mapAboveBytes above this a capture is mapped from files
     */
    CutRun(
            Pieces pieces,
            SeamAttention attention,
            Feeds feeds,
            List<Token> tokens,
            SeamHooks hooks,
            long mapAboveBytes) {
        this.pieces = pieces;
        this.attention = attention;
        this.tokens = tokens;
        this.hooks = hooks;
        this.mapAboveBytes = mapAboveBytes / Math.max(1, pieces.cut().sites().size());
        this.live = new LiveTensors(pieces.cut().lastUse());
        live.lend(feeds.tensors());
    }

    /** Keeps queries, keys and values as they pass. */
    CutRun keeping(boolean capture) {
        keeps = capture;
        return this;
    }

    /** Takes what is known of the model's masks, for runs that do not show it. */
    CutRun knowing(LoneQuery known) {
        lone = known;
        return this;
    }

    CutRun observed(ContextObserver by) {
        observer = by;
        return this;
    }

    /**
     * Runs until everything that is wanted is there.
     *
     * @param wanted outputs of the graph
     * @throws RunFailure when the runtime fails
     * @throws SiteFailure when a site gives what cannot be read
     * @throws org.headlight.engine.problem.CancelledException when the progress says so
     */
    void run(Set<String> wanted, Progress progress) {
        List<Segment> segments = pieces.cut().segments();
        Set<String> missing = new HashSet<>(wanted);
        int sitesLeft = keeps ? pieces.cut().sites().size() : 0;
        for (int i = 0; i < segments.size() && (!missing.isEmpty() || sitesLeft > 0); i++) {
            progress.at((double) i / segments.size(), stage(i, segments.size()));
            progress.check();
            Segment segment = segments.get(i);
            int stage = i;
            pieces.sessions
                    .of(i)
                    .ifPresent(s -> live.take(piece(s, segment, stage, wanted, progress)));
            for (int site : segment.sites()) {
                attend(site, progress);
                sitesLeft -= keeps ? 1 : 0;
            }
            missing.removeIf(live::has);
            live.after(i, wanted);
        }
        progress.check();
    }

    private static String stage(int segment, int all) {
        return String.format(Locale.ROOT, "Running the model: piece %,d of %,d", segment + 1, all);
    }

    private OrtSession.Result piece(
            RuntimeSession session,
            Segment segment,
            int stage,
            Set<String> wanted,
            Progress progress) {
        Set<String> outputs = new HashSet<>();
        for (String output : segment.outputs()) {
            if (wanted.contains(output) || pieces.cut().readInside(output, stage)) {
                outputs.add(output);
            }
        }
        try (Feeds feeds = new Feeds(session.environment(), session.owner())) {
            for (String input : segment.inputs()) {
                feeds.put(input, live.get(input));
            }
            return session.run(feeds.over(tokens.size()), outputs, progress);
        }
    }

    private void attend(int index, Progress progress) {
        AttentionSite site = pieces.cut().sites().get(index);
        SiteCapture capture = read(site);
        AttentionInput input = SeamInput.of(capture);
        HeadArray out =
                pieces.contexts
                        .get(index)
                        .array(input.q().heads(), input.q().rows(), input.v().width());
        float[] lse = new float[out.heads() * out.rows()];
        attention.run(
                site.layer(), site.kind(), input, hooks, new AttentionOutput(out, lse), progress);
        observer.context(site, out);
        give(index, out);
        if (keeps) {
            seen.add(hooks.none() ? known(capture, lse) : capture);
        } else {
            stores.forEach(CaptureStore::close);
            stores.clear();
        }
    }

    /** Queries, keys, values, scale and mask of a site. */
    private SiteCapture read(AttentionSite site) {
        SiteSizes sizes =
                SiteSizes.of(
                        site, live.get(site.query()), live.get(site.key()), live.get(site.value()));
        long bytes = RunRecorder.bytes(List.of(sizes));
        CaptureStore store =
                keeps ? CaptureStore.create(bytes, mapAboveBytes) : CaptureStore.passing(bytes);
        try (RunRecorder recorder = new RunRecorder(List.of(site), List.of(sizes), store, masks)) {
            recorder.chunk(live::get, sizes.rows(), 0, true, true);
            SiteCapture capture = lone.told(recorder.finish(tokens).getFirst());
            stores.add(recorder.handOver());
            MaskRule rule = pieces.rules.get(site.node());
            return rule == null ? capture : ruled(capture, rule.mask(sizes.rows(), sizes.keys()));
        }
    }

    private static SiteCapture ruled(SiteCapture site, AttentionMask mask) {
        List<HeadAttention> heads = new ArrayList<>();
        for (HeadAttention head : site.heads()) {
            QkHead qk = (QkHead) head;
            heads.add(
                    new QkHead(qk.q(), qk.k(), qk.v(), qk.scale(), mask, qk.softcap(), qk.sink()));
        }
        return site.withHeads(List.copyOf(heads));
    }

    /** With the log-sum-exp of each row, [H, N]. */
    private static SiteCapture known(SiteCapture site, float[] lse) {
        List<HeadAttention> heads = new ArrayList<>();
        for (HeadAttention head : site.heads()) {
            int rows = head.rows();
            int from = heads.size() * rows;
            float[] own = Arrays.copyOfRange(lse, from, from + rows);
            heads.add(((QkHead) head).withLse(new ArrayMatrix(own, 1, rows)));
        }
        return site.withHeads(List.copyOf(heads));
    }

    private void give(int index, HeadArray out) {
        ContextTensor context = pieces.contexts.get(index);
        Arena arena = Arena.ofConfined();
        boolean done = false;
        try {
            OnnxTensor tensor = context.make(OrtEnvironment.getEnvironment(), out, arena);
            live.take(context.tensor(), tensor, arena);
            done = true;
        } catch (OrtException e) {
            throw new RunFailure(String.valueOf(e.getMessage()), e);
        } finally {
            if (!done) {
                arena.close();
            }
        }
    }

    /** An output that was wanted; valid until this is closed. */
    OnnxTensor output(String name) {
        return live.get(name);
    }

    /** The sites, by layer; whoever calls this closes {@link #handOver}. */
    List<SiteCapture> sites() {
        return seen.stream()
                .sorted(
                        Comparator.comparingInt(SiteCapture::layer)
                                .thenComparing(SiteCapture::kind))
                .toList();
    }

    /** The memory of the capture. */
    CaptureStore handOver() {
        CaptureStore all = CaptureStore.joined(stores);
        stores.clear();
        return all;
    }

    @Override
    public void close() {
        live.close();
        stores.forEach(CaptureStore::close);
        stores.clear();
    }

    /** The attention of a captured site as the kernels take it. */
    private static final class SeamInput {
        static AttentionInput of(SiteCapture site) {
            List<QkHead> heads = site.heads().stream().map(h -> (QkHead) h).toList();
            QkHead first = heads.getFirst();
            List<Matrix> q = heads.stream().map(QkHead::q).toList();
            List<Matrix> k = heads.stream().map(QkHead::k).toList();
            List<Matrix> v = heads.stream().map(h -> Objects.requireNonNull(h.v())).toList();
            int group = Math.min(group(k), group(v));
            List<AttentionMask> masks = heads.stream().map(QkHead::mask).toList();
            float[] sinks = new float[heads.size()];
            for (int h = 0; h < sinks.length; h++) {
                sinks[h] = heads.get(h).sink();
            }
            AttentionInput input =
                    AttentionInput.of(
                                    array(q, 1),
                                    array(k, group),
                                    array(v, group),
                                    first.scale(),
                                    first.mask())
                            .withSoftCap(first.softcap())
                            .withSinks(sinks);
            return masks.stream().distinct().count() == 1 ? input : input.withMasks(masks);
        }

        /** How many neighbouring heads share each matrix. */
        private static int group(List<Matrix> matrices) {
            return matrices.size() / (int) matrices.stream().distinct().count();
        }

        private static HeadArray array(List<Matrix> matrices, int group) {
            int rows = matrices.getFirst().rows();
            int width = matrices.getFirst().cols();
            int heads = matrices.size() / group;
            int block = Math.multiplyExact(rows, width);
            float[] values = new float[Math.multiplyExact(heads, block)];
            for (int h = 0; h < heads; h++) {
                matrices.get(h * group).copyRows(0, rows, values, h * block);
            }
            return HeadArray.headsFirst(values, heads, rows, width);
        }
    }
}
