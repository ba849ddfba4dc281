package org.headlight.analysis.sinks;

import org.headlight.engine.problem.BadInputException;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The sink rate over many prompts, all cut to one length: Sink_k of "When Attention Sink Emerges"
 * (arXiv 2410.10781), the mean over prompts, layers and heads of 1 where the received mass of key k
 * is above epsilon. Sums, so that any number of prompts can be taken in.
 */
public final class PromptRate {
    /** The paper's length. */
    public static final int LENGTH = 64;

    private final int length;
    private final double epsilon;
    private final double[] above;
    private final List<HeadRate> heads = new ArrayList<>();
    private int used;
    private int tooShort;

    /**
     * Nothing yet.
     *
     * @param length tokens of every prompt, {@link #LENGTH} in the paper
     * @param epsilon 0.3 in the paper
     * @throws BadInputException when the length is less than 2
     */
    public PromptRate(int length, double epsilon) {
        checkLength(length);
        this.length = length;
        this.epsilon = epsilon;
        this.above = new double[length];
    }

    static void checkLength(int length) {
        if (length < 2) {
            throw new BadInputException(
                    "The length of prompts is " + length + "; expected at least 2 tokens.");
        }
    }

    /**
     * One head over all prompts.
     *
     * @param name such as L3H5
     * @param rate share of the prompts in which the first key's received mass is above epsilon
     * @param received mean of the first key's received mass
     */
    public record HeadRate(int layer, int head, String name, double rate, double received) {
        private HeadRate plus(double moreRate, double moreReceived) {
            return new HeadRate(layer, head, name, rate + moreRate, received + moreReceived);
        }

        private HeadRate over(int prompts) {
            return new HeadRate(layer, head, name, rate / prompts, received / prompts);
        }
    }

    /** Counts a prompt that is too short to be cut to the length. */
    public void skip() {
        tooShort++;
    }

    /**
     * Takes in a prompt.
     *
     * @param report of exactly as many tokens as the length
     */
    public void add(SinkReport report) {
        if (report.tokens().size() != length) {
            throw new IllegalArgumentException(
                    report.tokens().size() + " tokens where all prompts have " + length);
        }
        List<HeadReceived> self = report.selfHeads();
        double[] rate = report.rate(epsilon);
        for (int key = 0; key < length; key++) {
            above[key] += rate[key];
        }
        for (int i = 0; i < self.size(); i++) {
            HeadReceived head = self.get(i);
            double received = head.received().of(0);
            if (used == 0) {
                heads.add(new HeadRate(head.layer(), head.head(), head.name(), 0, 0));
            }
            heads.set(i, heads.get(i).plus(received > epsilon ? 1 : 0, received));
        }
        used++;
    }

    public int length() {
        return length;
    }

    public double epsilon() {
        return epsilon;
    }

    /** Prompts taken in. */
    public int used() {
        return used;
    }

    /** Prompts left out because they were too short. */
    public int tooShort() {
        return tooShort;
    }

    /**
     * The sink rate at each key, [length], 0 to 1.
     *
     * @throws BadInputException when no prompt was long enough
     */
    public double[] rate() {
        check();
        double[] rate = above.clone();
        for (int key = 0; key < length; key++) {
            rate[key] /= used;
        }
        return rate;
    }

    /**
     * Each head of self-attention over all prompts.
     *
     * @throws BadInputException when no prompt was long enough
     */
    public List<HeadRate> heads() {
        check();
        return heads.stream().map(head -> head.over(used)).toList();
    }

    /** The share of the prompts in which a head has a sink at its first key; NaN if unknown. */
    public double rate(String head) {
        return used == 0
                ? Double.NaN
                : heads.stream()
                        .filter(one -> one.name().equals(head))
                        .mapToDouble(one -> one.rate() / used)
                        .findFirst()
                        .orElse(Double.NaN);
    }

    private void check() {
        if (used == 0) {
            throw new BadInputException(
                    String.format(
                            Locale.ROOT,
                            "None of the %,d prompts has %,d tokens, the length at which their"
                                    + " sinks are compared; give longer prompts, or a shorter"
                                    + " length.",
                            tooShort,
                            length));
        }
    }
}
