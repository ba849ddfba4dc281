package org.headlight.engine.attention;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Layers of a hybrid model that keep a running state (convolutions, state spaces, linear attention)
 * instead of a map, by the names of what they keep: {@code past_conv.3}, {@code past_ssm.3}, {@code
 * past_recurrent.3}. A layer that has keys and values as well has a map.
 */
final class StateLayers {
    private static final Pattern STATE =
            Pattern.compile(".*past_(?:conv|ssm|recurrent)[._](\\d+)(?:[._].*)?");
    private static final Pattern CACHE =
            Pattern.compile(".*past_key_values[._](\\d+)[._].*|.*past_(?:key|value)[._](\\d+)");

    private final Map<Integer, String> states = new TreeMap<>();

    /**
     * @param inputs names of the graph's inputs
     */
    StateLayers(Collection<String> inputs) {
        for (String input : inputs) {
            Matcher state = STATE.matcher(input);
            if (state.matches()) {
                states.merge(
                        Integer.parseInt(state.group(1)),
                        input,
                        (a, b) -> a.compareTo(b) <= 0 ? a : b);
            }
        }
        for (String input : inputs) {
            Matcher cache = CACHE.matcher(input);
            if (cache.matches()) {
                String layer = cache.group(1) == null ? cache.group(2) : cache.group(1);
                states.remove(Integer.parseInt(layer));
            }
        }
    }

    boolean any() {
        return !states.isEmpty();
    }

    /** The layer of the self-attention that is so many-th along the graph, counted from 0. */
    int layer(int order) {
        int layer = -1;
        for (int left = order; left >= 0; left--) {
            layer++;
            while (states.containsKey(layer)) {
                layer++;
            }
        }
        return layer;
    }

    /** What is said of them. */
    List<UnsupportedSite> reports() {
        return states.entrySet().stream()
                .map(state ->
                        new UnsupportedSite(
                                state.getValue(),
                                "Layer "
                                        + state.getKey()
                                        + " keeps a running state instead of a map, so there is no"
                                        + " map to show."))
                .toList();
    }
}
