package org.headlight.analysis.sparse.decode;

import org.headlight.analysis.sparse.select.Best;

/** Pages with the largest bounds, among those that a step has seen all of. */
final class PageChoice {
    private PageChoice() {}

    /**
     * The best pages of each step, apart from the one that holds the step itself.
     *
     * @param heads query heads from {@code head} on whose bounds are added up
     * @param most how many pages a step takes
     * @return rising numbers of pages, [steps][]
     */
    static int[][] best(Steps steps, PageBounds bounds, int head, int heads, int most) {
        int[][] chosen = new int[steps.count()][];
        for (int step = 0; step < chosen.length; step++) {
            chosen[step] = best(steps, bounds, head, heads, most, step);
        }
        return chosen;
    }

    /** The same for one step. */
    static int[] best(Steps steps, PageBounds bounds, int head, int heads, int most, int step) {
        int from = steps.first(head, step) / bounds.page();
        int own = Math.max(from, (steps.end(head, step) - 1) / bounds.page());
        double[] sums = new double[own - from];
        bounds.sums(steps, head, heads, step, from, own, sums);
        int[] best = Best.of(sums, sums.length, most);
        for (int i = 0; i < best.length; i++) {
            best[i] += from;
        }
        return best;
    }
}
