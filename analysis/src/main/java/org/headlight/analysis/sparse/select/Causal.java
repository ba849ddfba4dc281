package org.headlight.analysis.sparse.select;

import org.headlight.analysis.sparse.PolicyInfo;
import org.headlight.analysis.sparse.PolicySite;
import org.headlight.engine.problem.BadInputException;

/** For policies that make sense only where no query sees a later key. */
public final class Causal {
    private Causal() {}

    /**
     * Checks a site.
     *
     * @throws BadInputException when one of its heads looks both ways
     */
    public static void check(PolicyInfo info, PolicySite site) {
        for (int head = 0; head < site.heads(); head++) {
            if (!site.whole().mask(head).causal()) {
                throw new BadInputException(
                        info.title()
                                + " takes attention that looks back only, and layer "
                                + site.layer()
                                + " looks both ways; choose a policy for bidirectional models.");
            }
        }
    }
}
