package org.headlight.engine.model;

import org.headlight.engine.attention.UnsupportedSite;
import org.headlight.engine.problem.BadInputException;

import java.util.Locale;

/** What one attention site gave in a run cannot be read; the others may be fine. */
final class SiteFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String node;
    private final String clause;
    private final String clauseForOneInput;

    /**
     * @param node the attention node
     * @param clause what is wrong with it and what was expected, as the end of a sentence: "its
     *     mask m has the shape [3]; expected ..."
     */
    SiteFailure(String node, String clause) {
        this(node, clause, clause);
    }

    /**
     * @param clauseForOneInput the same where the model was given one input, so that it is not the
     *     input that is at fault
     */
    SiteFailure(String node, String clause, String clauseForOneInput) {
        super(node + ": " + clause, null, false, false);
        this.node = node;
        this.clause = clause;
        this.clauseForOneInput = clauseForOneInput;
    }

    /** The same, of a model that was given one input. */
    SiteFailure ofOneInput() {
        return new SiteFailure(node, clauseForOneInput);
    }

    String node() {
        return node;
    }

    /** The site as one that is left out. */
    UnsupportedSite unsupported() {
        return new UnsupportedSite(
                node, clause.substring(0, 1).toUpperCase(Locale.ROOT) + clause.substring(1) + ".");
    }

    /**
     * The end of a run that needs the site.
     *
     * @param owner the model's file
     */
    BadInputException refusal(String owner) {
        return new BadInputException(
                "The attention node " + node + " of " + owner + " cannot be read: " + clause + ".",
                this);
    }
}
