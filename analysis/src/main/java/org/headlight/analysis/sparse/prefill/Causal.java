package org.headlight.analysis.sparse.prefill;

import org.headlight.analysis.sparse.PolicyInfo;
import org.headlight.analysis.sparse.PolicySite;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.problem.BadInputException;

/** What policies for causal masks ask of a site. */
final class Causal {
    private Causal() {}

    /**
     * The queries and keys of a site.
     *
     * @throws BadInputException when a head may look at later keys
     */
    static AttentionInput input(PolicyInfo info, PolicySite site) {
        AttentionInput input = site.input();
        for (int head = 0; head < site.heads(); head++) {
            if (!input.mask(head).causal()) {
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
        return input;
    }

    /** How many keys come before the first query's own. */
    static int offset(AttentionInput input) {
        return input.k().rows() - input.q().rows();
    }
}
