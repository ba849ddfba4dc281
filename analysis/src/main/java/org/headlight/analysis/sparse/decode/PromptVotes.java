package org.headlight.analysis.sparse.decode;

import org.headlight.analysis.sparse.select.ColumnSums;
import org.headlight.analysis.sparse.select.SiteMaps;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.sweep.SweepOptions;
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
    static List<double[]> sums(Steps steps, int window, SweepOptions options, Progress progress) {
        int rows = Math.min(window, steps.from());
        AttentionInput last = steps.promptFrom(steps.from() - rows);
        List<double[]> all = new ArrayList<>();
        for (int head = 0; head < steps.heads(); head++) {
            Progress part = steps.part(progress, head);
            all.add(ColumnSums.of(SiteMaps.map(last, head), rows, options, part));
        }
        return all;
    }

    /** The largest over the last rows of the prompt and over heads that share keys: [KV] of [P]. */
    static List<double[]> largest(
            Steps steps, int window, SweepOptions options, Progress progress) {
        int rows = Math.min(window, steps.from());
        AttentionInput last = steps.promptFrom(steps.from() - rows);
        List<double[]> all = new ArrayList<>();
        for (int head = 0; head < steps.heads(); head++) {
            if (head % steps.group() == 0) {
                all.add(new double[steps.from()]);
            }
            Progress part = steps.part(progress, head);
            ColumnPeaks.raise(SiteMaps.map(last, head), all.getLast(), options, part);
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
