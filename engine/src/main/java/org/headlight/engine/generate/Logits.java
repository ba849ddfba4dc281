package org.headlight.engine.generate;

import org.headlight.engine.problem.BadInputException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The logits of one step, [V], with the model's own probabilities. */
final class Logits {
    private static final long LOW = 0xFFFF_FFFFL;

    private final float[] values;
    private final double max;
    private final double logSum;

    /**
     * @param values finite or minus infinity; kept, not copied
     * @param owner the model, for messages
     * @param position of the token that they are for, for messages
     * @throws BadInputException when one is no number, or none is finite
     */
    Logits(float[] values, String owner, int position) {
        this.values = values;
        double largest = Double.NEGATIVE_INFINITY;
        boolean numbers = true;
        for (float value : values) {
            numbers &= value < Float.POSITIVE_INFINITY;
            largest = Math.max(largest, value);
        }
        if (!numbers || largest == Double.NEGATIVE_INFINITY) {
            throw new BadInputException(
                    "The logits of "
                            + owner
                            + " at position "
                            + position
                            + " are not numbers, so there is no next token; expected finite"
                            + " values: try the model in 32 bits, or a shorter text.");
        }
        double sum = 0;
        for (float value : values) {
            sum += Math.exp(value - largest);
        }
        max = largest;
        logSum = Math.log(sum);
    }

    int size() {
        return values.length;
    }

    /** Natural logarithm of the probability of a token. */
    double logProbability(int id) {
        return values[id] - max - logSum;
    }

    /** exp((logit - largest logit) / T): the probability up to a factor. */
    double weight(int id, double temperature) {
        return Math.exp((values[id] - max) / temperature);
    }

    /** The most probable token; the lowest id among equals. */
    int best() {
        int best = 0;
        for (int id = 1; id < values.length; id++) {
            if (values[id] > values[best]) {
                best = id;
            }
        }
        return best;
    }

    /** All tokens, the most probable first; among equals the lowest id first. */
    int[] ranked() {
        long[] keys = new long[values.length];
        for (int id = 0; id < keys.length; id++) {
            keys[id] = key(id);
        }
        Arrays.sort(keys);
        int[] ids = new int[keys.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = id(keys[i]);
        }
        return ids;
    }

    /** The most probable tokens, best first; among equals the lowest id first. */
    List<Choice> top(int count) {
        long[] best = new long[Math.min(count, values.length)];
        Arrays.fill(best, Long.MAX_VALUE);
        for (int id = 0; id < values.length && best.length > 0; id++) {
            long key = key(id);
            int at = best.length - 1;
            if (key >= best[at]) {
                continue;
            }
            for (; at > 0 && best[at - 1] > key; at--) {
                best[at] = best[at - 1];
            }
            best[at] = key;
        }
        List<Choice> choices = new ArrayList<>(best.length);
        for (long key : best) {
            choices.add(new Choice(id(key), logProbability(id(key))));
        }
        return choices;
    }

    /** Smaller for larger logits, then for smaller ids. */
    private long key(int id) {
        // 0f + x makes a zero of -0, which is equal to it.
        int bits = Float.floatToRawIntBits(0f + values[id]);
        int ascending = bits ^ (bits >> 31 & Integer.MAX_VALUE);
        return (long) ~ascending << Integer.SIZE | id;
    }

    private static int id(long key) {
        return (int) (key & LOW);
    }
}
