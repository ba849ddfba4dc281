package org.headlight.engine.generate;

import org.headlight.engine.token.Token;
import org.headlight.engine.token.Tokenizer;

import java.util.Arrays;
import java.util.List;

/**
 * Turns tokens into text one by one. A token can end inside a character, whose first bytes decode
 * to U+FFFD for now (some decoders give one for every byte of a row of bytes): these are kept back
 * until it is known what they become. The last tokens of what was before are decoded too, because a
 * decoder may treat the first token of a text in its own way (a leading space, a continued word).
 */
final class TextStream {
    private static final int CONTEXT = 8;
    private static final int LONGEST = 64;
    private static final char UNFINISHED = '\uFFFD';

    private final Tokenizer tokenizer;
    private int[] window;
    private int said;

    /**
     * @param prompt what comes before
     */
    TextStream(Tokenizer tokenizer, List<Token> prompt) {
        this.tokenizer = tokenizer;
        this.window =
                prompt.stream()
                        .skip(Math.max(0, prompt.size() - CONTEXT))
                        .mapToInt(Token::id)
                        .toArray();
        this.said = tokenizer.decode(window).length();
    }

    /** The whole characters that a token adds. */
    String add(int id) {
        window = Arrays.copyOf(window, window.length + 1);
        window[window.length - 1] = id;
        String all = tokenizer.decode(window);
        int end = all.length();
        while (end > 0 && all.charAt(end - 1) == UNFINISHED && window.length <= 2 * LONGEST) {
            end--;
        }
        String piece = piece(all, end);
        if (end == all.length() && window.length > LONGEST) {
            window = Arrays.copyOfRange(window, window.length - CONTEXT, window.length);
            said = tokenizer.decode(window).length();
        }
        return piece;
    }

    /** What is left at the end: U+FFFD where a character was never completed. */
    String end() {
        String all = tokenizer.decode(window);
        return piece(all, all.length());
    }

    private String piece(String all, int end) {
        if (end <= said) {
            return "";
        }
        String piece = all.substring(said, end);
        said = end;
        return piece;
    }
}
