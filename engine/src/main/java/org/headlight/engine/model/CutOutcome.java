package org.headlight.engine.model;

import org.headlight.engine.capture.Capture;
import org.headlight.engine.matrix.Matrix;

import java.util.Optional;

/**
 * What a run of a cut model gave.
 *
 * @param logits the model's logits, or its first output where none is called so, one row a token:
 *     [N, vocabulary], or the states of an encoder [N, width]; empty when they were not asked for
 * @param capture the attention of every site of the cut; empty when it was not asked for; to be
 *     closed by whoever asked
 * @param seconds how long it took
 */
public record CutOutcome(Optional<Matrix> logits, Optional<Capture> capture, double seconds) {

    /** What a run is asked for. */
    public enum Wanted {
        LOGITS(true, false),
        CAPTURE(false, true),
        BOTH(true, true);

        private final boolean logits;
        private final boolean capture;

        Wanted(boolean logits, boolean capture) {
            this.logits = logits;
            this.capture = capture;
        }

        boolean logits() {
            return logits;
        }

        boolean capture() {
            return capture;
        }
    }
}
