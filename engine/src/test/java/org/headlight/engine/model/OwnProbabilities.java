package org.headlight.engine.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtSession;

import org.headlight.engine.attention.AttentionFinder;
import org.headlight.engine.attention.AttentionSite;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.onnx.ModelSkeleton;
import org.headlight.engine.task.Progress;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** The probabilities that a model itself computes, against which captures are held. */
final class OwnProbabilities implements AutoCloseable {
    private final List<AttentionSite> sites;
    private final RuntimeSession session;

    OwnProbabilities(Path file, boolean inlined) {
        ModelSkeleton skeleton = ModelSkeleton.open(file);
        ModelSkeleton graph = inlined ? skeleton.inlined(false) : skeleton;
        sites = AttentionFinder.find(graph).sites();
        session =
                RuntimeSession.open(
                        graph.withOutputs(
                                sites.stream().map(AttentionSite::probabilities).toList()),
                        RunPlace.cpu(2),
                        file.toString());
    }

    int sites() {
        return sites.size();
    }

    /** The largest difference to the probabilities that a capture stands for, over all heads. */
    double difference(Capture capture, int[] ids, Map<String, InputTensor> given) {
        Set<String> wanted =
                sites.stream().map(AttentionSite::probabilities).collect(Collectors.toSet());
        double largest = 0;
        int compared = 0;
        try (Feeds feeds = WholeFeeds.of(session, given, ids);
                OrtSession.Result result = session.run(feeds, wanted, Progress.NONE)) {
            for (AttentionSite site : sites) {
                SiteCapture captured =
                        capture.sites().stream()
                                .filter(s -> s.node().equals(site.node()))
                                .findFirst()
                                .orElseThrow();
                OnnxTensor tensor =
                        (OnnxTensor)
                                result.get(Objects.requireNonNull(site.probabilities()))
                                        .orElseThrow();
                FloatBuffer p = tensor.getFloatBuffer();
                for (int h = 0; h < captured.heads().size(); h++) {
                    largest = Math.max(largest, difference((QkHead) captured.heads().get(h), p));
                    compared++;
                }
                if (p.hasRemaining()) {
                    throw new AssertionError(p.remaining() + " probabilities left over");
                }
            }
        }
        return compared == 0 ? Double.NaN : largest;
    }

    /** Straight from the definition, in double. */
    private static double difference(QkHead head, FloatBuffer p) {
        int d = head.q().cols();
        float[] q = new float[head.rows() * d];
        float[] k = new float[head.cols() * d];
        head.q().copyRows(0, head.rows(), q, 0);
        head.k().copyRows(0, head.cols(), k, 0);
        double largest = 0;
        for (int r = 0; r < head.rows(); r++) {
            double[] weight = new double[head.cols()];
            double sum = 0;
            for (int c = 0; c < head.cols(); c++) {
                double score = 0;
                for (int i = 0; i < d; i++) {
                    score += (double) q[r * d + i] * k[c * d + i];
                }
                weight[c] = Math.exp(score * head.scale() + head.mask().bias(r, c));
                sum += weight[c];
            }
            for (int c = 0; c < head.cols(); c++) {
                largest = Math.max(largest, Math.abs(weight[c] / sum - p.get()));
            }
        }
        return largest;
    }

    @Override
    public void close() {
        session.close();
    }
}
