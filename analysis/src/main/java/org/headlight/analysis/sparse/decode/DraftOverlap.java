package org.headlight.analysis.sparse.decode;

import org.headlight.analysis.sparse.PolicySite;
import org.headlight.analysis.sparse.Settings;
import org.headlight.analysis.sparse.select.Best;
import org.headlight.engine.task.Progress;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How much the blocks that draft tokens would choose for themselves are the same: what sparse
 * verification rests on. Means over all full groups of drafts and all heads of a layer.
 *
 * @param drafts draft tokens that are checked together, m
 * @param shares |A_i and A_j| / the larger of the two sets, [m, m]; all choose among the blocks
 *     that are whole before the first of them; 1 where there is nothing to choose
 */
public record DraftOverlap(int drafts, List<Double> shares) {

    public DraftOverlap {
        shares = List.copyOf(shares);
    }

    /**
     * Measures a site.
     *
     * @param settings of {@link SharedBlocksPolicy}
     */
    public static DraftOverlap of(PolicySite site, Settings settings, Progress progress) {
        Steps steps = Steps.of(site, settings.info());
        int drafts = settings.whole("drafts");
        int page = settings.whole("page");
        int most = Math.max(3, settings.whole("budget") / page) - 1;
        PageBounds bounds = new PageBounds(steps.input().k(), page);
        double[] sums = new double[drafts * drafts];
        int groups = steps.count() / drafts;
        for (int head = 0; head < steps.heads(); head++) {
            progress.check();
            for (int group = 0; group < groups; group++) {
                add(sets(steps, bounds, head, group * drafts, drafts, most), sums);
            }
        }
        int counted = groups * steps.heads();
        List<Double> shares = new ArrayList<>();
        for (double sum : sums) {
            shares.add(counted == 0 ? 1 : sum / counted);
        }
        return new DraftOverlap(drafts, shares);
    }

    private static List<int[]> sets(
            Steps steps, PageBounds bounds, int head, int step, int drafts, int most) {
        int from = steps.first(head, step) / bounds.page();
        int own = Math.max(from, (steps.end(head, step) - 1) / bounds.page());
        double[] scores = new double[own - from];
        List<int[]> sets = new ArrayList<>();
        for (int draft = 0; draft < drafts; draft++) {
            bounds.sums(steps, head, 1, step + draft, from, own, scores);
            sets.add(Best.of(scores, scores.length, most));
        }
        return sets;
    }

    private static void add(List<int[]> sets, double[] sums) {
        int drafts = sets.size();
        for (int a = 0; a < drafts; a++) {
            for (int b = 0; b < drafts; b++) {
                sums[a * drafts + b] += share(sets.get(a), sets.get(b));
            }
        }
    }

    /** What two rising lists have in common, against the longer one. */
    static double share(int[] a, int[] b) {
        int common = 0;
        for (int x : a) {
            common += Arrays.binarySearch(b, x) >= 0 ? 1 : 0;
        }
        int most = Math.max(a.length, b.length);
        return most == 0 ? 1 : (double) common / most;
    }

    /** The overlap of two draft tokens. */
    public double share(int one, int other) {
        return shares.get(one * drafts + other);
    }

    /** The mean overlap of the first draft token's choice with those of the others. */
    public double first() {
        double sum = 0;
        for (int draft = 1; draft < drafts; draft++) {
            sum += share(0, draft);
        }
        return drafts == 1 ? 1 : sum / (drafts - 1);
    }
}
