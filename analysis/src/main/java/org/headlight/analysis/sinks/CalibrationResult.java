package org.headlight.analysis.sinks;

import org.headlight.engine.cut.HeadAddress;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What calibrating sinks away did to a model over one text.
 *
 * @param settings how sinks were turned down
 * @param chosen the keys that were turned down, by head; empty lists for heads without a sink
 * @param change how the logits changed
 * @param before what the model writes next as it is; empty when it was not asked for
 * @param after what the calibrated model writes next
 * @param seconds time of one run as it is, and of one calibrated
 */
public record CalibrationResult(
        ActSettings settings,
        Map<HeadAddress, List<Integer>> chosen,
        LogitChange change,
        Optional<Answer> before,
        Optional<Answer> after,
        Seconds seconds) {
    public CalibrationResult {
        chosen = new LinkedHashMap<>(chosen);
    }

    /** Times of runs. */
    public record Seconds(double plain, double calibrated) {}

    /** How many keys were turned down, over all heads. */
    public int calibrated() {
        return chosen.values().stream().mapToInt(List::size).sum();
    }
}
