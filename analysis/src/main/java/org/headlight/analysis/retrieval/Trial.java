package org.headlight.analysis.retrieval;

import org.headlight.engine.cut.HeadAddress;

import java.util.List;
import java.util.Optional;

/**
 * One finished trial, with everything that scores are made from.
 *
 * @param promptTokens tokens of the prompt
 * @param needleStart position of the needle's first token
 * @param needleEnd position after its last
 * @param needleIds how many different tokens the needle has: the size of the set k of the paper
 * @param response ids of the response
 * @param stop why the response ended: newline, end-of-text, max-tokens or positions
 * @param heads all heads that were looked at
 * @param copies those that copied something
 */
public record Trial(
        String needle,
        int length,
        double depth,
        int promptTokens,
        int needleStart,
        int needleEnd,
        int needleIds,
        List<Integer> response,
        String text,
        String stop,
        double recall,
        List<HeadAddress> heads,
        List<HeadCopies> copies)
        implements Judged {
    public Trial {
        response = List.copyOf(response);
        heads = List.copyOf(heads);
        copies = List.copyOf(copies);
    }

    /** What a head copied; empty when it copied nothing. */
    public Optional<HeadCopies> copiesOf(HeadAddress head) {
        return copies.stream().filter(c -> c.head().equals(head)).findFirst();
    }

    /** |g and k| / |k|, the paper's score: 0 to 1. */
    public double setScore(HeadCopies of) {
        return (double) of.distinct() / needleIds;
    }

    /** Matching steps over tokens of the needle, the score of the paper's code; can be above 1. */
    public double countScore(HeadCopies of) {
        return (double) of.copies().size() / (needleEnd - needleStart);
    }
}
