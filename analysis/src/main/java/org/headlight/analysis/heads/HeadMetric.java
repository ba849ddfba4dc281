package org.headlight.analysis.heads;

import java.util.function.ToDoubleFunction;

/** The numbers of a {@link HeadPortrait} that heads are compared by. NaN where one is undefined. */
public enum HeadMetric {
    ENTROPY(
            "entropy",
            "Mean over rows of \u2212\u03a3 A ln A, in nats.",
            h -> h.statistics().entropy()),
    EVENNESS(
            "evenness",
            "Entropy over that of a row spread evenly: ln of the visible keys.",
            HeadPortrait::evenness),
    SUPPORT(
            "support",
            "Mean over rows of exp(entropy): as many keys, evenly.",
            HeadPortrait::support),
    PARTICIPATION(
            "participation", "Mean over rows of 1 / \u03a3 A\u00b2.", HeadPortrait::participation),
    TOP_SUPPORT(
            "top 0.9",
            "Least number of keys that hold 0.9 of what a row gives: mean over at most 64 rows,"
                    + " evenly spread.",
            HeadPortrait::topSupport),
    SPARSITY(
            "sparsity",
            "Share of the visible cells below 0.001: mean over the same rows.",
            HeadPortrait::sparsity),
    CONFIDENCE(
            "confidence",
            "Mean over rows of the largest attention.",
            h -> h.statistics().confidence()),
    DISTANCE(
            "distance",
            "Mean over rows of \u03a3 A |q \u2212 k|, in tokens.",
            h -> h.statistics().meanDistance()),
    LOCALITY(
            "locality",
            "Mean over rows of the mass within 4 tokens.",
            h -> h.statistics().locality()),
    FIRST(
            "first key",
            "Mean over rows of A[q, 0] (\u03b1\u2080 of arXiv 2410.10781).",
            h -> h.statistics().received0()),
    CURRENT("current", "Mean of A[q, q].", h -> share(h, RowShares::current)),
    PREVIOUS("previous", "Mean of A[q, q \u2212 1].", h -> share(h, RowShares::previous)),
    DUPLICATE(
            "duplicate",
            "Mass on earlier copies of the token, over rows that have one.",
            h -> share(h, RowShares::duplicate)),
    INDUCTION(
            "induction",
            "Mass on what followed an earlier copy, over rows that have one.",
            h -> share(h, RowShares::induction)),
    GINI("Gini", "How unevenly keys receive, 0 even to 1.", HeadPortrait::gini),
    KURTOSIS(
            "kurtosis",
            "Excess kurtosis of what keys receive: large where few keys receive much.",
            HeadPortrait::kurtosis),
    VALUE_FIRST(
            "value on first",
            "Share of attention times length of the value that lies at key 0.",
            HeadPortrait::valueFirst),
    VALUE_SHIFT(
            "value shift",
            "How far value-weighted attention lies from attention, 0 to 1.",
            HeadPortrait::valueShift),
    KEPT("best pattern", "What the best of MInference's patterns keeps.", HeadPortrait::kept);

    private final String label;
    private final String meaning;

    @SuppressWarnings("ImmutableEnumChecker") // the functions have no state
    private final ToDoubleFunction<HeadPortrait> value;

    HeadMetric(String label, String meaning, ToDoubleFunction<HeadPortrait> value) {
        this.label = label;
        this.meaning = meaning;
        this.value = value;
    }

    private static double share(HeadPortrait head, ToDoubleFunction<RowShares> which) {
        return head.shares().map(which::applyAsDouble).orElse(Double.NaN);
    }

    /** One or two words. */
    public String label() {
        return label;
    }

    /** One sentence. */
    public String meaning() {
        return meaning;
    }

    /** The number of a head. */
    public double of(HeadPortrait head) {
        return value.applyAsDouble(head);
    }
}
