package org.headlight.analysis.sparse.decode;

import org.headlight.analysis.sparse.select.Rows;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.task.Progress;

import java.util.ArrayList;
import java.util.List;

/** What the last queries of a prompt give to its keys (SnapKV's observation window). */
final class PromptVotes {
    private PromptVotes() {}

    /**
     * Sums over the last rows of the prompt for each query head, by the whole softmax.
     *
     * @param window rows that vote
     * @return [H] of [P]
     */
    static List<double[]> sums(Steps steps, int window, Progress progress) {
        return votes(steps, window, 1, false, progress);
    }

    /** The largest over the last rows of the prompt and over heads that share keys: [KV] of [P]. */
    static List<double[]> largest(Steps steps, int window, Progress progress) {
        return votes(steps, window, steps.group(), true, progress);
    }

    private static List<double[]> votes(
            Steps steps, int window, int group, boolean largest, Progress progress) {
        List<double[]> all = new ArrayList<>();
        int prompt = steps.from();
        if (prompt == 0) {
            for (int i = 0; i < steps.heads() / group; i++) {
                all.add(new double[0]);
            }
            return all;
        }
        AttentionInput input = steps.prompt();
        double[] p = new double[prompt];
        for (int head = 0; head < steps.heads(); head++) {
            progress.check();
            double[] votes = head % group == 0 ? new double[prompt] : all.getLast();
            for (int row = Math.max(0, prompt - window); row < prompt; row++) {
                Rows.probabilities(input, head, row, p);
                for (int key = 0; key < prompt; key++) {
                    votes[key] = largest ? Math.max(votes[key], p[key]) : votes[key] + p[key];
                }
            }
            if (head % group == 0) {
                all.add(votes);
            }
        }
        return all;
    }

    /**
     * Means over a kernel's width about each of the first values; beyond either end are zeros,
     * which count.
     *
     * @param width odd
     */
    static double[] pooled(double[] values, int count, int width) {
        double[] pooled = new double[count];
        int half = width / 2;
        double sum = 0;
        for (int i = 0; i < Math.min(half, count); i++) {
            sum += values[i];
        }
        for (int i = 0; i < count; i++) {
            sum += i + half < count ? values[i + half] : 0;
            sum -= i - half - 1 >= 0 ? values[i - half - 1] : 0;
            pooled[i] = sum / width;
        }
        return pooled;
    }
}
