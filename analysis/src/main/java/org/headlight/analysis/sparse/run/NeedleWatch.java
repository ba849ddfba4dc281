package org.headlight.analysis.sparse.run;

import org.headlight.analysis.sparse.select.Rows;
import org.headlight.engine.attend.AttentionInput;

import java.util.Arrays;

/** Follows the keys of a needle through the heads of a run. */
final class NeedleWatch {
    private final SparseOptions.Needle needle;
    private double keptKeys;
    private double allKeys;
    private double keptMass;
    private double allMass;
    private int heads;
    private int lost;

    NeedleWatch(SparseOptions.Needle needle) {
        this.needle = needle;
    }

    /**
     * Looks at a head that has a list of kept keys.
     *
     * @param input of the phase
     * @param head which
     * @param firstRow the first row of the phase that answers
     */
    void look(AttentionInput input, int head, KeptMap kept, int firstRow) {
        double[] p = new double[input.k().rows()];
        double before = keptKeys;
        for (int row = firstRow; row < input.q().rows(); row++) {
            Rows.probabilities(input, head, row, p);
            boolean[] has = new boolean[p.length];
            kept.runs(kept.from() + row, (start, end) -> Arrays.fill(has, start, end, true));
            int end = Math.min(needle.to(), p.length);
            for (int key = needle.from(); key < end; key++) {
                if (key >= input.mask(head).endKey(row)) {
                    continue;
                }
                allKeys++;
                allMass += p[key];
                keptKeys += has[key] ? 1 : 0;
                keptMass += has[key] ? p[key] : 0;
            }
        }
        heads++;
        lost += keptKeys == before ? 1 : 0;
    }

    NeedleFate fate() {
        return new NeedleFate(
                allKeys == 0 ? Double.NaN : keptKeys / allKeys,
                allMass == 0 ? Double.NaN : keptMass / allMass,
                lost,
                heads);
    }
}
