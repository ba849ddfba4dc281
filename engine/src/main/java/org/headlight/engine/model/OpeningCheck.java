package org.headlight.engine.model;

import ai.onnxruntime.OnnxJavaType;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Holds every site, when a model is opened, against the model's own attention weights on the
 * probe's input. What was read off the graph but is not what the model does is left out, never
 * shown.
 */
final class OpeningCheck {
    /** In 32 bits; right sites differ by 1e-6, masks of -10000 on a whole row by 2e-4. */
    private static final double FLOAT_TOLERANCE = 1e-3;

    /** In 16 bits a score of 30 is rounded by 0.015 in float16, by 0.06 in bfloat16. */
    private static final double HALF_TOLERANCE = 2e-2;

    private final RuntimeSession session;
    private final Verification verification;

    /**
     * @param session the session that captures
     * @param verification of the sites of the findings
     */
    OpeningCheck(RuntimeSession session, Verification verification) {
        this.session = session;
        this.verification = verification;
    }

    /** The findings without the sites that are not what they seem; the same when nothing ran. */
    Probe.Findings trusted(Probe.Findings findings, int[] ids) {
        if (!findings.ran() || findings.sites().isEmpty()) {
            return findings;
        }
        List<Double> differences;
        try {
            differences = verification.differences(ids, findings.length());
        } catch (RunFailure e) {
            throw e.refusal(session.owner(), ids.length);
        }
        return findings.without(i -> reason(findings.sites().get(i), differences.get(i)));
    }

    private double tolerance(ProbedSite site) {
        return half(site.site().query()) || half(site.site().key())
                ? HALF_TOLERANCE
                : FLOAT_TOLERANCE;
    }

    private boolean half(String output) {
        OnnxJavaType type = session.outputType(output);
        return type == OnnxJavaType.FLOAT16 || type == OnnxJavaType.BFLOAT16;
    }

    private Optional<String> reason(ProbedSite site, double difference) {
        if (difference <= tolerance(site)) {
            return Optional.empty();
        }
        String compared =
                site.site().probabilities() == null
                        ? "Its result, recomputed from queries, keys and values, differs from the"
                                + " model's own by %.3g of its size"
                        : "Its attention weights, recomputed from queries and keys, differ from the"
                                + " model's own by %.3g";
        return Optional.of(
                String.format(
                        Locale.ROOT,
                        compared + ": its scores are made in a way that is not understood.",
                        difference));
    }
}
