package org.headlight.analysis.influence;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which documents are selected: within each domain the share with the highest scores. Scores are
 * only comparable inside one domain.
 */
public final class InfluenceRanking {
    private static final double ROUNDING = 1e-9;

    private InfluenceRanking() {}

    /**
     * The indices of the selected documents, floor(share x documents) of each domain and at least
     * one; documents without a score do not count, and of equal scores the first wins.
     *
     * @param share such as {@link AttentionInfluence#SELECTED_SHARE}
     */
    public static Set<Integer> selected(List<DocumentScore> documents, double share) {
        Map<String, List<Integer>> domains = new LinkedHashMap<>();
        for (int i = 0; i < documents.size(); i++) {
            if (!Double.isNaN(documents.get(i).score())) {
                domains.computeIfAbsent(documents.get(i).domain(), name -> new ArrayList<>())
                        .add(i);
            }
        }
        Set<Integer> selected = new LinkedHashSet<>();
        for (List<Integer> domain : domains.values()) {
            int count = Math.max(1, (int) Math.floor(share * domain.size() + ROUNDING));
            domain.stream()
                    .sorted(Comparator.comparingDouble((Integer i) -> -documents.get(i).score()))
                    .limit(count)
                    .forEach(selected::add);
        }
        return selected;
    }
}
