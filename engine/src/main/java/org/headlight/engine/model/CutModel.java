package org.headlight.engine.model;

import ai.onnxruntime.OnnxTensor;

import org.headlight.engine.attention.AttentionSite;
import org.headlight.engine.attention.BesideOperators;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.CaptureInfo;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.capture.StoredCapture;
import org.headlight.engine.cut.Cutter;
import org.headlight.engine.cut.SeamAttention;
import org.headlight.engine.cut.SeamHooks;
import org.headlight.engine.cut.UncuttableException;
import org.headlight.engine.matrix.ArrayMatrix;
import org.headlight.engine.matrix.Matrix;
import org.headlight.engine.onnx.ModelSkeleton;
import org.headlight.engine.problem.TooLargeException;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleFunction;

/**
 * A model in pieces: ONNX Runtime runs what lies between its attention sites, our own kernels
 * compute attention, and hooks may change what any head gives. Nothing of N x N is made where the
 * masks are rules. Runs one text at a time.
 */
final class CutModel implements AutoCloseable {
    /**
     * The model that is cut.
     *
     * @param graph the graph that runs
     * @param beside keys and values without running the operators of its sites
     * @param session the session of the whole graph
     * @param probe makes up tokens for it
     * @param positionLimit the longest text; 0 when there is no limit
     * @param lone what the mask of a run over one token is
     * @param runner computes attention between the pieces
     * @param info describes a capture, from the seconds that it took
     */
    record Source(
            ModelSkeleton graph,
            BesideOperators beside,
            RuntimeSession session,
            Probe probe,
            int positionLimit,
            LoneQuery lone,
            ModelOptions options,
            SeamRunner runner,
            DoubleFunction<CaptureInfo> info) {}

    private final Source source;
    private final List<AttentionSite> sites;
    private final CutProbe probe;
    private final List<ContextTensor> contexts;
    private final MaskRules masks;
    private final SeamAttention attention;
    private double difference;
    private CutRun.@Nullable Pieces ruled;
    private CutRun.@Nullable Pieces exact;

    private CutModel(
            Source source,
            List<AttentionSite> sites,
            CutProbe probe,
            List<ContextTensor> contexts,
            SiteSizes sizes) {
        this.source = source;
        this.sites = sites;
        this.probe = probe;
        this.contexts = contexts;
        this.masks =
                new MaskRules(
                        source.graph, source.session, source.probe, sites, source.positionLimit);
        this.attention = new SeamAttention(source.runner.open(probe.halves(), sizes));
    }

    /**
     * Cuts a model and holds the pieces against the whole on a few tokens.
     *
     * @param sites where to cut
     * @param length the size of made-up inputs that tokens cannot give
     * @param sizes those of the first site
     * @throws UncuttableException when it cannot be cut, or the pieces give something else
     */
    static CutModel open(Source source, List<AttentionSite> sites, int length, SiteSizes sizes)
            throws UncuttableException {
        CutProbe probe =
                new CutProbe(
                        source.graph,
                        source.session,
                        sites,
                        source.probe.ids(),
                        length,
                        RunPlace.of(source.options));
        List<ContextTensor> contexts = new ArrayList<>();
        for (AttentionSite site : sites) {
            contexts.add(ContextTensor.of(site, probe.given(site.context().tensor())));
        }
        CutModel model = new CutModel(source, sites, probe, List.copyOf(contexts), sizes);
        boolean done = false;
        try {
            model.pieces(probe.tokens());
            done = true;
            return model;
        } finally {
            if (!done) {
                model.close();
            }
        }
    }

    /** Tokens of the probe on opening. */
    int probed() {
        return probe.tokens();
    }

    /** Largest difference of the first output on opening, between the pieces and the whole. */
    double difference() {
        return difference;
    }

    /** The sites that it is cut at. */
    List<AttentionSite> sites() {
        return sites;
    }

    /** Whether a text of so many tokens needs no mask tensor at all. */
    boolean masksAreRules(int tokens) {
        Map<String, MaskRule> rules = masks.upTo(tokens);
        return sites.stream().allMatch(s -> s.mask().isEmpty() || rules.containsKey(s.node()));
    }

    /**
     * Runs tokens.
     *
     * @throws UncuttableException when the runtime refuses a piece
     */
    CutOutcome run(
            int[] ids,
            List<Token> tokens,
            SeamHooks hooks,
            CutOutcome.Wanted wanted,
            Progress progress)
            throws UncuttableException {
        try (Feeds feeds = WholeFeeds.of(source.session, Map.of(), ids)) {
            return run(pieces(ids.length), feeds, tokens, hooks, wanted, progress);
        }
    }

