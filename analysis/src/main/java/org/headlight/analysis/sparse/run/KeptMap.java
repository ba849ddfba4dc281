package org.headlight.analysis.sparse.run;

import org.headlight.engine.attend.Selection;

/**
 * The keys that a head kept in one phase.
 *
 * @param selection of this head alone
 * @param shape of the phase, one head
 * @param from position of the phase's first query in the text
 */
public record KeptMap(Selection selection, Selection.Shape shape, int from) {

    /** The keys of the query at a position of the text, as rising runs, masks apart. */
    public void runs(int position, Selection.Runs target) {
        selection.runs(shape, 0, position - from, target);
    }

    /** Whether the query at a position of the text belongs to the phase. */
    public boolean covers(int position) {
        return position >= from && position < from + shape.queries();
    }

    /** Whether the query at a position may use a key, masks apart. */
    public boolean keeps(int position, int key) {
        boolean[] found = {false};
        runs(position, (start, end) -> found[0] |= key >= start && key < end);
        return found[0];
    }
}
