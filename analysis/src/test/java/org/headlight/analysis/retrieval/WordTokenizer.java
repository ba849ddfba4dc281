package org.headlight.analysis.retrieval;

import org.headlight.engine.token.Token;
import org.headlight.engine.token.Tokenizer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A word with the space before it, a newline, or a full stop each is a token; id 0 comes first. */
final class WordTokenizer implements Tokenizer {
    private static final Pattern WORD = Pattern.compile("\n|[.:?]| ?[^ \n.:?]+| ");

    private final Map<String, Integer> ids = new HashMap<>();
    private final List<String> texts = new ArrayList<>();

    WordTokenizer() {
        id("<s>");
    }

    /** The id of a token's text, made when it is new. */
    int id(String text) {
        return ids.computeIfAbsent(
                text,
                t -> {
                    texts.add(t);
                    return texts.size() - 1;
                });
    }

    int size() {
        return texts.size();
    }

    @Override
    public String description() {
        return "words";
    }

    @Override
    public List<Token> encode(String text) {
        List<Token> tokens = new ArrayList<>();
        tokens.add(new Token(0, 0, "<s>", true));
        Matcher matcher = WORD.matcher(text);
        while (matcher.find()) {
            String word = matcher.group();
            tokens.add(new Token(tokens.size(), id(word), word, false));
        }
        return tokens;
    }

    @Override
    public List<Token> describe(int[] given) {
        List<Token> tokens = new ArrayList<>();
        for (int id : given) {
            tokens.add(new Token(tokens.size(), id, texts.get(id), id == 0));
        }
        return tokens;
    }

    @Override
    public String decode(int[] given) {
        StringBuilder text = new StringBuilder();
        for (int id : given) {
            text.append(id == 0 ? "" : texts.get(id));
        }
        return text.toString();
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
