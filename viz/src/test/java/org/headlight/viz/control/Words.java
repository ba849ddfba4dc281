package org.headlight.viz.control;

import org.headlight.engine.token.Token;

import java.util.ArrayList;
import java.util.List;

/** Tokens to try controls with. */
public final class Words {
    private static final List<String> TEXT =
            List.of(
                    "<s>",
                    "The",
                    " secret",
                    " number",
                    " of",
                    " the",
                    " gray",
                    " castle",
                    " is",
                    " 4",
                    "7",
                    ".",
                    "\n",
                    " Paris",
                    " internationalisation",
                    " \u6771\u4eac");

    private Words() {}

    /** The given number of tokens; the first one is special. */
    public static List<Token> tokens(int count) {
        List<Token> tokens = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String text = i == 0 ? TEXT.getFirst() : TEXT.get(1 + (i - 1) % (TEXT.size() - 1));
            tokens.add(new Token(i, i, text, i == 0));
        }
        return List.copyOf(tokens);
    }
}
