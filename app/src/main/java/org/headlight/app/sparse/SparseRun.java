package org.headlight.app.sparse;

import org.headlight.analysis.sparse.run.HeadFidelity;
import org.headlight.analysis.sparse.run.KeptMap;
import org.headlight.analysis.sparse.run.KeptRows;
import org.headlight.analysis.sparse.run.PolicyChoice;
import org.headlight.analysis.sparse.run.SparseResult;
import org.headlight.engine.cut.HeadAddress;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A run that is looked at.
 *
 * @param result what it kept, lost and saved
 * @param scopes which heads each choice was for, in words
 * @param needle the words whose keys were followed; empty for none
 */
record SparseRun(SparseResult result, Map<PolicyChoice, String> scopes, String needle) {
    SparseRun {
        scopes = Map.copyOf(scopes);
    }

    /** What a head kept and lost, each phase once; empty when it was dense. */
    List<HeadFidelity> of(HeadAddress head) {
        return result.heads().stream().filter(h -> h.head().equals(head)).toList();
    }

    /** The keys that a head kept; empty when it was dense, or there is no such list. */
    Optional<KeptRows> kept(HeadAddress head) {
        List<HeadFidelity> phases = of(head);
        List<KeptMap> maps = phases.stream().flatMap(h -> h.kept().stream()).toList();
        return maps.isEmpty() || maps.size() < phases.size()
                ? Optional.empty()
                : Optional.of(new KeptRows(maps, result.tokens().size()));
    }

    /** Whether a head's kept keys are those of the model's own map: then a sparse map is right. */
    boolean sameMap(HeadAddress head) {
        return of(head).stream().allMatch(h -> h.choice().info().recallCounts());
    }
}