    /** The first output over inputs that were made up for so many tokens. */
    float[] first(Feeds feeds, int tokens) throws UncuttableException {
        CutOutcome outcome =
                run(
                        pieces(tokens),
                        feeds,
                        RunRecorder.frames(tokens),
                        SeamHooks.NONE,
                        CutOutcome.Wanted.LOGITS,
                        Progress.NONE);
        Matrix rows = outcome.logits().orElseThrow();
        float[] values = new float[Math.multiplyExact(rows.rows(), rows.cols())];
        rows.copyRows(0, rows.rows(), values, 0);
        return values;
    }

    /** Runs given inputs, whose masks may be anything. */
    CutOutcome run(
            Feeds feeds,
            List<Token> tokens,
            SeamHooks hooks,
            CutOutcome.Wanted wanted,
            Progress progress)
            throws UncuttableException {
        return run(exact(), feeds, tokens, hooks, wanted, progress);
    }

    private CutOutcome run(
            CutRun.Pieces pieces,
            Feeds feeds,
            List<Token> tokens,
            SeamHooks hooks,
            CutOutcome.Wanted wanted,
            Progress progress) {
        long start = System.nanoTime();
        String first = MainOutput.of(source.graph);
        try (CutRun run =
                new CutRun(pieces, attention, feeds, tokens, hooks, source.options.mapAboveBytes())
                        .keeping(wanted.capture())
                        .knowing(source.lone)) {
            run.run(wanted.logits() ? Set.of(first) : Set.of(), progress);
            Optional<Matrix> logits =
                    wanted.logits()
                            ? Optional.of(rows(first, run.output(first)))
                            : Optional.empty();
            double seconds = (System.nanoTime() - start) / 1e9;
            Optional<Capture> capture = Optional.empty();
            if (wanted.capture()) {
                List<SiteCapture> seen = run.sites();
                List<Token> shown = tokens.isEmpty() ? seen.getFirst().queryTokens() : tokens;
                capture =
                        Optional.of(
                                new StoredCapture(
                                        source.info.apply(seconds), shown, seen, run.handOver()));
            }
            progress.at(1, "Done");
            return new CutOutcome(logits, capture, seconds);
        }
    }

    private static Matrix rows(String name, OnnxTensor tensor) {
        long[] shape = tensor.getInfo().getShape();
        long cols = shape.length == 0 ? 1 : shape[shape.length - 1];
        long rows = 1;
        for (int i = 0; i < shape.length - 1; i++) {
            rows *= shape[i];
        }
        long bytes = rows * cols * Float.BYTES;
        if (bytes > Integer.MAX_VALUE) {
            throw new TooLargeException(
                    "The output "
                            + name
                            + " takes "
                            + (bytes >> 20)
                            + " MB, more than the 2,047 MB that can be read at once; shorten the"
                            + " input.",
                    bytes,
                    Integer.MAX_VALUE);
        }
        return new ArrayMatrix(TensorValues.floats(name, tensor), (int) rows, (int) cols);
    }

    private CutRun.Pieces pieces(int tokens) throws UncuttableException {
        return tokens > 0 && masksAreRules(tokens) ? ruled(tokens) : exact();
    }

    private synchronized CutRun.Pieces ruled(int tokens) throws UncuttableException {
        if (ruled == null) {
            Map<String, MaskRule> rules = masks.upTo(tokens);
            ruled = checked(MaskRules.without(sites, rules), rules);
        }
        return ruled;
    }

    private synchronized CutRun.Pieces exact() throws UncuttableException {
        if (exact == null) {
            exact = checked(sites, Map.of());
        }
        return exact;
    }

    private CutRun.Pieces checked(List<AttentionSite> at, Map<String, MaskRule> rules)
            throws UncuttableException {
        CutSessions sessions =
                CutSessions.open(
                        source.graph,
                        Cutter.cut(
                                source.graph.with(source.beside.addition()),
                                source.beside.in(at),
                                Set.of(MainOutput.of(source.graph))),
                        probe.types(),
                        RunPlace.of(source.options),
                        source.session.owner());
        boolean done = false;
        try {
            CutRun.Pieces pieces = new CutRun.Pieces(sessions, contexts, rules);
            difference = Math.max(difference, probe.check(pieces, attention));
            done = true;
            return pieces;
        } finally {
            if (!done) {
                sessions.close();
            }
        }
    }

    @Override
    public void close() {
        for (CutRun.@Nullable Pieces pieces : new CutRun.@Nullable Pieces[] {ruled, exact}) {
            if (pieces != null) {
                pieces.sessions().close();
            }
        }
        attention.close();
    }
}
