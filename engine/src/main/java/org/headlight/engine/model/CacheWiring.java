package org.headlight.engine.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which output of a graph becomes which input of its next run.
 *
 * @param presents output by input
 * @param keysHoldPast whether the captured keys of a run hold those of the past too
 */
record CacheWiring(Map<String, String> presents, boolean keysHoldPast) {

    /** The wiring by name; empty when there is no past, or an output for it is missing. */
    static Optional<CacheWiring> of(List<GraphInput> inputs, Set<String> outputs) {
        Map<String, String> presents = new LinkedHashMap<>();
        for (GraphInput input : inputs) {
            if (input.role() != GraphInput.Role.PAST) {
                continue;
            }
            Optional<String> present =
                    List.of(
                                    input.name().replace("past_key_values", "present"),
                                    input.name().replace("past_key_values", "present_key_values"),
                                    input.name().replace("past", "present"))
                            .stream()
                            .filter(name -> !name.equals(input.name()) && outputs.contains(name))
                            .findFirst();
            if (present.isEmpty()) {
                return Optional.empty();
            }
            presents.put(input.name(), present.get());
        }
        return presents.isEmpty()
                ? Optional.empty()
                : Optional.of(new CacheWiring(Map.copyOf(presents), true));
    }

    CacheWiring withKeysHoldPast(boolean hold) {
        return new CacheWiring(presents, hold);
    }
}
