package org.headlight.engine.attention;

import ai.onnxruntime.OnnxTensor;

import org.headlight.engine.attention.AttentionSite.KeyLayout;
import org.headlight.engine.attention.AttentionSite.MaskTerm;
import org.headlight.engine.attention.AttentionSite.ScaleFactor;
import org.headlight.engine.attention.OrtRun.Numbers;
import org.headlight.engine.onnx.ModelSkeleton;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Recomputes the probabilities of a site in double precision from the tensors that it names. */
final class SiteTruth {
    private final AttentionSite site;
    private final Map<String, Numbers> tensors;

    private SiteTruth(AttentionSite site, Map<String, Numbers> tensors) {
        this.site = site;
        this.tensors = tensors;
    }

    /** Largest difference between the model's own probabilities and those of the named tensors. */
    static double error(
            ModelSkeleton model, List<AttentionSite> sites, Map<String, OnnxTensor> in) {
        List<String> names = new ArrayList<>();
        for (AttentionSite site : sites) {
            names.addAll(
                    List.of(
                            site.query(),
                            site.key(),
                            site.value(),
                            Objects.requireNonNull(site.probabilities())));
            site.mask().forEach(mask -> names.add(mask.tensor()));
            for (ScaleFactor factor : site.scale()) {
                if (factor.tensor() != null) {
                    names.add(factor.tensor());
                }
            }
        }
        Map<String, Numbers> run = OrtRun.run(model.withOutputs(names), in, names);
        return sites.stream().mapToDouble(site -> new SiteTruth(site, run).error()).max().orElse(0);
    }

    private Numbers of(String name) {
        Numbers numbers = tensors.get(name);
        if (numbers == null) {
            throw new IllegalStateException("not captured: " + name);
        }
        return numbers;
    }

    private double error() {
        Numbers query = of(site.query());
        Numbers probabilities = of(Objects.requireNonNull(site.probabilities()));
        Numbers value = of(site.value());
        int keys = keys();
        if (value.fromLast(1) != keys || probabilities.fromLast(0) != keys) {
            throw new IllegalStateException("keys and values differ in number: " + site);
        }
        double worst = 0;
        for (int b = 0; b < query.fromLast(3); b++) {
            for (int h = 0; h < query.fromLast(2); h++) {
                for (int n = 0; n < query.fromLast(1); n++) {
                    double[] row = row(b, h, n, keys);
                    for (int m = 0; m < keys; m++) {
                        double own = probabilities.at(b, h, n, m);
                        worst = Math.max(worst, Math.abs(own - row[m]));
                    }
                }
            }
        }
        return worst;
    }

    private int keys() {
        return of(site.key()).fromLast(site.keyLayout() == KeyLayout.ROWS ? 1 : 0);
    }

    private double[] row(int b, int h, int n, int keys) {
        double[] scores = new double[keys];
        double max = Double.NEGATIVE_INFINITY;
        for (int m = 0; m < keys; m++) {
            scores[m] = score(b, h, n, m);
            max = Math.max(max, scores[m]);
        }
        double sum = 0;
        for (int m = 0; m < keys; m++) {
            scores[m] = max == Double.NEGATIVE_INFINITY ? 0 : Math.exp(scores[m] - max);
            sum += scores[m];
        }
        for (int m = 0; m < keys; m++) {
            scores[m] = sum == 0 ? 0 : scores[m] / sum;
        }
        return scores;
    }

    private double score(int b, int h, int n, int m) {
        Numbers query = of(site.query());
        Numbers key = of(site.key());
        int shared = h / (query.fromLast(2) / key.fromLast(2));
        double score = 0;
        for (int d = 0; d < query.fromLast(0); d++) {
            double k =
                    site.keyLayout() == KeyLayout.ROWS
                            ? key.at(b, shared, m, d)
                            : key.at(b, shared, d, m);
            score += query.at(b, h, n, d) * k;
        }
        for (ScaleFactor factor : site.scale()) {
            String tensor = factor.tensor();
            Float known = factor.constant();
            double by = known != null ? known : of(tensor == null ? "" : tensor).at(0, 0, 0, 0);
            score = factor.divide() ? score / by : score * by;
        }
        float cap = site.scores().softcap();
        score = cap > 0 ? cap * Math.tanh(score / cap) : score;
        for (MaskTerm mask : site.mask()) {
            float at = of(mask.tensor()).at(b, h, n, m);
            score =
                    switch (mask.kind()) {
                        case ADD -> score + at;
                        case WHERE_KEEP -> at != 0 ? score : mask.fill();
                        case WHERE_DROP -> at != 0 ? mask.fill() : score;
                    };
        }
        return score;
    }
}
