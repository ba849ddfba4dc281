package org.headlight.analysis.sparse;

/** A way of attending to fewer keys. Holds nothing of a run: {@link Planner}s do. */
public interface Policy {

    /** What it is. */
    PolicyInfo info();

    /**
     * Settings for a text of so many tokens: the paper's, scaled down where they would keep
     * everything. Scaled presets are ours.
     */
    default Settings preset(int tokens) {
        return Settings.standard(info());
    }

    /**
     * The parameter that trades density against error first of all; empty when there is none. The
     * first parameter, unless a policy says otherwise.
     */
    default String knob() {
        return info().parameters().isEmpty() ? "" : info().parameters().getFirst().name();
    }

    /** Whether it has to see a dense run over the text first: {@link PolicyRun#dense}. */
    default boolean needsDenseRun() {
        return false;
    }

    /**
     * Begins a run over one text.
     *
     * @throws org.headlight.engine.problem.BadInputException when the policy cannot work on the
     *     model at hand, such as a rotary policy on a model without rotary positions
     */
    Planner start(Settings settings, PolicyRun run);
}
