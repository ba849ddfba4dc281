package org.headlight.app.sparse;

import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.run.Assignment;
import org.headlight.analysis.sparse.run.PolicyChoice;
import org.headlight.analysis.sparse.run.SparseOptions;
import org.headlight.analysis.sparse.run.SparseStudy;
import org.headlight.engine.cut.HeadAddress;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.token.Token;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What is to be run: policies, the heads that they are for, prompt and needle. */
final class SparseSetup {
    private final List<Policy> policies;
    private final Heads heads;
    private final PolicySlot main = new PolicySlot();
    private final PolicySlot decode = new PolicySlot();
    private final ObjectProperty<Scope> scope = new SimpleObjectProperty<>(Scope.MODEL);
    private final IntegerProperty prompt = new SimpleIntegerProperty(1);
    private final ReadOnlyBooleanWrapper whole = new ReadOnlyBooleanWrapper();
    private final StringProperty needle = new SimpleStringProperty("");
    private final ObservableList<SparseRule> rules = FXCollections.observableArrayList();
    private int tokens;

    /**
     * A run, ready to be made.
     *
     * @param rules in order, the later ones first in right
     * @param prompt tokens that are prefilled
     */
    record Wanted(List<SparseRule> rules, int prompt, SparseOptions options, String needle) {
        Wanted {
            rules = List.copyOf(rules);
        }

        Assignment assignment() {
            Assignment all = Assignment.DENSE;
            for (SparseRule rule : rules) {
                all = rule.addedTo(all);
            }
            return all;
        }

        /** Which heads each choice is for, in words. */
        Map<PolicyChoice, String> scopes() {
            Map<PolicyChoice, String> scopes = new LinkedHashMap<>();
            rules.forEach(rule -> scopes.put(rule.choice(), rule.where()));
            return scopes;
        }
    }

    /**
     * With the first policy chosen.
     *
     * @param policies those that can be chosen
     */
    SparseSetup(List<Policy> policies, Heads heads) {
        this.policies = List.copyOf(policies);
        this.heads = heads;
        if (!policies.isEmpty()) {
            main.choose(policies.getFirst());
        }
    }

    /** Those that can be chosen. */
    List<Policy> policies() {
        return policies;
    }

    /** The policy. */
    PolicySlot main() {
        return main;
    }

    /** Another one for decoding. */
    PolicySlot decode() {
        return decode;
    }

    /** The heads that they are for. */
    ObjectProperty<Scope> scopeProperty() {
        return scope;
    }

    /** Tokens that are prefilled; the rest is decoded step by step. */
    IntegerProperty promptProperty() {
        return prompt;
    }

    /** Whether the whole text is read at once: the model has no steps of decoding. */
    ReadOnlyBooleanProperty wholeProperty() {
        return whole.getReadOnlyProperty();
    }

    /** Text whose keys are followed; empty for none. */
    StringProperty needleProperty() {
        return needle;
    }

    /** Policies for other heads that hold besides; the last one holds where several name a head. */
    ObservableList<SparseRule> rules() {
        return rules;
    }

    /**
     * Another text is there.
     *
     * @param ahead whether the model looks at later tokens too, so that nothing is decoded
     */
    void suit(int length, int responseFrom, boolean ahead) {
        if (length != tokens) {
            tokens = length;
            main.suit(length);
            decode.suit(length);
        }
        whole.set(ahead);
        if (ahead) {
            decode.choose(null);
            prompt.set(length);
            return;
        }
        boolean written = responseFrom > 0 && responseFrom < length;
        prompt.set(written ? responseFrom : SparseStudy.promptOf(length));
    }

    /** Takes what is chosen now to the policies that hold, so that others can be chosen besides. */
    void keep() {
        rules.addAll(now());
    }

    private List<SparseRule> now() {
        List<SparseRule> all = new ArrayList<>();
        main.choice().ifPresent(choice -> all.add(rule(choice)));
        decode.choice().ifPresent(choice -> all.add(rule(choice)));
        return all;
    }

    private SparseRule rule(PolicyChoice choice) {
        return switch (scope.get()) {
            case MODEL -> new SparseRule(Scope.MODEL, -1, Set.of(), choice);
            case LAYER -> {
                int layer = heads.shown().map(HeadAddress::layer).orElse(0);
                yield new SparseRule(Scope.LAYER, layer, Set.of(), choice);
            }
            case HEADS -> {
                Set<HeadAddress> chosen = heads.chosen();
                if (chosen.isEmpty()) {
                    throw new BadInputException(
                            "The head on show is one of cross-attention, which stays dense; choose"
                                    + " a head of self-attention.");
                }
                yield new SparseRule(Scope.HEADS, -1, chosen, choice);
            }
        };
    }

    /**
     * What is to be run over a text.
     *
     * @throws BadInputException when nothing is chosen, or the prompt or the needle does not fit
     */
    Wanted wanted(List<Token> text) {
        List<SparseRule> all = new ArrayList<>(rules);
        all.addAll(now());
        if (all.isEmpty()) {
            throw new BadInputException("Choose a policy first: no head has one.");
        }
        int read = whole.get() ? text.size() : prompt.get();
        if (read < 1 || read > text.size()) {
            throw new BadInputException(
                    "A prompt of "
                            + read
                            + " tokens does not fit a text of "
                            + text.size()
                            + "; expected 1 to "
                            + text.size()
                            + ".");
        }
        Optional<SparseOptions.Needle> followed =
                needle.get().isBlank()
                        ? Optional.empty()
                        : Optional.of(NeedleFinder.find(text, needle.get()));
        return new Wanted(all, read, new SparseOptions(true, true, followed), needle.get().strip());
    }
}
