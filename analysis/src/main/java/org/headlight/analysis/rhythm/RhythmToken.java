package org.headlight.analysis.rhythm;

import org.headlight.engine.token.Token;

/**
 * One token of prompt or response.
 *
 * @param token the token, with its position
 * @param waad windowed average attention distance (equation 9): mean over the local heads of sum
 *     A[t, s] min(t - s, W), 0 to W; NaN in the prompt
 * @param step |WAAD - WAAD of the next token|; NaN in the prompt
 * @param fai future attention influence (equation 10): mean over the global heads and the response
 *     tokens within the horizon of what they give this token; NaN where there is no such token
 * @param receiverFai the same over the receiver heads; NaN where there is none
 * @param entropy of the model's distribution that this token was drawn from, in nats; NaN in the
 *     prompt and where the source holds no logits
 * @param attentionEntropy mean over the heads of -sum A ln A of the token's row, in nats; NaN in
 *     the prompt
 * @param marks what the token is
 * @param weight what it is worth by each strategy
 */
public record RhythmToken(
        Token token,
        double waad,
        double step,
        double fai,
        double receiverFai,
        double entropy,
        double attentionEntropy,
        Marks marks,
        Weights weight) {

    /** Position in the text. */
    public int position() {
        return token.position();
    }

    /**
     * What a token is.
     *
     * @param waadPeak whether WAAD peaks here
     * @param faiPeak whether FAI peaks here
     * @param receiverPeak whether FAI over the receiver heads peaks here
     * @param preplan whether its step of WAAD is among the largest
     * @param anchor whether its FAI is among the largest
     * @param prepared whether it is an anchor that a preplan token prepared (the paper's D)
     * @param introduces whether it prepared such an anchor (the paper's intro(D))
     */
    public record Marks(
            boolean waadPeak,
            boolean faiPeak,
            boolean receiverPeak,
            boolean preplan,
            boolean anchor,
            boolean prepared,
            boolean introduces) {
        /** Of a token of the prompt. */
        static final Marks NONE = new Marks(false, false, false, false, false, false, false);
    }

    /**
     * The weight gamma of a token in the three strategies; 1 is an ordinary token.
     *
     * @param localChunk preplan tokens amplified
     * @param globalAnchor anchor tokens amplified
     * @param coupled anchors amplified, and part of what a prepared one gets handed to the token
     *     that prepared it
     */
    public record Weights(double localChunk, double globalAnchor, double coupled) {
        /** Of a token of the prompt. */
        static final Weights ONE = new Weights(1, 1, 1);

        /** By one strategy. */
        public double of(Strategy strategy) {
            return switch (strategy) {
                case LOCAL_CHUNK -> localChunk;
                case GLOBAL_ANCHOR -> globalAnchor;
                case COUPLED -> coupled;
            };
        }
    }
}
