package org.headlight.engine.model;

import ai.onnxruntime.OrtSession;

import org.headlight.engine.attention.AttentionSite;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.cut.UncuttableException;
import org.headlight.engine.onnx.ModelSkeleton;
import org.headlight.engine.onnx.SessionGraph;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Compares what is captured with what the model does: its first output with that of the user's
 * file, and the attention recomputed from the capture with the model's own. Opens sessions of its
 * own for it, one after the other, so that the probabilities never weigh on a normal run.
 */
final class Verification {
    private final ModelSkeleton original;
    private final ModelSkeleton graph;
    private final RuntimeSession session;
    private final List<AttentionSite> sites;
    private final ModelOptions options;

    /**
     * @param original the user's file
     * @param graph the graph that runs
     * @param session the session that captures
     */
    Verification(
            ModelSkeleton original,
            ModelSkeleton graph,
            RuntimeSession session,
            List<AttentionSite> sites,
            ModelOptions options) {
        this.original = original;
        this.graph = graph;
        this.session = session;
        this.sites = sites;
        this.options = options;
    }

    /**
     * Runs all three.
     *
     * @param ids tokens to run on
     * @param length the size of made-up inputs besides
     * @param cut the pieces
     */
    ModelCheck check(int[] ids, int length, LazyCut cut) {
        String first = MainOutput.of(original);
        float[][] mine = new float[1][];
        CaptureRun run =
                Probe.runner(session, sites)
                        .observed(Set.of(first), (row, result) -> mine[0] = values(result, first));
        try (Feeds feeds = feeds(session, ids, length);
                Capture capture = run.whole(feeds, RunRecorder.frames(ids.length), Progress.NONE)) {
            double largest =
                    differences(capture, ids, length).stream()
                            .mapToDouble(Double::doubleValue)
                            .max()
                            .orElse(0);
            float[] plain = plain(ids, length, first);
            Optional<float[]> pieces = pieces(ids, length, cut);
            return new ModelCheck(
                    ids.length,
                    difference(plain, pieces.orElse(mine[0])),
                    largest,
                    pieces.isPresent() ? "cut" : "whole",
                    cut.reason());
        }
    }

    /** The first output of the model in pieces; empty when it cannot be cut. */
    private Optional<float[]> pieces(int[] ids, int length, LazyCut cut) {
        Optional<CutModel> model = cut.model();
        if (model.isEmpty()) {
            return Optional.empty();
        }
        try (Feeds feeds = feeds(session, ids, length)) {
            return Optional.of(model.get().first(feeds, ids.length));
        } catch (UncuttableException e) {
            cut.giveUp(e);
        } catch (RunFailure | SiteFailure e) {
            cut.giveUp(new UncuttableException("its pieces do not run: " + e.getMessage(), e));
        }
        return Optional.empty();
    }

    /**
     * Compares the attention alone.
     *
     * @return for each site the largest difference over all heads, as {@link OwnAttention} has it
     */
    List<Double> differences(int[] ids, int length) {
        try (Feeds feeds = feeds(session, ids, length);
                Capture capture =
                        Probe.runner(session, sites)
                                .whole(feeds, RunRecorder.frames(ids.length), Progress.NONE)) {
            return differences(capture, ids, length);
        }
    }

    private static Feeds feeds(RuntimeSession session, int[] ids, int length) {
        return WholeFeeds.of(session, Probe.others(session, length), ids);
    }

    private static float[] values(OrtSession.Result result, String name) {
        return TensorValues.floats(name, RunRecorder.tensor(result, name));
    }

    private float[] plain(int[] ids, int length, String output) {
        try (RuntimeSession plain = plainSession();
                Feeds feeds = feeds(plain, ids, length);
                OrtSession.Result result = plain.run(feeds, Set.of(output), Progress.NONE)) {
            return values(result, output);
        }
    }

    /** The file itself; where links keep the runtime from its weights, its graph as it is. */
    private RuntimeSession plainSession() {
        RunPlace place = RunPlace.of(options);
        try {
            return RuntimeSession.beside(
                            place,
                            there -> RuntimeSession.open(original.file(), there, session.owner()))
                    .sharing(original.sharedBuffers());
        } catch (BadInputException e) {
            return beside(original.withOutputs(Set.of()));
        }
    }

    private RuntimeSession beside(SessionGraph whole) {
        return RuntimeSession.beside(
                RunPlace.of(options), there -> RuntimeSession.open(whole, there, session.owner()));
    }

    private List<Double> differences(Capture capture, int[] ids, int length) {
        Set<String> wanted = new HashSet<>();
        sites.forEach(site -> wanted.add(own(site)));
        try (RuntimeSession own = beside(graph.withOutputs(wanted));
                Feeds feeds = feeds(own, ids, length);
                OrtSession.Result result = own.run(feeds, wanted, Progress.NONE)) {
            return sites.stream()
                    .map(site ->
                            OwnAttention.of(site)
                                    .difference(Probe.of(capture, site), values(result, own(site))))
                    .toList();
        }
    }

    private static String own(AttentionSite site) {
        return OwnAttention.of(site).tensor();
    }

    private static double difference(float[] a, float[] b) {
        if (a.length != b.length) {
            throw new IllegalStateException(a.length + " and " + b.length + " values");
        }
        double largest = 0;
        for (int i = 0; i < a.length; i++) {
            boolean same = Float.compare(a[i], b[i]) == 0;
            largest = Math.max(largest, same ? 0 : Math.abs((double) a[i] - b[i]));
        }
        return largest;
    }
}
