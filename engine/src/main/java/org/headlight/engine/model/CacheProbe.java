package org.headlight.engine.model;

import org.headlight.engine.attention.AttentionSite;
import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.matrix.Matrix;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Finds out how long texts can be run in chunks: only where two chunks give every site the queries,
 * keys, values, visible keys and biases that one piece gives.
 */
final class CacheProbe {
    /**
     * The largest difference between chunks and one piece, as a part of the largest number of the
     * whole run. Weights in 8 bits need this much: what they are multiplied with is rounded to
     * steps that depend on the chunk.
     */
    private static final double TOLERANCE = 0.05;

    /** The largest difference of biases, as a part of those above 1: what 16 bits round. */
    private static final double BIAS = 0.01;

    private static final int FIRST_CHUNK = 5;

    private final RuntimeSession session;
    private final Probe probe;
    private final List<AttentionSite> sites;
    private final List<SiteSizes> sizes;

    /**
     * @param findings what the probe found, of sites that are captured
     */
    CacheProbe(RuntimeSession session, Probe probe, Probe.Findings findings) {
        this.session = session;
        this.probe = probe;
        this.sites = findings.attention();
        this.sizes = findings.sizes();
    }

    /** How texts are run in chunks; empty when they cannot be. */
    Optional<CacheWiring> find(Progress progress) {
        Optional<CacheWiring> wiring = CacheWiring.of(session.inputs(), session.outputs());
        int[] ids = probe.ids();
        boolean possible =
                wiring.isPresent()
                        && !sizes.isEmpty()
                        && WholeFeeds.missing(session, List.of()).isEmpty()
                        && ids.length == Probe.TOKENS
                        && sites.stream().allMatch(site -> site.kind() == SiteKind.SELF)
                        && sizes.stream().allMatch(s -> s.rows() == s.keys());
        if (!possible) {
            return Optional.empty();
        }
        CaptureRun.Text text = new CaptureRun.Text(ids, RunRecorder.frames(ids.length));
        try (Feeds feeds = WholeFeeds.of(session, Map.of(), ids);
                Capture whole =
                        Probe.runner(session, sites).whole(feeds, text.tokens(), progress)) {
            for (boolean hold : new boolean[] {true, false}) {
                CacheWiring tried = wiring.get().withKeysHoldPast(hold);
                if (works(tried, text, whole, progress)) {
                    return Optional.of(tried);
                }
            }
        }
        return Optional.empty();
    }

    private boolean works(
            CacheWiring wiring, CaptureRun.Text text, Capture whole, Progress progress) {
        try (Capture chunked =
                Probe.runner(session, sites)
                        .chunked(text, wiring, sizes, past -> FIRST_CHUNK, progress)) {
            return sites.stream().allMatch(site -> same(whole, chunked, site));
        } catch (RunFailure
                | SiteFailure
                | BadInputException
                | IllegalArgumentException
                | IllegalStateException
                | IndexOutOfBoundsException e) {
            return false;
        }
    }

    private static boolean same(Capture whole, Capture chunked, AttentionSite site) {
        List<QkHead> a = heads(whole, site);
        List<QkHead> b = heads(chunked, site);
        boolean masks = true;
        for (int h = 0; h < a.size() && masks; h++) {
            masks = a.get(h).scale() == b.get(h).scale() && sameMask(a.get(h), b.get(h).mask());
        }
        return masks && close(a, b, QkHead::q) && close(a, b, QkHead::k) && close(a, b, QkHead::v);
    }

    private static List<QkHead> heads(Capture capture, AttentionSite site) {
        return Probe.of(capture, site).heads().stream().map(head -> (QkHead) head).toList();
    }

    /**
     * The same visible keys, with the same biases up to one number a row, which changes nothing.
     */
    private static boolean sameMask(QkHead head, AttentionMask other) {
        for (int row = 0; row < head.rows(); row++) {
            float shift = Float.NaN;
            for (int key = 0; key < head.cols(); key++) {
                float bias = head.mask().bias(row, key);
                float otherBias = other.bias(row, key);
                boolean masked = bias == AttentionMask.MASKED;
                if (masked != (otherBias == AttentionMask.MASKED)) {
                    return false;
                }
                if (masked) {
                    continue;
                }
                shift = Float.isNaN(shift) ? bias - otherBias : shift;
                if (Math.abs(bias - otherBias - shift) > BIAS * Math.max(1, Math.abs(bias))) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean close(
            List<QkHead> a, List<QkHead> b, Function<QkHead, @Nullable Matrix> part) {
        double largest = 0;
        double difference = 0;
        for (int h = 0; h < a.size(); h++) {
            float[] x = cells(part.apply(a.get(h)));
            float[] y = cells(part.apply(b.get(h)));
            for (int i = 0; i < x.length; i++) {
                largest = Math.max(largest, Math.abs(x[i]));
                boolean equal = Float.compare(x[i], y[i]) == 0;
                difference = Math.max(difference, equal ? 0 : Math.abs((double) x[i] - y[i]));
            }
        }
        return difference <= TOLERANCE * largest;
    }

    private static float[] cells(@Nullable Matrix matrix) {
        if (matrix == null) {
            return new float[0];
        }
        float[] cells = new float[matrix.rows() * matrix.cols()];
        matrix.copyRows(0, matrix.rows(), cells, 0);
        return cells;
    }
}
