package org.headlight.analysis.heads.probe;

import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.token.Token;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A text of random tokens in which a piece comes again: what a head that looks for repeats is found
 * by, since nothing else in the text means anything.
 *
 * <p>A probe with one fixed distance between the pieces cannot tell a head that matches content
 * from one that looks so far back, whatever stands there; hence {@link #varied}.
 */
public final class RepeatedText {
    private final int[] ids;
    private final int[] source;

    private RepeatedText(int[] ids, int[] source) {
        this.ids = ids;
        this.source = source;
    }

    /** A text as TransformerLens's demos make it: random tokens, then the same again. */
    public static RepeatedText twice(int length, Vocabulary vocabulary, long seed) {
        int[] once = vocabulary.draw(length, new Random(seed));
        int[] ids = Arrays.copyOf(once, 2 * length);
        int[] source = new int[2 * length];
        Arrays.fill(source, -1);
        for (int i = 0; i < length; i++) {
            ids[length + i] = once[i];
            source[length + i] = i;
        }
        return new RepeatedText(ids, source);
    }

    /**
     * Pieces that each come again after a gap of random tokens, every gap of another length.
     *
     * @param pieces how many pieces
     * @param length tokens of a piece, 2 at least
     * @param largestGap the longest gap; gaps are drawn from 0 to this
     */
    public static RepeatedText varied(
            int pieces, int length, int largestGap, Vocabulary vocabulary, long seed) {
        Random random = new Random(seed);
        int[] gaps = new int[pieces];
        int total = 0;
        for (int i = 0; i < pieces; i++) {
            // Spread over the range, so that no two distances are alike by chance.
            int low = (int) ((long) i * (largestGap + 1) / pieces);
            int high = (int) ((i + 1L) * (largestGap + 1) / pieces);
            gaps[i] = high > low ? low + random.nextInt(high - low) : low;
            total += 2 * length + gaps[i];
        }
        int[] ids = new int[total];
        int[] source = new int[total];
        Arrays.fill(source, -1);
        // No token comes twice but in a repeat, as long as there are enough.
        int[] fresh = vocabulary.draw(total - pieces * length, random);
        int used = 0;
        int at = 0;
        for (int gap : gaps) {
            System.arraycopy(fresh, used, ids, at, length + gap);
            int again = at + length + gap;
            for (int i = 0; i < length; i++) {
                ids[again + i] = ids[at + i];
                source[again + i] = at + i;
            }
            used += length + gap;
            at = again + length;
        }
        return new RepeatedText(ids, source);
    }

    /**
     * The tokens that may be drawn.
     *
     * @param from first id
     * @param to id after the last
     */
    public record Vocabulary(int from, int to) {
        public Vocabulary {
            if (to - from < 2) {
                throw new BadInputException(
                        "A probe of random tokens needs two tokens at least and there are ids from "
                                + from
                                + " to "
                                + (to - 1)
                                + "; widen the range.");
            }
        }

        /** All but the first few ids, among which special tokens mostly are. */
        public static Vocabulary of(int size) {
            return new Vocabulary(Math.min(size / 10, 1000), size);
        }

        /** Random tokens, none of them twice as long as there are enough. */
        int[] draw(int count, Random random) {
            int[] drawn = new int[count];
            int size = to - from;
            int[] deck = new int[0];
            int left = 0;
            for (int i = 0; i < count; i++) {
                if (left == 0) {
                    deck = new int[size];
                    Arrays.setAll(deck, id -> from + id);
                    left = size;
                }
                int pick = random.nextInt(left);
                drawn[i] = deck[pick];
                deck[pick] = deck[--left];
            }
            return drawn;
        }
    }

    /** The ids of the text. */
    public int[] ids() {
        return ids.clone();
    }

    /** The text as tokens, which show their ids. */
    public List<Token> tokens() {
        List<Token> tokens = new ArrayList<>();
        for (int id : ids) {
            tokens.add(new Token(tokens.size(), id, "#" + id, false));
        }
        return tokens;
    }

    /** How many tokens. */
    public int size() {
        return ids.length;
    }

    /** Where the token of a repeat stood first; -1 for a token that is no repeat. */
    public int source(int position) {
        return source[position];
    }
}
