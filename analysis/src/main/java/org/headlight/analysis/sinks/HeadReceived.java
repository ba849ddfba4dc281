package org.headlight.analysis.sinks;

import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.token.Token;

import java.util.ArrayList;
import java.util.List;

/**
 * What the tokens of one head receive.
 *
 * @param site index of the site within the capture
 * @param layer zero-based layer
 * @param kind self or cross
 * @param head zero-based head of the site
 * @param name such as L3H5
 * @param received by key
 * @param keyTokens the tokens of the keys
 */
public record HeadReceived(
        int site,
        int layer,
        SiteKind kind,
        int head,
        String name,
        ReceivedMass received,
        List<Token> keyTokens) {

    /** The tokens above the threshold, by position. */
    public List<Sink> sinks(SinkThresholds thresholds) {
        List<Sink> sinks = new ArrayList<>();
        for (int key = 0; key < received.keys(); key++) {
            double mass = received.of(key);
            int queries = received.queries(key);
            if (mass > thresholds.threshold() && queries >= thresholds.minQueries()) {
                sinks.add(new Sink(key, keyTokens.get(key), mass, queries));
            }
        }
        return sinks;
    }

    /** The key after the first one that receives most; -1 when there is none. */
    public int strongestBeyondFirst(int minQueries) {
        int best = -1;
        for (int key = 1; key < received.keys(); key++) {
            boolean counts = received.queries(key) >= minQueries;
            if (counts && (best < 0 || received.of(key) > received.of(best))) {
                best = key;
            }
        }
        return best;
    }
}
