package org.headlight.app.sparse;

import org.headlight.analysis.sparse.Honesty;
import org.headlight.analysis.sparse.Parameter;
import org.headlight.analysis.sparse.PolicyInfo;
import org.headlight.analysis.sparse.Settings;
import org.headlight.analysis.sparse.Trait;
import org.headlight.analysis.sparse.run.AttentionUse;
import org.headlight.analysis.sparse.run.HeadFidelity;
import org.headlight.analysis.sparse.run.PolicyChoice;
import org.headlight.analysis.sparse.run.SparseResult;
import org.headlight.engine.attend.AttentionCalls;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What has to be said about a sparse run, so that its numbers are not taken for more. */
public final class SparseNotes {
    private SparseNotes() {}

    /** One sentence for each thing to know; empty when the numbers speak for themselves. */
    public static List<String> of(SparseResult result) {
        List<String> notes = new ArrayList<>();
        int tokens = result.tokens().size();
        for (PolicyChoice choice : result.assignment().choices()) {
            List<HeadFidelity> heads =
                    result.heads().stream().filter(h -> h.choice().equals(choice)).toList();
            PolicyInfo info = choice.info();
            if (heads.isEmpty()) {
                notes.add(idle(info, result));
            } else if (heads.stream().allMatch(HeadFidelity::keptAll)) {
                notes.add(
                        info.title()
                                + " keeps everything at this length: what it ran is dense"
                                + " attention.");
            }
            notes.addAll(of(choice, tokens));
            if (!heads.isEmpty()) {
                blind(info, result).ifPresent(notes::add);
            }
        }
        if (result.endToEnd().isEmpty()) {
            notes.add(
                    "The model predicts no next token, so its attention alone is compared: density,"
                            + " recall and output error.");
        } else if (result.prompt() == tokens) {
            notes.add(
                    "The whole text is the prompt: there is no continuation on which a loss could"
                            + " be measured.");
        }
        notes.addAll(places(result.attention()));
        return List.copyOf(notes);
    }

    /** Where attention was computed, if not where the model runs. */
    private static List<String> places(AttentionUse use) {
        List<String> notes = new ArrayList<>();
        if (use.place().fellBack()) {
            notes.add("Attention was computed by the CPU: " + use.place().reason());
        }
        use.refusal().ifPresent(notes::add);
        AttentionCalls calls = use.calls();
        if (!calls.detours().isEmpty()) {
            notes.add(
                    "The CPU computed "
                            + calls.processor()
                            + " of "
                            + (calls.device() + calls.processor())
                            + " calls of attention, which the kernels of "
                            + use.place().device().label()
                            + " leave to it: "
                            + calls.detourWords()
                            + ".");
        }
        return notes;
    }

    /** What of the model's attention a policy does not look at when it chooses. */
    private static Optional<String> blind(PolicyInfo info, SparseResult result) {
        String unseen =
                Arrays.stream(Trait.values())
                        .filter(result.traits()::contains)
                        .filter(info.blind()::contains)
                        .map(Trait::words)
                        .collect(Collectors.joining(" and "));
        return unseen.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        info.title()
                                + " does not look at "
                                + unseen
                                + " when it chooses keys; the attention over them does.");
    }

    /** What has to be said about a policy with its settings on a text of so many tokens. */
    public static List<String> of(PolicyChoice choice, int tokens) {
        List<String> notes = new ArrayList<>();
        PolicyInfo info = choice.info();
        String scaled = scaled(choice, tokens);
        if (!scaled.isEmpty()) {
            notes.add(
                    info.title() + " has a scaled preset, ours, for this length: " + scaled + ".");
        }
        if (info.changesPositions()) {
            notes.add(
                    info.title()
                            + " gives keys other positions than the text does, so recall is not"
                            + " reported: look at the output error, KL and loss.");
        } else if (!info.oneSoftmax()) {
            notes.add(
                    info.title()
                            + " is not one softmax over the keys that it keeps, so recall is not"
                            + " reported: look at the output error, KL and loss.");
        }
        if (info.honesty() == Honesty.SURROGATE) {
            notes.add(
                    info.title()
                            + " is a surrogate: it stands in for a method whose trained parts are"
                            + " missing, and its numbers are not that method's.");
        }
        if (info.honesty() == Honesty.ORACLE) {
            notes.add(
                    info.title()
                            + " is an upper bound: it reads the dense map first, and its time is"
                            + " no speed-up.");
        }
        return notes;
    }

    /**
     * The settings that are smaller or larger than the paper's because of the length, such as
     * {@code columns=25 (paper 1000)}; empty when there are none. What a person set is not ours.
     */
    public static String scaled(PolicyChoice choice, int tokens) {
        Settings preset = choice.policy().preset(tokens);
        Settings paper = Settings.standard(choice.info());
        return choice.info().parameters().stream()
                .map(Parameter::name)
                .filter(p -> preset.real(p) != paper.real(p))
                .filter(p -> preset.real(p) == choice.settings().real(p))
                .map(p -> p + "=" + preset.text(p) + " (paper " + paper.text(p) + ")")
                .collect(Collectors.joining(", "));
    }

    private static String idle(PolicyInfo info, SparseResult result) {
        boolean none = result.prompt() == result.tokens().size();
        return switch (info.phase()) {
            case DECODE ->
                    info.title()
                            + (none && result.endToEnd().isEmpty()
                                    ? " acts on tokens that are decoded one by one, and the whole"
                                            + " text is read at once: nothing ran by it."
                                    : none
                                            ? " acts on decoded tokens, and the whole text is the"
                                                    + " prompt: nothing ran by it; take a shorter"
                                                    + " prompt."
                                            : " ran in no head: later policies have all of them.");
            default -> info.title() + " ran in no head: later policies have all of them.";
        };
    }
}
