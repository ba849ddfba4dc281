package org.headlight.analysis.sparse.position;

import org.headlight.analysis.sparse.PolicyInfo;
import org.headlight.analysis.sparse.PolicyRun;
import org.headlight.analysis.sparse.PolicySite;
import org.headlight.analysis.sparse.Rotary;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.problem.BadInputException;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/** What policies that change positions share. */
final class Positions {
    private Positions() {}

    /**
     * The rotary positions of the model.
     *
     * @throws BadInputException when it has none
     */
    static Rotary of(PolicyInfo info, PolicyRun run) {
        return run.rotary()
                .orElseThrow(() ->
                        new BadInputException(
                                info.title()
                                        + " gives keys other positions, which takes a model"
                                        + " with rotary positions; none were found in this"
                                        + " one."));
    }

    /**
     * Those of a layer, of the width that its keys have.
     *
     * @throws BadInputException when the widths differ
     */
    static Rotary of(PolicyInfo info, Rotary rotary, PolicySite site) {
        Rotary own = rotary.layer(site.layer());
        if (own.width() != site.whole().k().width()) {
            throw new BadInputException(
                    info.title()
                            + " cannot turn the keys of layer "
                            + site.layer()
                            + ": they have "
                            + site.whole().k().width()
                            + " numbers, and the rotary positions of the model "
                            + own.width()
                            + ".");
        }
        return own;
    }

    /** Queries [from, to) over keys [0, to): row r sits at position from + r among them. */
    static AttentionInput upTo(PolicySite site) {
        return site.whole().part(site.from(), site.to(), site.to());
    }

    /** By how much rows that begin at a position are moved. */
    static int[] shifts(int from, int rows, IntUnaryOperator position) {
        int[] shifts = new int[rows];
        Arrays.setAll(shifts, row -> position.applyAsInt(from + row) - (from + row));
        return shifts;
    }
}
