package org.headlight.analysis.rhythm;

import org.headlight.engine.token.Token;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The sentences of a response as ranges of tokens. One ends after a token that ends in a full stop,
 * a question mark or an exclamation mark (closing quotes and brackets may follow) when the next
 * token begins with white space, and after newlines. Immutable.
 */
public final class Sentences {
    private static final String STOPS = ".!?\u2026\u3002\uFF01\uFF1F";
    private static final String CLOSERS = "\"'\u201D\u2019)]}\u00BB";

    private final int[] starts;

    private Sentences(List<Integer> starts, int end) {
        this.starts = new int[starts.size() + 1];
        for (int i = 0; i < starts.size(); i++) {
            this.starts[i] = starts.get(i);
        }
        this.starts[starts.size()] = end;
    }

    /** The sentences of the tokens from {@code from} on; none where there are no tokens. */
    public static Sentences of(List<Token> tokens, int from) {
        List<Integer> starts = new ArrayList<>();
        boolean next = true;
        boolean stopped = false;
        for (int i = from; i < tokens.size(); i++) {
            if (next) {
                starts.add(i);
                stopped = false;
            }
            String text = tokens.get(i).text();
            stopped = stops(text, stopped);
            next = i + 1 < tokens.size() && endsBetween(text, stopped, tokens.get(i + 1));
        }
        return new Sentences(starts, tokens.size());
    }

    /** Sentences that begin at the given positions; the last one ends before {@code end}. */
    public static Sentences starting(List<Integer> starts, int end) {
        return new Sentences(List.copyOf(starts), end);
    }

    /** Whether the text so far ends in a stop, closing quotes aside. */
    private static boolean stops(String text, boolean before) {
        String stripped = text.stripTrailing();
        int end = stripped.length();
        while (end > 0 && CLOSERS.indexOf(stripped.charAt(end - 1)) >= 0) {
            end--;
        }
        return end == 0 ? before : STOPS.indexOf(stripped.charAt(end - 1)) >= 0;
    }

    private static boolean endsBetween(String text, boolean stopped, Token next) {
        String after = next.text();
        if (text.indexOf('\n') >= 0) {
            return after.indexOf('\n') < 0;
        }
        boolean space =
                !text.stripTrailing().equals(text)
                        || next.special()
                        || (!after.isEmpty() && Character.isWhitespace(after.charAt(0)));
        return stopped && space && after.indexOf('\n') < 0;
    }

    /** How many there are. */
    public int count() {
        return starts.length - 1;
    }

    /** Position of the first token of a sentence; of the end for {@link #count()}. */
    public int start(int sentence) {
        return starts[sentence];
    }

    /** One after the last token of a sentence. */
    public int end(int sentence) {
        return starts[sentence + 1];
    }

    /** Number of tokens of a sentence. */
    public int length(int sentence) {
        return end(sentence) - start(sentence);
    }

    /** The sentence of a position; -1 before the first one and after the last. */
    public int at(int position) {
        if (count() == 0 || position < starts[0] || position >= starts[count()]) {
            return -1;
        }
        int found = Arrays.binarySearch(starts, position);
        return found >= 0 ? found : -found - 2;
    }
}
