package org.headlight.engine.cut;

import org.headlight.engine.attend.AttentionOutput;
import org.headlight.engine.attend.HeadArray;

import java.util.Arrays;

/** A head that gives nothing. */
final class SilentHead implements HeadHook {
    @Override
    public void attend(HeadCall head, HeadAttend next, AttentionOutput output) {
        HeadArray out = output.out();
        for (int row = 0; row < out.rows(); row++) {
            int at = out.at(0, row);
            Arrays.fill(out.values(), at, at + out.width(), 0);
        }
        Arrays.fill(output.lse(), 0, out.rows(), Float.NEGATIVE_INFINITY);
    }
}
