package org.headlight.analysis.retrieval;

import java.util.List;

/**
 * One trial with heads masked.
 *
 * @param response ids of the response
 * @param passes how many runs over the whole text it took
 */
public record MaskedTrial(
        String needle,
        int length,
        double depth,
        List<Integer> response,
        String text,
        double recall,
        int passes)
        implements Judged {
    public MaskedTrial {
        response = List.copyOf(response);
    }
}
