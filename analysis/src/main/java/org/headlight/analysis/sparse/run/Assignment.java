package org.headlight.analysis.sparse.run;

import org.headlight.analysis.sparse.Phase;
import org.headlight.engine.cut.HeadAddress;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which heads attend by which policy: the last choice that names a head in a phase holds, and a
 * head that no choice names stays dense. Immutable.
 */
public final class Assignment {
    /** Every head dense. */
    public static final Assignment DENSE = new Assignment(List.of());

    /** A choice for some heads. */
    private record Rule(Predicate<HeadAddress> heads, Optional<PolicyChoice> choice) {}

    private final List<Rule> rules;

    private Assignment(List<Rule> rules) {
        this.rules = rules;
    }

    /** One policy for every head. */
    public static Assignment everywhere(PolicyChoice choice) {
        return DENSE.with(choice);
    }

    /** This, and a policy for every head. */
    public Assignment with(PolicyChoice choice) {
        return with(head -> true, Optional.of(choice));
    }

    /** This, and a policy for the heads of a layer. */
    public Assignment with(int layer, PolicyChoice choice) {
        return with(head -> head.layer() == layer, Optional.of(choice));
    }

    /** This, and a policy for some heads. */
    public Assignment with(Set<HeadAddress> heads, PolicyChoice choice) {
        Set<HeadAddress> own = Set.copyOf(heads);
        return with(own::contains, Optional.of(choice));
    }

    /** This, but some heads are dense. */
    public Assignment dense(Set<HeadAddress> heads) {
        Set<HeadAddress> own = Set.copyOf(heads);
        return with(own::contains, Optional.empty());
    }

    private Assignment with(Predicate<HeadAddress> heads, Optional<PolicyChoice> choice) {
        List<Rule> more = new ArrayList<>(rules);
        more.add(new Rule(heads, choice));
        return new Assignment(List.copyOf(more));
    }

    /** The policy of a head in a phase; empty when it is dense. */
    public Optional<PolicyChoice> of(HeadAddress head, Phase phase) {
        for (Rule rule : rules.reversed()) {
            boolean acts = rule.choice.isEmpty() || rule.choice.get().info().phase().covers(phase);
            if (acts && rule.heads.test(head)) {
                return rule.choice;
            }
        }
        return Optional.empty();
    }

    /** Every choice that is made for any head. */
    public Set<PolicyChoice> choices() {
        Set<PolicyChoice> all = new LinkedHashSet<>();
        for (Rule rule : rules) {
            rule.choice.ifPresent(all::add);
        }
        return all;
    }

    /** Whether a choice acts on queries of decoding. */
    boolean decodes() {
        return choices().stream().anyMatch(choice -> choice.info().phase() != Phase.PREFILL);
    }
}
