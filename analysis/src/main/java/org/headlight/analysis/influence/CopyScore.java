package org.headlight.analysis.influence;

import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.kernel.AttentionKernels;
import org.headlight.engine.sweep.HeadReader;

import java.util.HashSet;
import java.util.Set;

/**
 * How much of an answer a head copies: of the different tokens of the value, the share that the
 * head copies at least once. It copies a token when, in the row that emits the token, its largest
 * attention of all visible keys lies inside the value in the JSON, on that very token. Of equal
 * attentions the first counts.
 */
final class CopyScore {
    private CopyScore() {}

    /** The score of one head on one sample, 0 to 1. */
    static double of(HeadAttention head, KeyValueSample sample, AttentionKernels kernels) {
        int rows = sample.answerLength();
        int first = sample.answerFrom() - 1;
        int cols = head.cols();
        float[] p = new float[Math.multiplyExact(rows, cols)];
        HeadReader reader = new HeadReader(head, Set.of(), kernels);
        reader.probabilities(first, first + rows, 0, cols, p, 0, cols);
        Set<Integer> copied = new HashSet<>();
        Set<Integer> wanted = new HashSet<>();
        for (int row = 0; row < rows; row++) {
            int emitted = sample.tokens().get(sample.answerFrom() + row).id();
            wanted.add(emitted);
            int place = largest(p, row * cols, cols) - sample.valueFrom();
            if (place >= 0
                    && place < rows
                    && sample.tokens().get(sample.valueFrom() + place).id() == emitted) {
                copied.add(emitted);
            }
        }
        return (double) copied.size() / wanted.size();
    }

    /** NaN where masked, which is larger than nothing. */
    private static int largest(float[] p, int offset, int count) {
        int best = -1;
        for (int i = 0; i < count; i++) {
            float value = p[offset + i];
            if (value >= 0 && (best < 0 || value > p[offset + best])) {
                best = i;
            }
        }
        return best;
    }
}
