package org.headlight.analysis.sparse.select;

import org.headlight.analysis.sparse.PolicyInfo;
import org.headlight.analysis.sparse.PolicySite;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.problem.BadInputException;

/** What policies that make sense only where no query sees a later key ask of a site. */
public final class Causal {
    private Causal() {}

    /**
     * The queries and keys of a site.
     *
     * @throws BadInputException when a head may look at later keys
     */
    public static AttentionInput input(PolicyInfo info, PolicySite site) {
        check(info, site);
        return site.input();
    }

    /**
     * Checks a site.
     *
     * @throws BadInputException when a head may look at later keys
     */
    public static void check(PolicyInfo info, PolicySite site) {
        for (int head = 0; head < site.heads(); head++) {
            if (!site.whole().mask(head).causal()) {
                throw new BadInputException(
                        "Head "
                                + head
                                + " of layer "
                                + site.layer()
                                + " also looks at later tokens; "
                                + info.title()
                                + " works on causal attention only, so choose another policy for"
                                + " this model.");
            }
        }
    }

    /** How many keys come before the first query's own. */
    public static int offset(AttentionInput input) {
        return input.k().rows() - input.q().rows();
    }
}
