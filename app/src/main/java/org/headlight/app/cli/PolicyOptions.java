package org.headlight.app.cli;

import org.headlight.analysis.sparse.Parameter;
import org.headlight.analysis.sparse.Phase;
import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.Settings;
import org.headlight.analysis.sparse.catalog.PolicyCatalog;
import org.headlight.analysis.sparse.run.Assignment;
import org.headlight.analysis.sparse.run.PolicyChoice;
import org.headlight.engine.model.ModelInfo;
import org.headlight.engine.problem.BadInputException;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Which heads run by which policy, with which settings. */
final class PolicyOptions {
    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    @Option(
            names = "--policy",
            paramLabel = "NAME[@HEADS]",
            description =
                    "A policy, for all heads or for some, such as xattention@L0,L2H1. May be given"
                            + " several times; of those that name a head the last holds.")
    private List<String> policies = new ArrayList<>();

    @Option(
            names = "--decode",
            paramLabel = "NAME[@HEADS]",
            description = "A policy for decoded tokens, beside one for the prompt.")
    private List<String> decode = new ArrayList<>();

    @Option(
            names = "--set",
            paramLabel = "[NAME.]K=V",
            description =
                    "A setting of the policies that have it, or of the one that is named, such as"
                            + " threshold=0.9 (default: the preset for the length).")
    private List<String> sets = new ArrayList<>();

    @Option(
            names = "--layer",
            paramLabel = "L",
            description = "Heads of this layer alone, where a policy names none.")
    private @Nullable Integer layer;

    @Option(
            names = "--heads",
            paramLabel = "HEADS",
            description = "These heads alone, such as L1H2,L1H3, where a policy names none.")
    private @Nullable String heads;

    private final List<Wish> wishes = new ArrayList<>();

    /** A policy for some heads. */
    private record Wish(Policy policy, HeadScope scope) {}

    /** Who runs by what, and in words for which heads each choice was given. */
    record Chosen(Assignment assignment, Map<PolicyChoice, String> scopes) {}

    /** Refuses what cannot be, before anything runs. */
    void check(PolicyCatalog catalog) {
        wishes.clear();
        if (policies.isEmpty() && decode.isEmpty()) {
            throw wrong(
                    "There is no policy to run; name one with --policy NAME (headlight policies"
                            + " lists them).");
        }
        HeadScope usual = usual();
        policies.forEach(text -> wishes.add(wish(catalog, text, usual)));
        for (String text : decode) {
            Wish wish = wish(catalog, text, usual);
            if (!wish.policy.info().phase().covers(Phase.DECODE)) {
                throw wrong(
                        "--decode "
                                + text
                                + ": that policy acts in the prefill alone; name one that acts in"
                                + " decode.");
            }
            wishes.add(wish);
        }
        Usage.of(spec)
                .idle(
                        Stream.of(policies, decode)
                                .flatMap(List::stream)
                                .allMatch(text -> text.indexOf('@') >= 0),
                        "where every policy names its own heads",
                        "--layer",
                        "--heads");
        for (Wish wish : wishes) {
            settings(wish.policy, Settings.standard(wish.policy.info()));
        }
        sets.forEach(this::checkOwned);
    }

    private HeadScope usual() {
        Integer one = layer;
        if (one != null && heads != null) {
            throw wrong("--layer and --heads both say which heads; give one of them.");
        }
        if (one != null && one < 0) {
            throw wrong("--layer is " + one + "; expected a layer from 0 on.");
        }
        if (one != null) {
            return HeadScope.ofLayer(one);
        }
        return heads == null ? HeadScope.ALL : scope("--heads", heads);
    }

    private Wish wish(PolicyCatalog catalog, String text, HeadScope usual) {
        int at = text.indexOf('@');
        Policy policy =
                Usage.of(spec).made(() -> catalog.find(at < 0 ? text : text.substring(0, at)));
        return new Wish(policy, at < 0 ? usual : scope("--policy " + text, text.substring(at + 1)));
    }

    private HeadScope scope(String option, String text) {
        return HeadScope.parse(text)
                .orElseThrow(() ->
                        wrong(
                                option
                                        + ": \""
                                        + text
                                        + "\" names no heads; expected layers and heads such as"
                                        + " L0,L2H1."));
    }

    /** What is set for a policy, on top of its preset. */
    private Settings settings(Policy policy, Settings preset) {
        Settings settings = preset;
        String name = policy.info().name();
        for (String set : sets) {
            String key = key(set);
            boolean named = key.startsWith(name + ".");
            String own = named ? key.substring(name.length() + 1) : key;
            if (named || has(policy, own)) {
                try {
                    settings = settings.parsed(own, set.substring(set.indexOf('=') + 1).strip());
                } catch (BadInputException e) {
                    throw wrong("--set " + set + ": " + e.getMessage());
                }
            }
        }
        return settings;
    }

    private static boolean has(Policy policy, String key) {
        return policy.info().parameters().stream().map(Parameter::name).anyMatch(key::equals);
    }

    private String key(String set) {
        int equal = set.indexOf('=');
        if (equal < 1) {
            throw wrong("--set " + set + " sets nothing; expected such as threshold=0.9.");
        }
        return set.substring(0, equal).strip();
    }

    /** Refuses a setting that no chosen policy has. */
    private void checkOwned(String set) {
        String key = key(set);
        boolean owned =
                wishes.stream()
                        .map(Wish::policy)
                        .anyMatch(p -> has(p, key) || key.startsWith(p.info().name() + "."));
        if (!owned) {
            Policy first = wishes.getFirst().policy;
            try {
                Settings.standard(first.info()).parsed(key, "");
            } catch (BadInputException e) {
                throw wrong("--set " + set + ": " + e.getMessage());
            }
        }
    }

    /**
     * The assignment for a text.
     *
     * @param tokens of the text: presets depend on them
     * @throws BadInputException when the model has not the heads that are named
     */
    Chosen chosen(ModelInfo model, int tokens) {
        Assignment assignment = Assignment.DENSE;
        Map<PolicyChoice, String> scopes = new LinkedHashMap<>();
        for (Wish wish : wishes) {
            wish.scope.check(model);
            PolicyChoice choice =
                    new PolicyChoice(
                            wish.policy, settings(wish.policy, wish.policy.preset(tokens)));
            assignment = wish.scope.added(assignment, choice);
            scopes.merge(choice, wish.scope.toString(), (a, b) -> a + "," + b);
        }
        return new Chosen(assignment, scopes);
    }

    private ParameterException wrong(String sentence) {
        return Usage.of(spec).wrong(sentence);
    }
}
