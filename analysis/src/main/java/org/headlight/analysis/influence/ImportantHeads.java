package org.headlight.analysis.influence;

import org.headlight.engine.cut.HeadAddress;

import java.util.Comparator;
import java.util.List;

/**
 * The heads of a model by their importance.
 *
 * @param heads every head of causal self-attention, in the order of layers and heads
 * @param samples how many samples were run
 * @param settled whether they were ended early, because the chosen heads no longer changed
 * @param context tokens of a sample, at most
 * @param pairs mean keys in the JSON of a sample
 * @param accuracy share of the answers' tokens that the model itself finds most probable: where it
 *     is small the model does not solve the task and its heads say little
 */
public record ImportantHeads(
        List<HeadImportance> heads,
        int samples,
        boolean settled,
        int context,
        double pairs,
        double accuracy) {

    /** The chosen heads, most important first. */
    public List<HeadAddress> chosen() {
        return heads.stream()
                .filter(HeadImportance::chosen)
                .sorted(Comparator.comparingDouble((HeadImportance h) -> -h.score()))
                .map(HeadImportance::at)
                .toList();
    }
}
