package org.headlight.engine.token;

import java.util.List;

/** Turns text into the tokens of one model. Truncation and padding are always off. */
public interface Tokenizer extends AutoCloseable {

    /** What it is and where it came from, for people, such as "tokenizer.json, 1,024 tokens". */
    String description();

    /** The tokens of a text, special tokens included as the model wants them. */
    List<Token> encode(String text);

    /**
     * The tokens with the given ids.
     *
     * @throws org.headlight.engine.problem.BadInputException when an id is outside the vocabulary
     */
    List<Token> describe(int[] ids);

    /**
     * The text that ids stand for together, without special tokens; bytes that are no text become
     * U+FFFD, and ids that are none are left out.
     */
    String decode(int[] ids);

    @Override
    void close();
}
