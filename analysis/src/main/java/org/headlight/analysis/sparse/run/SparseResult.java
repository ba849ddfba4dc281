package org.headlight.analysis.sparse.run;

import org.headlight.analysis.sparse.Trait;
import org.headlight.engine.token.Token;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What a sparse run kept, lost and saved.
 *
 * @param tokens the text
 * @param prompt tokens that were prefilled
 * @param assignment which heads ran by which policy
 * @param heads every sparse head in each phase; empty where fidelity was not measured
 * @param layers every layer in each phase
 * @param endToEnd logits and loss; empty where the model gives no next-token logits
 * @param times where the time went
 * @param bytesRead bytes of queries, keys and values that attention asked for
 * @param denseBytesRead the same of the dense run
 * @param needle what became of the needle, where one was followed
 * @param traits what the model does to scores where heads are sparse
 * @param attention where attention was computed and blocks were chosen
 */
public record SparseResult(
        List<Token> tokens,
        int prompt,
        Assignment assignment,
        List<HeadFidelity> heads,
        List<LayerFidelity> layers,
        Optional<EndToEnd> endToEnd,
        SparseTimes times,
        long bytesRead,
        long denseBytesRead,
        Optional<NeedleFate> needle,
        Set<Trait> traits,
        AttentionUse attention) {

    public SparseResult {
        tokens = List.copyOf(tokens);
        heads = List.copyOf(heads);
        layers = List.copyOf(layers);
        traits = Set.copyOf(traits);
    }

    /**
     * What this run kept and lost, with the times of another run of the same text by the same
     * policies: the sums over layers are its totals.
     */
    public SparseResult timedAs(SparseResult other) {
        return with(
                IntStream.range(0, layers.size())
                        .mapToObj(i -> layers.get(i).timedAs(other.layers.get(i)))
                        .toList(),
                other.times);
    }

    /** The same with other layers and times. */
    SparseResult with(List<LayerFidelity> otherLayers, SparseTimes otherTimes) {
        return new SparseResult(
                tokens,
                prompt,
                assignment,
                heads,
                otherLayers,
                endToEnd,
                otherTimes,
                bytesRead,
                denseBytesRead,
                needle,
                traits,
                attention);
    }

    /** Kept and visible pairs over visible pairs, mean over sparse heads; NaN when not known. */
    public double density() {
        return heads.stream()
                .mapToDouble(HeadFidelity::density)
                .filter(d -> !Double.isNaN(d))
                .average()
                .orElse(Double.NaN);
    }

    /** Computed pairs over visible pairs, over all layers of the phases in which any is sparse. */
    public double computed() {
        double pairs = 0;
        double visible = 0;
        for (LayerFidelity layer : layers) {
            if (layer.sparse()) {
                pairs += layer.pairs();
                visible += layer.visible();
            }
        }
        return pairs / visible;
    }

    /** Shares of the dense probability over all sparse heads. */
    public RecallShares recall() {
        return RecallShares.over(heads.stream().map(HeadFidelity::recall).toList());
    }

    /** The error of the layer that is furthest off; NaN when not measured. */
    public double worstLayerError() {
        return layers.stream()
                .mapToDouble(LayerFidelity::outputError)
                .filter(e -> !Double.isNaN(e))
                .max()
                .orElse(Double.NaN);
    }

    /**
     * Whether every sparse head kept everything it saw: then the policy is dense at this length.
     */
    public boolean degenerate() {
        return !heads.isEmpty() && heads.stream().allMatch(HeadFidelity::keptAll);
    }
}
