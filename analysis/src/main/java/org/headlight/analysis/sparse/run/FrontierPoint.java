package org.headlight.analysis.sparse.run;

/**
 * One policy with one setting.
 *
 * @param choice the policy and its settings
 * @param result what it kept, lost and saved
 */
public record FrontierPoint(PolicyChoice choice, SparseResult result) {

    /** Losses of single precision below this mean nothing. */
    private static final double ROUNDING = 1e-6;

    /** What is traded. */
    public enum Cost {
        /** Kept pairs over visible pairs. */
        DENSITY,
        /** Milliseconds of choosing and attending. */
        TIME
    }

    /** What is lost. */
    public enum Loss {
        /** Mean KL of the next token. */
        KL,
        /** The error of the worst layer. */
        OUTPUT,
        /** One minus mean recall. */
        MISSED,
        /** Loss of the continuation over the dense loss, less one. */
        LOSS;

        /** Whether only a model that predicts next tokens has it. */
        public boolean ofNextTokens() {
            return this == KL || this == LOSS;
        }
    }

    /** What it costs; NaN where it is not known. */
    public double cost(Cost cost) {
        return switch (cost) {
            case DENSITY -> {
                double density = result.density();
                yield Double.isNaN(density) ? result.computed() : density;
            }
            case TIME -> result.times().select() + result.times().attend();
        };
    }

    /** What it loses; NaN where it is not known, 0 where it is no more than rounding. */
    public double loss(Loss loss) {
        double lost = exact(loss);
        return lost < ROUNDING ? 0 : lost;
    }

    private double exact(Loss loss) {
        return switch (loss) {
            case KL -> result.endToEnd().map(EndToEnd::kl).orElse(Double.NaN);
            case OUTPUT -> result.worstLayerError();
            case MISSED -> result.degenerate() ? 0 : 1 - result.recall().mean();
            case LOSS ->
                    result.endToEnd().map(e -> Math.max(0, e.lossRatio() - 1)).orElse(Double.NaN);
        };
    }
}
