package org.headlight.engine.attend;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Where the calls of a run were computed.
 *
 * @param device calls that a device computed
 * @param processor calls that the processor computed
 * @param detours those of the processor that the device could not or should not compute, by why
 */
public record AttentionCalls(long device, long processor, Map<Detour, Long> detours) {
    /** None yet. */
    public static final AttentionCalls NONE = new AttentionCalls(0, 0, Map.of());

    public AttentionCalls {
        detours = Map.copyOf(detours);
    }

    /** These and one more call. */
    public AttentionCalls and(AttentionCounters call) {
        Map<Detour, Long> more = new EnumMap<>(Detour.class);
        more.putAll(detours);
        call.detour().ifPresent(why -> more.merge(why, 1L, Long::sum));
        return new AttentionCalls(
                device + (call.onDevice() ? 1 : 0), processor + (call.onDevice() ? 0 : 1), more);
    }

    /**
     * For people, such as "8 queries or fewer (12), skipping by the scores (4)"; empty for none.
     */
    public String detourWords() {
        return Arrays.stream(Detour.values())
                .filter(detours::containsKey)
                .map(why -> why.words() + " (" + detours.get(why) + ")")
                .collect(Collectors.joining(", "));
    }
}
