package org.headlight.analysis.sparse;

import java.util.List;
import java.util.Set;

/**
 * What a policy is.
 *
 * @param name of the command line, such as "xattention"
 * @param title for people, such as "XAttention"
 * @param paper where it comes from, such as "Xu et al. 2025, arXiv 2503.16428"
 * @param phase when it acts
 * @param unit what it keeps or skips as one piece
 * @param honesty what may be claimed for it
 * @param claim one sentence: what it keeps, and what may be claimed on an untrained model
 * @param changesPositions whether keys or queries get other positions than the text gives them, so
 *     that recall against the model's own map means nothing
 * @param oneSoftmax whether the output is one softmax over the kept keys: then recall is known
 * @param blind what of a model's attention its choice of keys does not look at; the attention over
 *     what it chose always does
 * @param parameters its settings, in the order of a form
 */
public record PolicyInfo(
        String name,
        String title,
        String paper,
        Phase phase,
        Unit unit,
        Honesty honesty,
        String claim,
        boolean changesPositions,
        boolean oneSoftmax,
        Set<Trait> blind,
        List<Parameter> parameters) {

    public PolicyInfo {
        blind = Set.copyOf(blind);
        parameters = List.copyOf(parameters);
    }

    /** A method that needs no training and gives one softmax over keys at their own positions. */
    public static PolicyInfo full(
            String name,
            String title,
            String paper,
            Phase phase,
            Unit unit,
            String claim,
            Parameter... parameters) {
        return new PolicyInfo(
                name,
                title,
                paper,
                phase,
                unit,
                Honesty.FULL,
                claim,
                false,
                true,
                Set.of(),
                List.of(parameters));
    }

    /** The same, but an upper bound that reads the dense map first. */
    public PolicyInfo asOracle() {
        return with(Honesty.ORACLE, changesPositions, oneSoftmax, blind);
    }

    /** The same, but standing in for a method whose trained parts are missing. */
    public PolicyInfo asSurrogate() {
        return with(Honesty.SURROGATE, changesPositions, oneSoftmax, blind);
    }

    /** The same, but with other positions. */
    public PolicyInfo withOtherPositions() {
        return with(honesty, true, oneSoftmax, blind);
    }

    /** The same, but its output is not one softmax over the kept keys. */
    public PolicyInfo notOneSoftmax() {
        return with(honesty, changesPositions, false, blind);
    }

    /** The same, but its choice of keys does not look at some of what models do to scores. */
    public PolicyInfo blindTo(Trait... traits) {
        return with(honesty, changesPositions, oneSoftmax, Set.of(traits));
    }

    private PolicyInfo with(
            Honesty honest, boolean otherPositions, boolean one, Set<Trait> unseen) {
        return new PolicyInfo(
                name,
                title,
                paper,
                phase,
                unit,
                honest,
                claim,
                otherPositions,
                one,
                unseen,
                parameters);
    }

    /** Whether the kept keys' share of the dense map is the quality of the method. */
    public boolean recallCounts() {
        return oneSoftmax && !changesPositions;
    }
}
