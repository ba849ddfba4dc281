package org.headlight.analysis.sparse.catalog;

import org.headlight.analysis.sparse.Phase;
import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.decode.DecodePolicies;
import org.headlight.analysis.sparse.position.PositionPolicies;
import org.headlight.analysis.sparse.prefill.PrefillPolicies;
import org.headlight.analysis.sparse.surrogate.SurrogatePolicies;
import org.headlight.engine.problem.BadInputException;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The policies that can be chosen, in the order of a menu. Immutable. */
public final class PolicyCatalog {
    private final List<Policy> policies;

    /**
     * A catalogue of some policies.
     *
     * @param policies in the order of a menu, no two of one name
     */
    public PolicyCatalog(List<Policy> policies) {
        this.policies = List.copyOf(policies);
        Set<String> names = new HashSet<>();
        for (Policy policy : this.policies) {
            if (!names.add(policy.info().name())) {
                throw new IllegalArgumentException("two policies are " + policy.info().name());
            }
        }
    }

    /** Every policy that Headlight has: prefill, decode, other positions, surrogates. */
    public static PolicyCatalog standard() {
        return new PolicyCatalog(
                Stream.of(
                                PrefillPolicies.all(),
                                DecodePolicies.all(),
                                PositionPolicies.all(),
                                SurrogatePolicies.all())
                        .flatMap(List::stream)
                        .toList());
    }

    /** All of them. */
    public List<Policy> all() {
        return policies;
    }

    /** Those that act in a phase. */
    public List<Policy> covering(Phase phase) {
        return policies.stream().filter(p -> p.info().phase().covers(phase)).toList();
    }

    /**
     * The policy of a name.
     *
     * @param name as on a command line, in any case
     * @throws BadInputException when there is none; the sentence lists all names
     */
    public Policy find(String name) {
        String wanted = name.strip().toLowerCase(Locale.ROOT);
        return policies.stream()
                .filter(p -> p.info().name().equals(wanted))
                .findFirst()
                .orElseThrow(() ->
                        new BadInputException(
                                "There is no policy \""
                                        + name
                                        + "\"; expected one of "
                                        + policies.stream()
                                                .map(p -> p.info().name())
                                                .collect(Collectors.joining(", "))
                                        + "."));
    }
}
