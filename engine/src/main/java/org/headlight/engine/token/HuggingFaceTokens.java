package org.headlight.engine.token;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;

import org.headlight.engine.problem.BadInputException;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The tokenizer of a Hugging Face model, read from its tokenizer.json. */
public final class HuggingFaceTokens implements Tokenizer {
    private final HuggingFaceTokenizer tokenizer;
    private final Vocabulary vocabulary;
    private final Path file;
    private final TokenIds ids;
    private boolean closed;

    private HuggingFaceTokens(HuggingFaceTokenizer tokenizer, Vocabulary vocabulary, Path file) {
        this.tokenizer = tokenizer;
        this.vocabulary = vocabulary;
        this.file = file;
        this.ids = new TokenIds(String.valueOf(file.getFileName()), vocabulary.size());
    }

    /**
     * Reads a tokenizer.json.
     *
     * @throws BadInputException when it is unreadable or no tokenizer
     */
    public static HuggingFaceTokens open(Path file) {
        Vocabulary vocabulary = Vocabulary.read(file);
        try {
            // Both come from the file otherwise, and a text would be cut at 128 tokens unasked.
            HuggingFaceTokenizer tokenizer =
                    HuggingFaceTokenizer.newInstance(
                            file, Map.of("truncation", "false", "padding", "false"));
            return new HuggingFaceTokens(tokenizer, vocabulary, file);
        } catch (IOException e) {
            throw new BadInputException(file + " cannot be read: " + e.getMessage() + ".", e);
        } catch (RuntimeException e) {
            // The native library throws plain RuntimeExceptions; a bug of ours has its own class.
            if (e.getClass() != RuntimeException.class && !(e instanceof EngineException)) {
                throw e;
            }
            throw new BadInputException(
                    file
                            + " is a tokenizer that cannot be used ("
                            + firstLine(e)
                            + "); copy it again, or remove it and give token ids.",
                    e);
        }
    }

    private static String firstLine(RuntimeException e) {
        String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        if (message.contains("ModelUntagged")) {
            return "its model is incomplete or of an unknown kind";
        }
        return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
    }

    /** One more than the largest id. */
    public int vocabulary() {
        return vocabulary.size();
    }

    @Override
    public String description() {
        return String.format(Locale.ROOT, "%s, %,d tokens", file.getFileName(), vocabulary.size());
    }

    @Override
    public synchronized List<Token> encode(String text) {
        if (closed) {
            throw new IllegalStateException("The tokenizer is closed.");
        }
        String clean = wellFormed(text);
        Encoding encoding = tokenizer.encode(clean);
        long[] found = encoding.getIds();
        long[] specials = encoding.getSpecialTokenMask();
        @Nullable CharSpan[] spans = encoding.getCharTokenSpans();
        int[] chars = charsOfCodePoints(clean);
        List<Token> tokens = new ArrayList<>(found.length);
        for (int i = 0; i < found.length; i++) {
            int id = Math.toIntExact(found[i]);
            boolean special = specials[i] != 0 || vocabulary.special(id);
            tokens.add(new Token(i, id, text(id, special, i, spans, clean, chars), special));
        }
        return List.copyOf(tokens);
    }

    /** Spans count code points: 0 to length, as indices of chars. */
    private static int[] charsOfCodePoints(String text) {
        int[] at = new int[text.codePointCount(0, text.length()) + 1];
        for (int i = 1; i < at.length; i++) {
            at[i] = text.offsetByCodePoints(at[i - 1], 1);
        }
        return at;
    }

    private String text(
            int id, boolean special, int i, @Nullable CharSpan[] spans, String text, int[] chars) {
        CharSpan span = spans[i];
        if (special
                || span == null
                || span.getEnd() <= span.getStart()
                || vocabulary.exact()
                || vocabulary.byteFallback(id)) {
            return vocabulary.text(id);
        }
        return text.substring(chars[span.getStart()], chars[span.getEnd()]);
    }

    /** Half a surrogate pair cannot cross to the native side. */
    private static String wellFormed(String text) {
        StringBuilder clean = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair =
                    Character.isHighSurrogate(c)
                            && i + 1 < text.length()
                            && Character.isLowSurrogate(text.charAt(i + 1));
            if (pair) {
                i++;
            } else if (Character.isSurrogate(c)) {
                clean = clean == null ? new StringBuilder(text) : clean;
                clean.setCharAt(i, '\uFFFD');
            }
        }
        return clean == null ? text : clean.toString();
    }

    @Override
    public List<Token> describe(int[] given) {
        List<Token> tokens = new ArrayList<>(given.length);
        for (int i = 0; i < given.length; i++) {
            ids.check(i, given[i]);
            tokens.add(
                    new Token(
                            i, given[i], vocabulary.text(given[i]), vocabulary.special(given[i])));
        }
        return List.copyOf(tokens);
    }

    @Override
    public synchronized String decode(int[] given) {
        if (closed) {
            throw new IllegalStateException("The tokenizer is closed.");
        }
        long[] known =
                Arrays.stream(given)
                        .filter(id -> id >= 0 && id < vocabulary.size())
                        .asLongStream()
                        .toArray();
        return known.length == 0 ? "" : tokenizer.decode(known, true);
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            tokenizer.close();
        }
    }
}
