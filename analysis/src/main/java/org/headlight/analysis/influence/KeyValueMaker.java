package org.headlight.analysis.influence;

import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.token.Token;
import org.headlight.engine.token.Tokenizer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Makes samples of the key-value task. Each part is turned into tokens by itself, so that a value
 * has the same tokens in the JSON and in an answer, and its place is known exactly. The same seed
 * gives the same samples.
 */
public final class KeyValueMaker {
    private static final String ALPHABET =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final String INSTRUCTION =
            "Extract the value of the given key from the JSON object below. Output only that value"
                    + " and nothing else.\n";

    private final Tokenizer tokenizer;
    private final KeyValueTask task;
    private final Random random;
    private final List<List<Token>> values = new ArrayList<>();
    private final List<Token> opening = new ArrayList<>();
    private final List<Token> comma;
    private final List<Token> closing;
    private final List<Token> newline;
    private int nextValue;

    /**
     * A maker.
     *
     * @param sentences what values are taken from; those of more tokens than the task allows are
     *     left out
     * @throws BadInputException when no sentence is short enough
     */
    public KeyValueMaker(Tokenizer tokenizer, KeyValueTask task, List<String> sentences) {
        this.tokenizer = tokenizer;
        this.task = task;
        this.random = new Random(task.seed());
        for (String sentence : sentences) {
            List<Token> tokens = plain(sentence);
            if (!tokens.isEmpty() && tokens.size() <= task.valueTokens()) {
                values.add(tokens);
            }
        }
        if (values.isEmpty()) {
            throw new BadInputException(
                    "None of "
                            + sentences.size()
                            + " sentences has at most "
                            + task.valueTokens()
                            + " tokens; the values of the key-value task need at least one.");
        }
        nextValue = values.size();
        // What the tokenizer puts before every text comes first.
        for (Token token : tokenizer.encode(INSTRUCTION)) {
            if (!token.special()) {
                break;
            }
            opening.add(token);
        }
        opening.addAll(plain(INSTRUCTION + "{"));
        comma = plain(", ");
        closing = plain("}\n");
        newline = plain("\n");
    }

    /**
     * The next sample: as many pairs as fit.
     *
     * @throws BadInputException when not even those that are asked for fit
     */
    public KeyValueSample next() {
        Pair asked = pair();
        List<Pair> solved = new ArrayList<>();
        for (int i = 0; i < task.examples(); i++) {
            solved.add(other(asked));
        }
        int size = opening.size() + closing.size() + size(asked) + asked.questionSize();
        for (Pair pair : solved) {
            size += size(pair) + pair.questionSize() + newline.size();
        }
        if (size > task.context()) {
            throw new BadInputException(
                    "A sample of the key-value task with "
                            + (solved.size() + 1)
                            + " keys takes "
                            + size
                            + " tokens, and the context has "
                            + task.context()
                            + "; take shorter keys, fewer examples or a longer context.");
        }
        List<Pair> pairs = new ArrayList<>(solved);
        pairs.add(asked);
        Pair more = other(asked);
        while (size + size(more) <= task.context()) {
            pairs.add(more);
            size += size(more);
            more = other(asked);
        }
        Collections.shuffle(pairs, random);
        return assembled(pairs, solved, asked);
    }

    private int size(Pair pair) {
        return comma.size() + pair.key.size() + pair.value.size() + pair.end.size();
    }

    private KeyValueSample assembled(List<Pair> pairs, List<Pair> solved, Pair asked) {
        List<Token> all = new ArrayList<>(opening);
        int valueFrom = 0;
        boolean first = true;
        for (Pair pair : pairs) {
            all.addAll(first ? List.of() : comma);
            first = false;
            all.addAll(pair.key);
            if (pair.equals(asked)) {
                valueFrom = all.size();
            }
            all.addAll(pair.value);
            all.addAll(pair.end);
        }
        all.addAll(closing);
        for (Pair pair : solved) {
            all.addAll(pair.question);
            all.addAll(pair.value);
            all.addAll(newline);
        }
        all.addAll(asked.question);
        int answerFrom = all.size();
        all.addAll(asked.value);
        List<Token> placed = new ArrayList<>(all.size());
        for (Token token : all) {
            placed.add(new Token(placed.size(), token.id(), token.text(), token.special()));
        }
        return new KeyValueSample(List.copyOf(placed), answerFrom, valueFrom, pairs.size());
    }

    /** The tokens of a text, without those that the tokenizer puts around it. */
    private List<Token> plain(String text) {
        return tokenizer.encode(text).stream().filter(token -> !token.special()).toList();
    }

    /** A pair whose value is another one, if there is another one: an answer has one place. */
    private Pair other(Pair asked) {
        Pair pair = pair();
        while (values.size() > 1 && pair.value.equals(asked.value)) {
            pair = pair();
        }
        return pair;
    }

    private Pair pair() {
        StringBuilder key = new StringBuilder();
        for (int i = 0; i < task.keyLength(); i++) {
            key.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        if (nextValue == values.size()) {
            Collections.shuffle(values, random);
            nextValue = 0;
        }
        return new Pair(
                plain("\"" + key + "\": \""),
                values.get(nextValue++),
                plain("\""),
                plain("Question: What is the value of the key \"" + key + "\"?\nAnswer: "));
    }

    /** A key with its value, and how it is asked for. */
    private record Pair(List<Token> key, List<Token> value, List<Token> end, List<Token> question) {
        int questionSize() {
            return question.size() + value.size();
        }
    }
}
