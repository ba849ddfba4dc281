package org.headlight.engine.cut;

import org.headlight.engine.attend.AttentionOutput;
import org.headlight.engine.attend.Selection;

/**
 * Changes what a head gives to the rest of the model. A hook may leave the work to {@code next}
 * (and change what goes in or comes out), hand it a {@link Selection} (a sparse policy), or fill
 * the output itself. The arrays of the input are shared with other heads and are not to be written
 * to.
 *
 * <p>Hooks are called from one thread at a time within a run; {@code next} works on several.
 */
@FunctionalInterface
public interface HeadHook {

    /**
     * Computes what the head gives.
     *
     * @param head its queries, keys and values
     * @param next what it would do without this hook
     * @param output to be filled in every row, [1, N, Dv], with the log-sum-exp of each row
     */
    void attend(HeadCall head, HeadAttend next, AttentionOutput output);

    /** This hook, seen through by another one that is put around it. */
    default HeadHook then(HeadHook around) {
        return (head, next, output) ->
                around.attend(
                        head,
                        (inner, selection, into) ->
                                attend(
                                        inner,
                                        (h, s, o) -> next.attend(h, narrower(selection, s), o),
                                        into),
                        output);
    }

    private static Selection narrower(Selection outer, Selection inner) {
        if (outer == Selection.dense()) {
            return inner;
        }
        if (inner == Selection.dense()) {
            return outer;
        }
        throw new IllegalStateException("two hooks of one head both select its keys");
    }

    /**
     * Attends uniformly to the visible keys, as a head that is masked in the work on retrieval
     * heads (Wu et al. 2024).
     */
    static HeadHook uniform() {
        return new UniformHead();
    }

    /** Gives nothing: the output is 0. */
    static HeadHook silent() {
        return new SilentHead();
    }

    /**
     * Changes only the queries from a row on: those before it are as without the hook. In a causal
     * model this is what a hook in decoding steps alone amounts to, when the rows are the tokens
     * that those steps read.
     */
    static HeadHook fromRow(int row, HeadHook hook) {
        return new LaterRows(row, hook);
    }

    /** Lets the kernels work on chosen keys only. */
    static HeadHook selecting(Selection selection) {
        return (head, next, output) -> next.attend(head, selection, output);
    }
}
