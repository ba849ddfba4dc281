package org.headlight.analysis.rhythm;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** TopQ of the paper: the largest values. */
final class TopShare {
    private static final double ROUNDING = 1e-9;

    private TopShare() {}

    /** floor(share x count), safe against 0.3 x 10 being 2.999. */
    static int count(double share, int count) {
        return (int) Math.floor(share * count + ROUNDING);
    }

    /**
     * The indices of the largest values: floor(share x values), at least one where any value is
     * there. Ties go to the lower index.
     *
     * @param values NaN where missing
     * @return ascending
     */
    static List<Integer> indices(double[] values, double share) {
        List<Integer> known =
                IntStream.range(0, values.length)
                        .filter(i -> !Double.isNaN(values[i]))
                        .boxed()
                        .sorted(Comparator.comparingDouble((Integer i) -> -values[i]))
                        .toList();
        int count = known.isEmpty() ? 0 : Math.max(1, count(share, known.size()));
        return known.subList(0, count).stream().sorted().toList();
    }
}
