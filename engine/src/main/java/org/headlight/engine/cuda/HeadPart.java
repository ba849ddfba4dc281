package org.headlight.engine.cuda;

import org.headlight.engine.attend.AttentionInput;

import java.util.ArrayList;
import java.util.List;

/**
 * Some heads of a call, where the device's memory does not hold all: whole groups that share keys,
 * or a part of one group.
 *
 * @param first the first query head
 * @param heads how many query heads
 * @param firstKey the first key head
 * @param keyHeads how many key heads
 */
record HeadPart(int first, int heads, int firstKey, int keyHeads) {

    /**
     * All heads, in parts that fit; at least one head at a time, whether it fits or not.
     *
     * @param room bytes that there are
     * @param perHead bytes of a query head
     * @param perKeyHead bytes of a key head
     */
    static List<HeadPart> of(AttentionInput input, long room, long perHead, long perKeyHead) {
        int heads = input.q().heads();
        int group = heads / input.k().heads();
        long groups = room / (perKeyHead + group * perHead);
        int most =
                groups >= 1
                        ? (int) Math.min(groups, input.k().heads()) * group
                        : Math.clamp((room - perKeyHead) / perHead, 1, group);
        List<HeadPart> parts = new ArrayList<>();
        int head = 0;
        while (head < heads) {
            // Parts of less than a group end where the group does.
            int rest = most < group ? group - head % group : heads - head;
            int count = Math.min(most, rest);
            int firstKey = input.keyHead(head);
            int keys = input.keyHead(head + count - 1) - firstKey + 1;
            parts.add(new HeadPart(head, count, firstKey, keys));
            head += count;
        }
        return parts;
    }
}
