package org.headlight.analysis.sparse;

import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.AttentionOutput;
import org.headlight.engine.attend.Selection;
import org.headlight.engine.cut.SiteAttend;
import org.headlight.engine.task.Progress;

import java.util.Optional;

/** What a policy decided for the heads of a site. */
public sealed interface Plan {

    /** The keys that are kept, for drawing and counting; empty when there is no such list. */
    Optional<Selection> kept();

    /**
     * One softmax over chosen keys at their own positions.
     *
     * @param selection of every head of the site
     */
    record Selected(Selection selection) implements Plan {
        @Override
        public Optional<Selection> kept() {
            return Optional.of(selection);
        }
    }

    /**
     * Anything else: parts that are merged, turned keys, gates.
     *
     * @param work computes the output
     * @param kept the keys that take part, where there is such a list
     */
    record Computed(Work work, Optional<Selection> kept) implements Plan {}

    /** Computes the output of a site. */
    @FunctionalInterface
    interface Work {

        /**
         * Computes.
         *
         * @param input of the phase, as {@link PolicySite#input} gives it
         * @param kernels compute attention; what they count is added up by the caller
         * @param output to be filled in every row of every head, with its log-sum-exp
         */
        void attend(
                AttentionInput input,
                SiteAttend kernels,
                AttentionOutput output,
                Progress progress);
    }
}
