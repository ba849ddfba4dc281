package org.headlight.analysis.sparse.run;

import org.headlight.analysis.sparse.Planner;
import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.PolicyInfo;
import org.headlight.analysis.sparse.PolicyRun;
import org.headlight.analysis.sparse.Settings;

/**
 * A policy with its settings.
 *
 * @param policy which
 * @param settings of that policy
 */
public record PolicyChoice(Policy policy, Settings settings) {

    /** With the settings that suit a text of so many tokens. */
    public static PolicyChoice preset(Policy policy, int tokens) {
        return new PolicyChoice(policy, policy.preset(tokens));
    }

    /** What the policy is. */
    public PolicyInfo info() {
        return policy.info();
    }

    Planner start(PolicyRun run) {
        return policy.start(settings, run);
    }

    /** Such as {@code xattention (block=128, stride=8)}. */
    public String text() {
        String values = settings.text();
        return info().name() + (values.isEmpty() ? "" : " (" + values + ")");
    }
}
