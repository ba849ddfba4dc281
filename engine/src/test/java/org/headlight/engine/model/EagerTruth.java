package org.headlight.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;

import org.headlight.engine.attention.AttentionFinder;
import org.headlight.engine.attention.AttentionFindings;
import org.headlight.engine.attention.AttentionSite;
import org.headlight.engine.attention.OrtRun;
import org.headlight.engine.attention.OrtRun.Numbers;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.onnx.ModelSkeleton;
import org.headlight.engine.sweep.NaiveHead;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Holds a capture against the probabilities that the runtime's own softmax gives. */
final class EagerTruth {
    private EagerTruth() {}

    /**
     * The largest difference over all sites, heads and cells.
     *
     * @param graph the graph that was captured
     * @param in what it was run on
     */
    static double error(ModelSkeleton graph, Capture capture, Map<String, OnnxTensor> in) {
        AttentionFindings found = AttentionFinder.find(graph);
        assertThat(found.sites()).hasSameSizeAs(capture.sites());
        List<String> names =
                found.sites().stream()
                        .map(AttentionSite::probabilities)
                        .map(Objects::requireNonNull)
                        .toList();
        Map<String, Numbers> own = OrtRun.run(graph.withOutputs(names), in, names);
        double worst = 0;
        for (AttentionSite site : found.sites()) {
            SiteCapture captured =
                    capture.sites().stream()
                            .filter(s -> s.node().equals(site.node()))
                            .findFirst()
                            .orElseThrow();
            String name = Objects.requireNonNull(site.probabilities());
            worst = Math.max(worst, error(captured, Objects.requireNonNull(own.get(name))));
        }
        return worst;
    }

    private static double error(SiteCapture site, Numbers own) {
        float[] p = own.values();
        int at = 0;
        double worst = 0;
        for (HeadAttention head : site.heads()) {
            for (int r = 0; r < head.rows(); r++) {
                double[] mine = NaiveHead.row(head, r, Set.of()).p();
                for (double cell : mine) {
                    worst = Math.max(worst, Math.abs(cell - p[at++]));
                }
            }
        }
        assertThat(at).isEqualTo(p.length);
        return worst;
    }
}
