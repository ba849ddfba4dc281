package org.headlight.app.sparse;

import org.headlight.analysis.sparse.run.SparseOptions;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.token.Token;

import java.util.List;

/** Finds a piece of text among tokens. */
final class NeedleFinder {
    private NeedleFinder() {}

    /**
     * The tokens that a piece of text touches, where it first occurs.
     *
     * @throws BadInputException when it does not occur
     */
    static SparseOptions.Needle find(List<Token> tokens, String text) {
        String wanted = text.strip();
        StringBuilder all = new StringBuilder();
        int[] ends = new int[tokens.size()];
        for (int i = 0; i < ends.length; i++) {
            all.append(tokens.get(i).text());
            ends[i] = all.length();
        }
        int start = all.indexOf(wanted);
        if (start < 0) {
            throw new BadInputException(
                    "The needle \""
                            + wanted
                            + "\" does not occur in the text; copy it from there.");
        }
        int from = 0;
        while (ends[from] <= start) {
            from++;
        }
        int to = from;
        while (ends[to] < start + wanted.length()) {
            to++;
        }
        return new SparseOptions.Needle(from, to + 1);
    }
}
