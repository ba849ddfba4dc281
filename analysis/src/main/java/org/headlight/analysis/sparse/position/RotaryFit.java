package org.headlight.analysis.sparse.position;

import org.headlight.engine.attend.HeadArray;
import org.jspecify.annotations.Nullable;

/**
 * Fits rotary positions to keys that were equal before the embedding: keys [KV, n, D] of one token
 * said n times. Each pair of dimensions then walks round a circle at a constant angle a position;
 * angles are refined over distances of 1, 2, 4 ... positions, so that they are good to the rounding
 * of the model over the whole run.
 */
final class RotaryFit {
    /** How far turned-back keys may differ, as a share of their length. */
    private static final double EXACT = 1e-4;

    /** The same where keys are numbers of 16 bits. */
    private static final double HALF = 4e-3;

    /** A pair with less than this share of the mean square of a pair says nothing. */
    private static final double SILENT = 1e-8;

    private final HeadArray keys;
    private final double tolerance;

    RotaryFit(HeadArray keys) {
        this.keys = keys;
        this.tolerance = half() ? HALF : EXACT;
    }

    private boolean half() {
        for (int head = 0; head < keys.heads(); head++) {
            for (int row = 0; row < keys.rows(); row++) {
                for (int d = 0; d < keys.width(); d++) {
                    float value = value(head, row, d);
                    boolean fp16 = Float.float16ToFloat(Float.floatToFloat16(value)) == value;
                    boolean bf16 = (Float.floatToRawIntBits(value) & 0xffff) == 0;
                    if (!fp16 && !bf16) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    private float value(int head, int row, int d) {
        return keys.values()[keys.at(head, row) + d];
    }

    private double length(int head, int row) {
        double sum = 0;
        for (int d = 0; d < keys.width(); d++) {
            double value = value(head, row, d);
            sum += value * value;
        }
        return Math.sqrt(sum);
    }

    /** Whether keys are as long at every position: turning does not change that. */
    boolean lengthsEqual() {
        for (int head = 0; head < keys.heads(); head++) {
            double length = length(head, 0);
            for (int row = 1; row < keys.rows(); row++) {
                if (!(Math.abs(length(head, row) - length) <= tolerance * length)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Whether all keys of a head are the same: positions do not enter them. */
    boolean equal() {
        return explainedBy(PairRotary.none(keys.width()));
    }

    /** Whether keys, turned back to position 0, are the same. */
    boolean explainedBy(PairRotary rotary) {
        if (rotary.width() != keys.width()) {
            return false;
        }
        float[] back = new float[keys.width()];
        for (int head = 0; head < keys.heads(); head++) {
            double limit = tolerance * length(head, 0);
            for (int row = 1; row < keys.rows(); row++) {
                rotary.turn(keys.values(), keys.at(head, row), -row, back, 0);
                double sum = 0;
                for (int d = 0; d < back.length; d++) {
                    double difference = (double) back[d] - value(head, 0, d);
                    sum += difference * difference;
                }
                if (!(Math.sqrt(sum) <= limit)) {
                    return false;
                }
            }
        }
        return true;
    }

    /**
     * The rotary positions that explain the keys.
     *
     * @return null when there are none
     */
    @Nullable PairRotary find() {
        int from = keys.width();
        int to = 0;
        for (int d = 0; d < keys.width(); d++) {
            if (moves(d)) {
                from = Math.min(from, d);
                to = d + 1;
            }
        }
        if (to == 0 || !lengthsEqual()) {
            return null;
        }
        for (Pairing pairing : Pairing.candidates(keys.width(), from, to)) {
            if (round(pairing)) {
                PairRotary found = turning(pairing);
                if (found != null && explainedBy(found)) {
                    return found;
                }
            }
        }
        return null;
    }

    private boolean moves(int d) {
        for (int head = 0; head < keys.heads(); head++) {
            double limit = 0.1 * tolerance * length(head, 0) / Math.sqrt(keys.width());
            for (int row = 1; row < keys.rows(); row++) {
                if (Math.abs((double) value(head, row, d) - value(head, 0, d)) > limit) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether every pair stays on its circle. */
    private boolean round(Pairing pairing) {
        for (int head = 0; head < keys.heads(); head++) {
            double length = length(head, 0);
            for (int pair = 0; pair < pairing.pairs(); pair++) {
                double radius = radius(head, 0, pairing, pair);
                for (int row = 1; row < keys.rows(); row++) {
                    double other = radius(head, row, pairing, pair);
                    if (!(Math.abs(other - radius) <= tolerance * length)) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    private double radius(int head, int row, Pairing pairing, int pair) {
        return Math.hypot(
                value(head, row, pairing.first(pair)), value(head, row, pairing.second(pair)));
    }

    private @Nullable PairRotary turning(Pairing pairing) {
        int pairs = pairing.pairs();
        double[] angles = new double[pairs];
        double energy = 0;
        for (int head = 0; head < keys.heads(); head++) {
            energy += Math.pow(length(head, 0), 2) / pairs;
        }
        int last = -1;
        for (int pair = 0; pair < pairs; pair++) {
            double own = 0;
            for (int head = 0; head < keys.heads(); head++) {
                own += Math.pow(radius(head, 0, pairing, pair), 2);
            }
            angles[pair] = own > SILENT * energy ? angle(pairing, pair) : Double.NaN;
            if (Math.abs(angles[pair]) * keys.rows() > tolerance) {
                last = pair;
            }
        }
        double[] known = Settling.of(angles, last + 1, 3 * tolerance / keys.rows());
        double base = known[pairs];
        for (int pair = 0; pair < pairs; pair++) {
            if (Double.isNaN(known[pair])) {
                return null;
            }
            angles[pair] = known[pair];
        }
        return new PairRotary(keys.width(), pairing.first(), pairing.second(), angles, base);
    }

    /** Radians a position, from ever longer distances. */
    private double angle(Pairing pairing, int pair) {
        double angle = 0;
        for (int apart = 1; apart <= Math.max(1, keys.rows() / 2); apart *= 2) {
            double cos = 0;
            double sin = 0;
            for (int head = 0; head < keys.heads(); head++) {
                for (int row = 0; row + apart < keys.rows(); row++) {
                    double x = value(head, row, pairing.first(pair));
                    double y = value(head, row, pairing.second(pair));
                    double u = value(head, row + apart, pairing.first(pair));
                    double v = value(head, row + apart, pairing.second(pair));
                    cos += u * x + v * y;
                    sin += v * x - u * y;
                }
            }
            double phase = Math.atan2(sin, cos);
            double turns = Math.rint((apart * angle - phase) / (2 * Math.PI));
            angle = (phase + 2 * Math.PI * turns) / apart;
        }
        return angle;
    }
}
