package org.headlight.engine.model;

import ai.onnxruntime.OrtSession;

import org.headlight.engine.attention.AttentionSite;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.cut.UncuttableException;
import org.headlight.engine.onnx.ModelSkeleton;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Compares what is captured with what the model does: its first output with that of the user's
 * file, and the probabilities recomputed from the capture with the model's own. Opens sessions of
 * its own for it, one after the other, so that the probabilities never weigh on a normal run.
 */
final class Verification {
    /** Probabilities of a row this close are the same. */
    private static final double EVEN = 1e-4;

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
        String first = original.graphOutputs().getFirst().name();
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
            return Optional.empty();
        }
    }

    /**
     * Compares the probabilities alone.
     *
     * @return for each site the largest difference over all heads; 1 where shapes differ, or the
     *     model has no number
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
        try {
            return RuntimeSession.open(original.file(), options.threads(), session.owner());
        } catch (BadInputException e) {
            return RuntimeSession.open(
                    original.withOutputs(Set.of()), options.threads(), session.owner());
        }
    }

    private List<Double> differences(Capture capture, int[] ids, int length) {
        Set<String> wanted = new HashSet<>();
        sites.forEach(site -> wanted.add(own(site)));
        try (RuntimeSession own =
                        RuntimeSession.open(
                                graph.withOutputs(wanted), options.threads(), session.owner());
                Feeds feeds = feeds(own, ids, length);
                OrtSession.Result result = own.run(feeds, wanted, Progress.NONE)) {
            return sites.stream()
                    .map(site -> difference(Probe.of(capture, site), values(result, own(site))))
                    .toList();
        }
    }

    private static String own(AttentionSite site) {
        return Objects.requireNonNull(site.probabilities());
    }

    private static double difference(SiteCapture site, float[] own) {
        double largest = 0;
        int at = 0;
        for (HeadAttention attention : site.heads()) {
            QkHead head = (QkHead) attention;
            int cols = head.cols();
            if (own.length != (long) site.heads().size() * head.rows() * cols) {
                return 1;
            }
            double[][] mine = probabilities(head);
            for (int r = 0; r < head.rows(); r++, at += cols) {
                boolean blind = head.mask().firstKey(r) >= head.mask().endKey(r);
                double row = blind ? seen(own, at, cols) : difference(mine[r], own, at);
                largest = Math.max(largest, row);
            }
        }
        return largest;
    }

    private static double difference(double[] mine, float[] own, int at) {
        double largest = 0;
        for (int c = 0; c < mine.length; c++) {
            if (Double.isNaN(mine[c]) != Float.isNaN(own[at + c])) {
                return 1;
            }
            if (!Double.isNaN(mine[c])) {
                largest = Math.max(largest, Math.abs(mine[c] - own[at + c]));
            }
        }
        return largest;
    }

    /**
     * What the model sees in a row where nothing can be seen: nothing where all is the same, as a
     * softmax of equal scores gives it, or 0, or no number; otherwise its largest probability.
     */
    private static double seen(float[] own, int at, int cols) {
        double largest = 0;
        boolean same = true;
        for (int i = at; i < at + cols; i++) {
            boolean number = !Float.isNaN(own[i]);
            largest = number ? Math.max(largest, own[i]) : largest;
            same &= number ? Math.abs(own[i] - own[at]) < EVEN : Float.isNaN(own[at]);
        }
        return same ? 0 : largest;
    }

    /** The plain definition, in double. */
    private static double[][] probabilities(QkHead head) {
        int rows = head.rows();
        int cols = head.cols();
        int d = head.q().cols();
        float[] q = new float[rows * d];
        float[] k = new float[cols * d];
        head.q().copyRows(0, rows, q, 0);
        head.k().copyRows(0, cols, k, 0);
        double[][] p = new double[rows][cols];
        for (int r = 0; r < rows; r++) {
            double max = Double.NEGATIVE_INFINITY;
            for (int c = 0; c < cols; c++) {
                double dot = 0;
                for (int i = 0; i < d; i++) {
                    dot += (double) q[r * d + i] * k[c * d + i];
                }
                float bias = head.mask().bias(r, c);
                p[r][c] = bias == AttentionMask.MASKED ? bias : dot * head.scale() + bias;
                max = Math.max(max, p[r][c]);
            }
            double sum = 0;
            for (int c = 0; c < cols; c++) {
                p[r][c] = max == Double.NEGATIVE_INFINITY ? 0 : Math.exp(p[r][c] - max);
                sum += p[r][c];
            }
            for (int c = 0; c < cols && sum > 0; c++) {
                p[r][c] /= sum;
            }
        }
        return p;
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
