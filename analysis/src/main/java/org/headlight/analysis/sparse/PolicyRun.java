package org.headlight.analysis.sparse;

import org.headlight.engine.capture.Capture;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.token.Token;

import java.util.List;
import java.util.Optional;

/**
 * What a policy knows of a run before it begins.
 *
 * @param layers layers with self-attention
 * @param tokens the text, N tokens
 * @param prompt tokens of it that are read in the prefill, P; the rest are steps of decoding
 * @param sweep kernels and threads for what policies compute themselves
 * @param rotary the rotary positions of the model; empty when it has none or they are not known
 * @param dense a dense run over the same text, for policies that ask for it; to be closed by the
 *     caller
 */
public record PolicyRun(
        int layers,
        List<Token> tokens,
        int prompt,
        SweepOptions sweep,
        Optional<Rotary> rotary,
        Optional<Capture> dense) {

    public PolicyRun {
        tokens = List.copyOf(tokens);
    }
}
