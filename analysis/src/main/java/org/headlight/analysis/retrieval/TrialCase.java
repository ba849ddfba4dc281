package org.headlight.analysis.retrieval;

import java.util.Locale;

/**
 * Which trial: a needle at a place in a context of a length.
 *
 * @param length tokens of the whole prompt, question included; 0 for the needle without haystack
 * @param depth where the needle is, in percent of the haystack: 0 at its start, 100 at its end
 */
public record TrialCase(Needle needle, int length, double depth) {

    /** Such as "castle, 512 tokens, depth 50 %". */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "%s, %,d tokens, depth %.0f %%", needle.name(), length, depth);
    }
}
