package org.headlight.analysis.sparse.prefill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.headlight.analysis.sparse.Parameter;
import org.headlight.analysis.sparse.Plan;
import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.Settings;
import org.headlight.analysis.sparse.SparseCase;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.problem.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.HashSet;
import java.util.Set;

/** What holds for every policy of the prefill. */
class PrefillPoliciesTest {
    /** Policies that attention without a mask can use as well. */
    private static final Set<String> BOTH_WAYS =
            Set.of("xattention", "s2", "blasst", "oracle-blocks");

    @Test
    void namesAreDifferentAndAsTyped() {
        Set<String> names = new HashSet<>();
        for (Policy policy : PrefillPolicies.all()) {
            assertThat(names.add(policy.info().name())).isTrue();
            assertThat(policy.info().name()).matches("[a-z0-9-]+");
            assertThat(policy.info().claim()).endsWith(".");
            for (Parameter parameter : policy.info().parameters()) {
                assertThat(parameter.name()).matches("[a-z0-9-]+");
                assertThat(parameter.meaning()).isNotBlank().doesNotEndWith(".");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 64, 65, 300})
    void everyQueryKeepsAKey(int tokens) {
        SparseCase text = SparseCase.text(3, 1, tokens, 16, 5);
        for (Policy policy : PrefillPolicies.all()) {
            Plan plan = text.plan(policy, policy.preset(tokens));
            for (int head = 0; head < 3; head++) {
                for (boolean[] row : text.kept(plan, head)) {
                    assertThat(row).as(policy.info().name()).contains(true);
                }
            }
        }
    }

    @Test
    void presetsSkipSomethingOnATextOfAThousandTokens() {
        SparseCase text = SparseCase.text(4, 2, 1000, 16, 9);
        for (Policy policy : PrefillPolicies.all()) {
            if (policy.info().name().equals("blasst")) {
                continue;
            }
            boolean layered = policy.info().name().equals("triangle");
            Settings preset = layered ? policy.preset(1000).with("dense", 0) : policy.preset(1000);
            assertThat(text.density(text.plan(policy, preset)))
                    .as(preset.toString())
                    .isBetween(0.02, 0.95);
        }
    }

    @Test
    void attentionThatLooksAheadIsRefusedInOneSentence() {
        SparseCase random = SparseCase.random(2, 1, 70, 8, 3);
        SparseCase full = SparseCase.of(random.whole().withMask(AttentionMask.full(70)));
        for (Policy policy : PrefillPolicies.all()) {
            Settings preset = policy.preset(70);
            if (BOTH_WAYS.contains(policy.info().name())) {
                assertThat(full.density(full.plan(policy, preset))).isPositive();
                continue;
            }
            assertThatThrownBy(() -> full.plan(policy, preset))
                    .isInstanceOf(BadInputException.class)
                    .hasMessage(
                            "Head 0 of layer 0 also looks at later tokens; "
                                    + policy.info().title()
                                    + " works on causal attention only, so choose another policy"
                                    + " for this model.");
        }
    }
}
