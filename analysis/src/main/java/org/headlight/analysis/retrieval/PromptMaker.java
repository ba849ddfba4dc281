package org.headlight.analysis.retrieval;

import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.token.Token;
import org.headlight.engine.token.Tokenizer;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Hides needles in a haystack. The haystack is repeated until it is long enough and cut to the
 * length that is wanted; the needle goes to its depth, moved back to the end of the sentence before
 * it, as in the paper's code. Where the needle lies among the tokens is exact: what the tokens of
 * the whole prompt have in common with those of the text before it and after it is no needle. (The
 * paper's code looks for a window of nine tenths the same tokens.)
 */
final class PromptMaker {
    private static final char BROKEN = '\uFFFD';

    private final Tokenizer tokenizer;
    private final Haystack haystack;
    private int[] hay = new int[0];

    PromptMaker(Tokenizer tokenizer, Haystack haystack) {
        this.tokenizer = tokenizer;
        this.haystack = haystack;
    }

    /**
     * Makes the prompt of a trial: as many tokens as wanted, or the fewest less at which the text
     * can be cut.
     *
     * @throws BadInputException when the needle and its question alone are longer
     */
    NeedlePrompt make(TrialCase wanted) {
        Frame frame = Frame.of(wanted.needle());
        Text alone = frame.text("", 0);
        int fixed = tokenizer.encode(alone.whole()).size();
        if (wanted.length() == 0) {
            return prompt(alone);
        }
        if (fixed > wanted.length()) {
            throw new BadInputException(
                    String.format(
                            Locale.ROOT,
                            "The needle \"%s\" with its question has %,d tokens, more than the"
                                    + " length of %,d; choose lengths of at least %,d, or a shorter"
                                    + " needle.",
                            wanted.needle().name(),
                            fixed,
                            wanted.length(),
                            fixed));
        }
        for (int room = wanted.length() - fixed; ; ) {
            Text text = text(frame, room, wanted.depth());
            int size = tokenizer.encode(text.whole()).size();
            if (size <= wanted.length() || room == 0) {
                return prompt(text);
            }
            room = Math.max(0, room - (size - wanted.length()));
        }
    }

    private Text text(Frame frame, int room, double depth) {
        String context = decoded(room);
        if (depth >= 100) {
            return frame.text(context, context.length());
        }
        String before = decoded((int) (room * depth / 100));
        return frame.text(
                context, sentenceEnd(context, Math.min(before.length(), context.length())));
    }

    /** The first tokens of the haystack, as text. */
    private String decoded(int count) {
        for (int copies = 1; hay.length < count; copies *= 2) {
            grow(copies);
        }
        String text = tokenizer.decode(Arrays.copyOf(hay, count));
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == BROKEN) {
            end--;
        }
        return text.substring(0, end);
    }

    private void grow(int copies) {
        String text = String.join("\n", Collections.nCopies(copies, haystack.text()));
        int[] ids =
                tokenizer.encode(text).stream()
                        .filter(token -> !token.special())
                        .mapToInt(Token::id)
                        .toArray();
        if (ids.length == 0) {
            throw new BadInputException(
                    "The haystack "
                            + haystack.name()
                            + " gives no tokens with this model; give some pages of prose.");
        }
        hay = ids;
    }

    /** The end of the last sentence, or line, that ends at or before a place; 0 when none does. */
    static int sentenceEnd(String text, int from) {
        for (int at = from; at > 0; at--) {
            char last = text.charAt(at - 1);
            boolean stop = last == '.' || last == '!' || last == '?';
            boolean ends = at == text.length() || Character.isWhitespace(text.charAt(at));
            if (last == '\n' || (stop && ends)) {
                return at;
            }
        }
        return 0;
    }

    private NeedlePrompt prompt(Text text) {
        List<Token> tokens = tokenizer.encode(text.whole());
        List<Token> before = tokenizer.encode(text.before());
        List<Token> after = tokenizer.encode(text.after());
        int start = 0;
        while (start < before.size()
                && start < tokens.size()
                && before.get(start).id() == tokens.get(start).id()) {
            start++;
        }
        int end = tokens.size();
        int left = after.size();
        while (left > 0
                && end > start + 1
                && after.get(left - 1).id() == tokens.get(end - 1).id()) {
            left--;
            end--;
        }
        return new NeedlePrompt(tokens, start, end);
    }

    /**
     * A prompt in three parts.
     *
     * @param before what comes before the needle
     * @param needle the needle, with the space before it
     * @param after what comes after it
     */
    private record Text(String before, String needle, String after) {
        String whole() {
            return before + needle + after;
        }
    }

    /**
     * What stands around the haystack.
     *
     * @param head what the prompt has before it
     * @param needle what is hidden
     * @param tail what the prompt has after it, question included
     */
    private record Frame(String head, String needle, String tail) {
        static Frame of(Needle needle) {
            String prompt = needle.prompt();
            int at = prompt.indexOf(Needle.CONTEXT);
            String rest = prompt.substring(at + Needle.CONTEXT.length());
            return new Frame(
                    prompt.substring(0, at),
                    needle.text(),
                    rest.replace(Needle.QUESTION, needle.question()));
        }

        Text text(String context, int at) {
            String left = context.substring(0, at).stripTrailing();
            String right = context.substring(at).strip();
            boolean line = !left.isEmpty() && context.substring(left.length(), at).contains("\n");
            String gap = left.isEmpty() ? "" : line ? "\n" : " ";
            return new Text(head + left, gap + needle, (right.isEmpty() ? "" : " " + right) + tail);
        }
    }
}
