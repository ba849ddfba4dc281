package org.headlight.app.generate;

import org.headlight.app.explore.FormulaCapture;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.generate.Candidate;
import org.headlight.engine.generate.GeneratedToken;
import org.headlight.engine.generate.Generation;
import org.headlight.engine.generate.GenerationListener;
import org.headlight.engine.generate.GenerationOptions;
import org.headlight.engine.generate.StopReason;
import org.headlight.engine.model.MemoryNeed;
import org.headlight.engine.model.Model;
import org.headlight.engine.model.ModelCheck;
import org.headlight.engine.model.ModelInfo;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.headlight.engine.token.Tokenizer;
import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A model of words, each with its length as its id, that writes the words w1, w2 and so on by their
 * positions. It can stand still after so many words until it is cancelled.
 */
final class CountingModel implements Model {
    private final List<FormulaCapture> written = new CopyOnWriteArrayList<>();
    private volatile int heldAfter = Integer.MAX_VALUE;
    private volatile String refusal = "";
    private volatile @Nullable String problem;
    private volatile @Nullable RuntimeException failure;
    private volatile @Nullable GenerationOptions asked;

    CountingModel heldAfter(int words) {
        heldAfter = words;
        return this;
    }

    CountingModel refusing(String why) {
        refusal = why;
        return this;
    }

    CountingModel failing(RuntimeException thrown) {
        failure = thrown;
        return this;
    }

    /** Says that it could not go on after as many tokens as were asked for. */
    CountingModel brokenOff(String why) {
        problem = why;
        return this;
    }

    /** The options of the newest response. */
    GenerationOptions asked() {
        return Objects.requireNonNull(asked);
    }

    /** The captures of all responses. */
    List<FormulaCapture> written() {
        return written;
    }

    @Override
    public ModelInfo info() {
        return new ModelInfo(
                "counting",
                Path.of("counting", "model.onnx"),
                "0123456789ab",
                List.of(),
                List.of(),
                List.of(),
                true,
                0,
                0,
                "CPU");
    }

    @Override
    public Optional<Tokenizer> tokenizer() {
        return Optional.of(new Words());
    }

    @Override
    public MemoryNeed need(int tokens) {
        return new MemoryNeed(
                tokens,
                1,
                1,
                1L << 40,
                MemoryNeed.Room.unused(),
                MemoryNeed.Room.unused(),
                1 << 20,
                MemoryNeed.Feeding.CHUNKS);
    }

    @Override
    public Capture capture(List<Token> tokens, Progress progress) {
        return new FormulaCapture(1, 1, tokens);
    }

    @Override
    public Optional<String> cannotGenerate() {
        return refusal.isEmpty() ? Optional.empty() : Optional.of(refusal);
    }

    @Override
    public Generation generate(
            List<Token> prompt,
            GenerationOptions options,
            GenerationListener listener,
            Progress progress) {
        asked = options;
        RuntimeException thrown = failure;
        if (thrown != null) {
            throw thrown;
        }
        List<Token> all = new ArrayList<>(prompt);
        List<GeneratedToken> response = new ArrayList<>();
        boolean cancelled = false;
        while (response.size() < options.maxTokens() && !cancelled) {
            Token token = new Token(all.size(), all.size(), "w" + all.size(), false);
            Candidate other =
                    new Candidate(new Token(all.size(), 9, "other", false), Math.log(0.25));
            GeneratedToken generated =
                    new GeneratedToken(
                            token,
                            " " + token.text(),
                            Math.log(0.5),
                            List.of(new Candidate(token, Math.log(0.5)), other));
            all.add(token);
            response.add(generated);
            listener.token(generated);
            cancelled = response.size() == heldAfter && waitFor(progress);
        }
        FormulaCapture capture = new FormulaCapture(1, 1, all, prompt.size());
        written.add(capture);
        return new Generation(
                capture,
                prompt.size(),
                response,
                stop(cancelled),
                0,
                1,
                Optional.ofNullable(problem));
    }

    private StopReason stop(boolean cancelled) {
        StopReason whole = problem == null ? StopReason.MAX_TOKENS : StopReason.FAILED;
        return cancelled ? StopReason.CANCELLED : whole;
    }

    private static boolean waitFor(Progress progress) {
        CountDownLatch never = new CountDownLatch(1);
        try {
            while (!progress.cancelled()) {
                boolean opened = never.await(1, TimeUnit.MILLISECONDS);
                if (opened) {
                    throw new AssertionError("nobody opens it");
                }
            }
            return true;
        } catch (InterruptedException e) {
            throw new AssertionError("nobody interrupts work", e);
        }
    }

    @Override
    public ModelCheck check(int tokens) {
        throw new AssertionError("nobody asked for a check");
    }

    @Override
    public void close() {}

    /** Words as tokens. */
    private static final class Words implements Tokenizer {
        @Override
        public String description() {
            return "words";
        }

        @Override
        public List<Token> encode(String text) {
            List<Token> tokens = new ArrayList<>();
            for (String word : text.strip().split("\\s+", -1)) {
                tokens.add(new Token(tokens.size(), word.length(), word, false));
            }
            return tokens;
        }

        @Override
        public List<Token> describe(int[] ids) {
            throw new AssertionError("nobody asked for ids");
        }

        @Override
        public String decode(int[] ids) {
            throw new AssertionError("nobody asked for text");
        }

        @Override
        public void close() {}
    }
}
