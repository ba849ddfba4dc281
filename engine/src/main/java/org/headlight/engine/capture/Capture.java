package org.headlight.engine.capture;

import org.headlight.engine.token.Token;

import java.util.List;

/**
 * One input's attention through one model: everything that the maps are made from. Memory grows
 * with N, never with N squared, unless the source is a dump of probabilities or the model adds
 * biases that are no rule, which are kept as numbers on the Java heap. Using it after {@link
 * #close()} throws {@link IllegalStateException}.
 */
public interface Capture extends AutoCloseable {

    CaptureInfo info();

    /** The tokens of the input that was run (queries of the self-attention sites). */
    List<Token> tokens();

    /**
     * Position of the first token that the model wrote itself; the number of tokens where all of
     * them are input.
     */
    default int responseFrom() {
        return tokens().size();
    }

    /** The sites, by layer; self before cross within a layer. Never empty. */
    List<SiteCapture> sites();

    /** Bytes held for this capture outside the Java heap, or mapped from a file. */
    long bytes();

    @Override
    void close();
}
