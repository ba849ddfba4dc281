package org.headlight.engine.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtSession;

import org.headlight.engine.attention.AttentionSite;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.CaptureInfo;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.onnx.ModelSkeleton;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Compares what is captured with what the model does: its first output with that of the user's
 * file, and the probabilities recomputed from the capture with the model's own. Opens two sessions
 * of its own for it, so that the probabilities never weigh on a normal run.
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
     */
    ModelCheck check(int[] ids, int length) {
        String first = original.graphOutputs().getFirst().name();
        float[][] mine = new float[1][];
        try (Feeds feeds = feeds(session, ids, length);
                Capture capture =
                        new CaptureRun(
                                        session,
                                        sites,
                                        options,
                                        s -> new CaptureInfo("", "", "", "", s))
                                .observed(
                                        Set.of(first),
                                        (row, result) -> mine[0] = values(result, first))
                                .whole(feeds, RunRecorder.frames(ids.length), Progress.NONE)) {
            return new ModelCheck(
                    ids.length,
                    difference(plain(ids, length, first), mine[0]),
                    probabilities(capture, ids, length),
                    "whole");
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

    private double probabilities(Capture capture, int[] ids, int length) {
        Set<String> wanted = new HashSet<>();
        sites.forEach(site -> wanted.add(site.probabilities()));
        double largest = 0;
        try (RuntimeSession own =
                        RuntimeSession.open(
                                graph.withOutputs(wanted), options.threads(), session.owner());
                Feeds feeds = feeds(own, ids, length);
                OrtSession.Result result = own.run(feeds, wanted, Progress.NONE)) {
            Map<String, SiteCapture> byNode = new HashMap<>();
            capture.sites().forEach(s -> byNode.put(s.node() + s.kind() + s.layer(), s));
            for (AttentionSite site : sites) {
                SiteCapture seen = byNode.get(site.node() + site.kind() + site.layer());
                OnnxTensor tensor = RunRecorder.tensor(result, site.probabilities());
                float[] p = TensorValues.floats(site.probabilities(), tensor);
                if (seen != null) {
                    largest = Math.max(largest, difference(seen, p));
                }
            }
        }
        return largest;
    }

    private static double difference(SiteCapture site, float[] p) {
        double largest = 0;
        int at = 0;
        for (int h = 0; h < site.heads().size(); h++) {
            QkHead head = (QkHead) site.heads().get(h);
            double[][] mine = probabilities(head);
            for (int r = 0; r < head.rows(); r++) {
                boolean empty = head.mask().firstKey(r) >= head.mask().endKey(r);
                for (int c = 0; c < head.cols(); c++, at++) {
                    if (!empty) {
                        largest = Math.max(largest, Math.abs(mine[r][c] - p[at]));
                    }
                }
            }
        }
        return largest;
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
