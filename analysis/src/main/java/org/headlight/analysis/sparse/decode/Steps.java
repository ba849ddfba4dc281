package org.headlight.analysis.sparse.decode;

import org.headlight.analysis.sparse.Plan;
import org.headlight.analysis.sparse.PolicyInfo;
import org.headlight.analysis.sparse.PolicySite;
import org.headlight.analysis.sparse.select.Rows;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.Selection;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;

/** The steps of decoding at a site: where each stands, and what it may see. */
final class Steps {
    private final PolicySite site;
    private final AttentionInput input;

    private Steps(PolicySite site) {
        this.site = site;
        this.input = site.input();
    }

    /**
     * The steps of a site.
     *
     * @throws BadInputException when a token of it sees later ones
     */
    static Steps of(PolicySite site, PolicyInfo policy) {
        Steps steps = new Steps(site);
        for (int head = 0; head < steps.heads(); head++) {
            for (int step = 0; step < steps.count(); step++) {
                if (steps.input.mask(head).endKey(step) > steps.position(step) + 1) {
                    throw new BadInputException(
                            policy.title()
                                    + " chooses among the tokens before each step, but in layer "
                                    + site.layer()
                                    + " tokens see later ones; expected a model that writes from"
                                    + " left to right.");
                }
            }
        }
        return steps;
    }

    /** The plan that leaves nothing out. */
    Plan everything() {
        return new Plan.Selected(Selection.dense());
    }

    /** The queries of the steps over the keys of the whole text. */
    AttentionInput input() {
        return input;
    }

    /** The queries [row, from) of the prompt over its keys [0, from). */
    AttentionInput promptFrom(int row) {
        return site.whole().part(row, from(), from());
    }

    /** The part of a progress that one of the heads has. */
    Progress part(Progress progress, int head) {
        return progress.part((double) head / heads(), (head + 1.0) / heads());
    }

    /** How many there are. */
    int count() {
        return site.queries();
    }

    int heads() {
        return site.heads();
    }

    int keyHeads() {
        return site.keyHeads();
    }

    /** Query heads that share a key head. */
    int group() {
        return heads() / keyHeads();
    }

    /** Tokens before the first step. */
    int from() {
        return site.from();
    }

    int position(int step) {
        return site.from() + step;
    }

    /** The first key that a step sees. */
    int first(int head, int step) {
        return Math.clamp(input.mask(head).firstKey(step), 0, end(head, step));
    }

    /** One after the last key that a step sees; its own where the mask is causal. */
    int end(int head, int step) {
        return Math.clamp(input.mask(head).endKey(step), 0, position(step) + 1);
    }

    /** The score of a step for a key that it sees, as the softmax has it. */
    double score(int head, int step, int key) {
        return Rows.score(input, head, step, key);
    }
}
