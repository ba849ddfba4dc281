package org.headlight.engine.cuda;

import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.AttentionOutput;
import org.headlight.engine.attend.AttentionRunner;
import org.headlight.engine.attend.HeadArray;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Tries each kernel when it is first used: attention over a few tokens on the device, held against
 * the processor's. A kernel that does not compile, load or run, or gives other numbers, is not used
 * as long as this object.
 */
final class KernelTrial {
    private static final int TOKENS = 150;
    private static final double HALVES = 1e-2;
    private static final double FLOATS = 1e-3;

    private final AttentionRunner processor;
    private final String device;
    private final Map<FlashKernel, Optional<String>> tried = new HashMap<>();

    /** Attention by the kernel that is tried. */
    @FunctionalInterface
    interface Attempt {
        void run(AttentionInput input, AttentionOutput output);
    }

    /**
     * @param processor gives the truth
     * @param device its name, for messages
     */
    KernelTrial(AttentionRunner processor, String device) {
        this.processor = processor;
        this.device = device;
    }

    /** Why a kernel is not used, one sentence; empty when it is right. */
    Optional<String> refusal(FlashKernel kernel, Attempt attempt) {
        Optional<String> known = tried.get(kernel);
        if (known == null) {
            known = tried(kernel, attempt);
            tried.put(kernel, known);
        }
        return known;
    }

    /** Why the last kernel that is not used is not. */
    Optional<String> refusal() {
        return tried.values().stream().flatMap(Optional::stream).findFirst();
    }

    private Optional<String> tried(FlashKernel kernel, Attempt attempt) {
        AttentionInput input = input(kernel);
        AttentionOutput mine = output(input);
        AttentionOutput truth = output(input);
        try {
            attempt.run(input, mine);
        } catch (BadInputException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
        processor.run(input, truth, Progress.NONE);
        double difference =
                Math.max(
                        difference(mine.out().values(), truth.out().values()),
                        difference(mine.lse(), truth.lse()));
        return difference <= (kernel.precision() == Precision.FP16 ? HALVES : FLOATS)
                ? Optional.empty()
                : Optional.of(
                        "The kernel of attention gave wrong numbers on "
                                + device
                                + " when it was tried, so the processor computes it.");
    }

    private static double difference(float[] mine, float[] truth) {
        double largest = 0;
        for (int i = 0; i < mine.length; i++) {
            double now = Math.abs((double) mine[i] - truth[i]);
            largest = Double.isNaN(now) ? Double.POSITIVE_INFINITY : Math.max(largest, now);
        }
        return largest;
    }

    private static AttentionOutput output(AttentionInput input) {
        return AttentionOutput.allocate(input.q().heads(), input.q().rows(), input.v().width());
    }

    private static AttentionInput input(FlashKernel kernel) {
        AttentionInput input =
                AttentionInput.of(
                        array(2, kernel.depth(), 4),
                        array(1, kernel.depth(), 5),
                        array(1, kernel.width(), 6),
                        (float) (2 / Math.sqrt(kernel.depth())),
                        AttentionMask.causal(0));
        return kernel.softCap() ? input.withSoftCap(5) : input;
    }

    /** Numbers from -2 to 2 that are the same in halves. */
    private static HeadArray array(int heads, int width, int seed) {
        float[] values = new float[heads * TOKENS * width];
        int state = seed;
        for (int i = 0; i < values.length; i++) {
            state = state * 1_664_525 + 1_013_904_223;
            values[i] = ((state >>> 16 & 255) - 127.5f) / 64;
        }
        return HeadArray.headsFirst(values, heads, TOKENS, width);
    }
}
