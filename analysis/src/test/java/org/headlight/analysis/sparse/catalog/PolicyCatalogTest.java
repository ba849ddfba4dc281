package org.headlight.analysis.sparse.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.headlight.analysis.sparse.Parameter;
import org.headlight.analysis.sparse.Phase;
import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.PolicyInfo;
import org.headlight.analysis.sparse.Settings;
import org.headlight.analysis.sparse.decode.DecodePolicies;
import org.headlight.analysis.sparse.position.PositionPolicies;
import org.headlight.analysis.sparse.prefill.PrefillPolicies;
import org.headlight.analysis.sparse.surrogate.SurrogatePolicies;
import org.headlight.engine.problem.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The catalogue of policies: what a menu and a command line rely on. */
class PolicyCatalogTest {

    static List<Policy> policies() {
        return PolicyCatalog.standard().all();
    }

    @Test
    void everyPolicyOfEveryFamilyIsInItUnderANameOfItsOwn() {
        List<Policy> expected = new ArrayList<>(PrefillPolicies.all());
        expected.addAll(DecodePolicies.all());
        expected.addAll(PositionPolicies.all());
        expected.addAll(SurrogatePolicies.all());
        assertThat(policies())
                .extracting(Policy::info)
                .containsExactlyElementsOf(expected.stream().map(Policy::info).toList());
        assertThat(policies()).extracting(p -> p.info().name()).doesNotHaveDuplicates();
        assertThat(policies()).extracting(p -> p.info().title()).doesNotHaveDuplicates();
        for (Phase phase : new Phase[] {Phase.PREFILL, Phase.DECODE}) {
            assertThat(PolicyCatalog.standard().covering(phase))
                    .isNotEmpty()
                    .allMatch(p -> p.info().phase() == phase || p.info().phase() == Phase.BOTH);
        }
    }

    @ParameterizedTest
    @MethodSource("policies")
    void aPolicyIsFoundByItsNameAndSaysWhatItIs(Policy policy) {
        PolicyInfo info = policy.info();
        PolicyCatalog catalog = PolicyCatalog.standard();
        assertThat(catalog.find(info.name()).info().name()).isEqualTo(info.name());
        assertThat(catalog.find(" " + info.name().toUpperCase(Locale.ROOT) + " ").info().name())
                .isEqualTo(info.name());
        assertThat(info.name()).matches("[a-z0-9][a-z0-9-]*");
        assertThat(info.title()).isNotBlank();
        assertThat(info.paper()).isNotBlank();
        assertThat(info.claim()).isNotBlank().endsWith(".");
        assertThat(info.parameters()).extracting(Parameter::name).doesNotHaveDuplicates();
        assertThat(info.parameters()).allMatch(p -> !p.meaning().isBlank());
        if (!policy.knob().isEmpty()) {
            assertThat(info.parameters()).extracting(Parameter::name).contains(policy.knob());
        }
    }

    @ParameterizedTest
    @MethodSource("policies")
    void presetsAreValuesThatCouldBeTyped(Policy policy) {
        for (int tokens : new int[] {1, 2, 63, 64, 65, 1000, 32768}) {
            Settings preset = policy.preset(tokens);
            assertThat(preset.info().name()).isEqualTo(policy.info().name());
            for (Parameter parameter : policy.info().parameters()) {
                String name = parameter.name();
                assertThat(preset.real(name))
                        .as("%s of %d tokens", name, tokens)
                        .isBetween(parameter.least(), parameter.most());
                if (parameter.whole()) {
                    assertThat(preset.real(name)).isEqualTo(Math.rint(preset.real(name)));
                }
                assertThat(preset.parsed(name, preset.text(name))).isEqualTo(preset);
            }
        }
    }

    @Test
    void aNameThatIsNotThereIsSaidWithAllThatAre() {
        PolicyCatalog catalog = new PolicyCatalog(DecodePolicies.all().subList(0, 2));
        List<String> names = catalog.all().stream().map(p -> p.info().name()).toList();
        assertThatThrownBy(() -> catalog.find("best"))
                .isInstanceOf(BadInputException.class)
                .hasMessage(
                        "There is no policy \"best\"; expected one of "
                                + String.join(", ", names)
                                + ".");
        Policy first = catalog.all().getFirst();
        assertThatThrownBy(() -> new PolicyCatalog(List.of(first, first)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("two policies are " + names.getFirst());
    }
}
