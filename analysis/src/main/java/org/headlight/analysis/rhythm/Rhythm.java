package org.headlight.analysis.rhythm;

import java.util.List;

/**
 * The rhythm of a response.
 *
 * @param from position of the first token of the response
 * @param settings how it was measured
 * @param tokens every token of prompt and response
 * @param heads every head that took part, in the order of layers and heads
 * @param local the local heads, nearest first
 * @param global the global heads, farthest first
 * @param receivers the receiver heads, most uneven first; empty where the response has too few
 *     sentences
 * @param sawtooth what WAAD looks like
 * @param coupling how the peaks hang together
 * @param tauWaad WAAD up to which an anchor counts as prepared
 * @param tauStep the step of WAAD from which a token prepares
 * @param sentences how many sentences the response has
 * @param notes what could not be measured and why, a sentence each
 */
public record Rhythm(
        int from,
        RhythmSettings settings,
        List<RhythmToken> tokens,
        List<RhythmHead> heads,
        List<RhythmHead> local,
        List<RhythmHead> global,
        List<RhythmHead> receivers,
        Sawtooth sawtooth,
        Coupling coupling,
        double tauWaad,
        double tauStep,
        int sentences,
        List<String> notes) {

    /** The tokens of the response. */
    public List<RhythmToken> response() {
        return tokens.subList(from, tokens.size());
    }
}
