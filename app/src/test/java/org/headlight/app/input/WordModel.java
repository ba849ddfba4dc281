package org.headlight.app.input;

import org.headlight.app.explore.FormulaCapture;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.model.MemoryNeed;
import org.headlight.engine.model.Model;
import org.headlight.engine.model.ModelCheck;
import org.headlight.engine.model.ModelInfo;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.headlight.engine.token.Tokenizer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A model of one layer and two heads whose tokens are words, each with its length as its id. A run
 * takes 3,000 bytes a token, of which 12,000 are free. It can be held in the middle of a run.
 */
public final class WordModel implements Model {
    /** How many tokens fit. */
    public static final int FITS = 4;

    private final String name;
    private final boolean words;
    private final int positions;
    private final List<FormulaCapture> captures = new CopyOnWriteArrayList<>();
    private final Semaphore started = new Semaphore(0);
    private final CountDownLatch letGo = new CountDownLatch(1);
    private final CountDownLatch shut = new CountDownLatch(1);
    private volatile List<String> needs = List.of();
    private volatile boolean held;
    private volatile boolean heedless;
    private volatile boolean running;
    private volatile boolean closed;
    private volatile boolean closedWhileRunning;
    private volatile Optional<Throwable> failure = Optional.empty();

    private WordModel(String name, boolean words, int positions) {
        this.name = name;
        this.words = words;
        this.positions = positions;
    }

    public static WordModel named(String name) {
        return new WordModel(name, true, 0);
    }

    public static WordModel withoutTokenizer(String name) {
        return new WordModel(name, false, 0);
    }

    /** A model for which the memory would do, but which has few positions. */
    static WordModel withPositions(String name, int positions) {
        return new WordModel(name, true, positions);
    }

    /** From now on runs take until they are let go, or cancelled. */
    public WordModel held() {
        held = true;
        return this;
    }

    /** From now on runs take until they are let go, and notice no cancelling. */
    public WordModel heedless() {
        held = true;
        heedless = true;
        return this;
    }

    /** From now on it needs inputs that tokens cannot give. */
    public WordModel needing(String... inputs) {
        needs = List.of(inputs);
        return this;
    }

    WordModel failing(Throwable thrown) {
        failure = Optional.of(thrown);
        return this;
    }

    /** Waits until one more run is on its way. */
    public void awaitStart() throws InterruptedException {
        if (!started.tryAcquire(20, TimeUnit.SECONDS)) {
            throw new AssertionError(name + " was never run");
        }
    }

    /** Waits until it is closed: that is done by whichever lane of work lets go of it last. */
    public void awaitClosed() throws InterruptedException {
        if (!shut.await(20, TimeUnit.SECONDS)) {
            throw new AssertionError(name + " was never closed");
        }
    }

    public void letGo() {
        held = false;
        letGo.countDown();
    }

    /** What was captured, in the order of the runs. */
    public List<FormulaCapture> captures() {
        return captures;
    }

    public boolean closed() {
        return closed;
    }

    public boolean closedWhileRunning() {
        return closedWhileRunning;
    }

    /** The texts of the tokens of the newest run. */
    public List<String> ran() {
        return captures.getLast().tokens().stream().map(Token::text).toList();
    }

    @Override
    public ModelInfo info() {
        return new ModelInfo(
                name,
                Path.of(name, "model.onnx"),
                "0123456789ab",
                List.of(),
                List.of(),
                List.of(),
                false,
                words ? 0 : 100,
                positions,
                "CPU");
    }

    @Override
    public List<String> needs() {
        return needs;
    }

    @Override
    public Optional<Tokenizer> tokenizer() {
        return words ? Optional.of(new Words()) : Optional.empty();
    }

    @Override
    public MemoryNeed need(int tokens) {
        long free = positions > 0 ? 1L << 40 : 3_000L * FITS;
        int largest = positions > 0 ? positions : FITS;
        return new MemoryNeed(
                tokens,
                2_000L * tokens,
                1_000L * tokens,
                free,
                MemoryNeed.Room.unused(),
                MemoryNeed.Room.unused(),
                largest,
                MemoryNeed.Feeding.WHOLE);
    }

    @Override
    public Capture capture(List<Token> tokens, Progress progress) {
        if (closed) {
            throw new IllegalStateException("The model is closed.");
        }
        running = true;
        try {
            progress.at(0.25, "layer 0");
            started.release();
            hold(progress);
            failure.ifPresent(WordModel::throwIt);
            FormulaCapture capture = new FormulaCapture(1, 2, tokens);
            captures.add(capture);
            return capture;
        } finally {
            running = false;
        }
    }

    private void hold(Progress progress) {
        try {
            while (held && !letGo.await(1, TimeUnit.MILLISECONDS)) {
                if (!heedless) {
                    progress.check();
                }
            }
        } catch (InterruptedException e) {
            throw new AssertionError("nobody interrupts work", e);
        }
    }

    private static void throwIt(Throwable thrown) {
        switch (thrown) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new AssertionError(thrown);
        }
    }

    @Override
    public ModelCheck check(int tokens) {
        throw new AssertionError("nobody asked for a check");
    }

    @Override
    public void close() {
        closedWhileRunning |= running;
        closed = true;
        shut.countDown();
    }

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
            return Arrays.stream(ids).mapToObj("x"::repeat).collect(Collectors.joining(" "));
        }

        @Override
        public void close() {}
    }
}
