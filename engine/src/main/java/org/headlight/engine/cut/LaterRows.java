package org.headlight.engine.cut;

import org.headlight.engine.attend.AttentionOutput;
import org.headlight.engine.attend.HeadArray;

/**
 * A head that is changed from a query on.
 *
 * @param from the first row that is changed
 * @param hook what is done to those rows
 */
record LaterRows(int from, HeadHook hook) implements HeadHook {

    @Override
    public void attend(HeadCall head, HeadAttend next, AttentionOutput output) {
        HeadArray out = output.out();
        next.attend(head, output);
        AttentionOutput changed = AttentionOutput.allocate(1, out.rows(), out.width());
        hook.attend(head, next, changed);
        for (int row = Math.max(0, from); row < out.rows(); row++) {
            System.arraycopy(
                    changed.out().values(),
                    changed.out().at(0, row),
                    out.values(),
                    out.at(0, row),
                    out.width());
            output.lse()[row] = changed.lse()[row];
        }
    }
}
