package org.headlight.analysis.rhythm;

import org.headlight.engine.problem.BadInputException;
import org.jspecify.annotations.Nullable;

import java.util.Locale;

/**
 * How far ahead of a token the queries lie that count for its influence: {@code s + lo <= t <= s +
 * hi}.
 *
 * @param lo nearest query, in tokens, at least 0
 * @param hi farthest query, in tokens, at least {@code lo}; {@link #END} for the end of the
 *     response
 */
public record Horizon(int lo, int hi) {
    /** No farthest query. */
    public static final int END = Integer.MAX_VALUE;

    /** The horizon of the paper's credit (version 1 of the paper; version 2 has 10 to 100). */
    public static final Horizon CREDIT = new Horizon(10, 50);

    /** The horizon of the paper's analysis: from the token to the end of the response. */
    public static final Horizon ANALYSIS = new Horizon(0, END);

    /**
     * Checks the limits.
     *
     * @throws BadInputException when they are no range
     */
    public Horizon {
        if (lo < 0 || hi < lo) {
            throw new BadInputException(
                    "The horizon is "
                            + lo
                            + ":"
                            + (hi == END ? "end" : Integer.toString(hi))
                            + "; expected two distances in tokens, the nearer one first, such as"
                            + " 10:50 or 0:end.");
        }
    }

    /**
     * A horizon as people write it: {@code 10:50}, or {@code 0:end}.
     *
     * @throws BadInputException when the text is none
     */
    public static Horizon parse(String text) {
        String[] parts = text.strip().toLowerCase(Locale.ROOT).split(":", -1);
        try {
            if (parts.length == 2) {
                String last = parts[1].strip();
                return new Horizon(
                        Integer.parseInt(parts[0].strip()),
                        last.equals("end") ? END : Integer.parseInt(last));
            }
        } catch (NumberFormatException e) {
            throw none(text, e);
        }
        throw none(text, null);
    }

    private static BadInputException none(String text, @Nullable Throwable cause) {
        String message =
                "\""
                        + text
                        + "\" is no horizon; expected two distances in tokens, the nearer one"
                        + " first, such as 10:50 or 0:end.";
        return cause == null
                ? new BadInputException(message)
                : new BadInputException(message, cause);
    }

    /** The first query that counts for a key, given the first of the response. */
    int first(int key, int from) {
        return (int) Math.min(Integer.MAX_VALUE, Math.max(from, (long) key + lo));
    }

    /** One after the last query that counts for a key, given the number of positions. */
    int end(int key, int positions) {
        return (int) Math.min(positions, (long) key + hi + 1);
    }

    /** How many queries count for a key. */
    int count(int key, int from, int positions) {
        return Math.max(0, end(key, positions) - first(key, from));
    }

    @Override
    public String toString() {
        return lo + ":" + (hi == END ? "end" : Integer.toString(hi));
    }
}
