package org.headlight.engine.cuda;

import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.Selection;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * One launch of attention over heads whose queries, keys and values lie in device memory. The
 * numbers that are handed over are explained in keys.cu.
 *
 * @param heads query heads
 * @param keyHeads key heads, a divisor
 * @param queries of a head
 * @param keys of a head
 * @param outWidth width of the output
 * @param scale of scores
 * @param softCap of scores; 0 for none
 * @param visible which keys a query sees
 * @param first how many of the first keys it uses
 * @param window how many keys it uses up to its own besides; 0 for none
 */
public record FlashCall(
        int heads,
        int keyHeads,
        int queries,
        int keys,
        int outWidth,
        float scale,
        float softCap,
        VisibleRule visible,
        int first,
        int window) {

    /** Shifts of the first key and of one after the last against the row. */
    public record VisibleRule(int low, int high) {}

    /**
     * Where everything lies, as addresses of the device.
     *
     * @param sinks a logit for each head; 0 for none
     */
    public record Tensors(long q, long k, long v, long out, long lse, long sinks) {}

    /**
     * Lists of keys in device memory.
     *
     * @param perBlock tiles of a key block; 0 where lists hold pairs
     */
    public record Lists(
            long begins,
            long ends,
            long lists,
            long columns,
            long order,
            int groups,
            int groupRows,
            int perBlock) {
        /** All keys that the rule allows. */
        public static final Lists NONE = new Lists(0, 0, 0, 0, 0, 1, Selection.Sharing.ALL, 0);
    }

    static FlashCall of(
            AttentionInput input,
            Selection.Sharing sharing,
            VisibleKeys visible,
            int heads,
            int keyHeads) {
        int queries = input.q().rows();
        int keys = input.k().rows();
        boolean band = sharing.first() != Selection.Sharing.ALL || sharing.window() > 0;
        VisibleKeys rule = band ? visible.causal(queries, keys) : visible;
        return new FlashCall(
                heads,
                keyHeads,
                queries,
                keys,
                input.v().width(),
                input.scale(),
                input.softCap(),
                new VisibleRule(rule.low(), rule.high()),
                sharing.first(),
                sharing.window());
    }

    /**
     * What a launch takes.
     *
     * @param firstBlock how many blocks of threads were started before
     */
    MemorySegment arguments(Arena arena, Tensors at, Lists lists, int firstBlock) {
        boolean split = lists.lists() != 0 && window > 0;
        boolean band = first != Selection.Sharing.ALL || window > 0;
        int shift = band ? keys - queries + 1 - window : Selection.Sharing.ALL;
        Arguments out = new Arguments(arena);
        out.address(at.q).address(at.k).address(at.v).address(at.out).address(at.lse);
        out.address(at.sinks).address(lists.begins).address(lists.ends).address(lists.lists);
        out.address(lists.columns).address(lists.order);
        out.number(heads).number(keyHeads).number(queries).number(keys).number(outWidth);
        out.number(visible.low).number(visible.high);
        out.number(split ? 0 : first).number(shift).number(split ? 1 : 0);
        out.number(lists.groups).number(lists.groupRows).number(lists.perBlock);
        return out.real(scale).real(softCap).number(firstBlock).segment();
    }
}
