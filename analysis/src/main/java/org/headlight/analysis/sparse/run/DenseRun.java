package org.headlight.analysis.sparse.run;

import org.headlight.engine.capture.Capture;
import org.headlight.engine.matrix.Matrix;
import org.headlight.engine.token.Token;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A text through the model as it is: what sparse runs over the same text are held against. Closing
 * it closes the capture.
 */
public final class DenseRun implements AutoCloseable {
    private final List<Token> tokens;
    private final Optional<Matrix> logits;
    private final Optional<Capture> capture;
    private final long bytes;
    private final double attend;
    private final double rest;
    private final Map<Integer, DenseSteps> steps = new HashMap<>();

    DenseRun(
            List<Token> tokens,
            Optional<Matrix> logits,
            Optional<Capture> capture,
            long bytes,
            double attend,
            double rest) {
        this.tokens = List.copyOf(tokens);
        this.logits = logits;
        this.capture = capture;
        this.bytes = bytes;
        this.attend = attend;
        this.rest = rest;
    }

    /** The text. */
    public List<Token> tokens() {
        return tokens;
    }

    /** The capture, where a policy needs it. */
    public Optional<Capture> capture() {
        return capture;
    }

    Optional<Matrix> logits() {
        return logits;
    }

    long bytes() {
        return bytes;
    }

    /** Milliseconds of attention. */
    public double attend() {
        return attend;
    }

    /** Milliseconds of everything else. */
    public double rest() {
        return rest;
    }

    /**
     * The same with the continuation query by query; measured once for a prompt.
     *
     * @param prompt tokens before the continuation
     */
    synchronized DenseSteps steps(int prompt, Supplier<DenseSteps> measure) {
        DenseSteps known = steps.get(prompt);
        if (known == null) {
            known = measure.get();
            steps.put(prompt, known);
        }
        return known;
    }

    @Override
    public void close() {
        capture.ifPresent(Capture::close);
    }
}
