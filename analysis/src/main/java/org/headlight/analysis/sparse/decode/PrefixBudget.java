package org.headlight.analysis.sparse.decode;

import org.headlight.analysis.sparse.select.Best;

import java.util.ArrayList;
import java.util.List;

/** How many keys each layer forgets, so that all reach the same share of their attention. */
final class PrefixBudget {
    /** Halvings of the share; the search ends earlier when the total is near enough. */
    private static final int HALVINGS = 50;

    /** How near the total has to come. */
    private static final int NEAR = 5;

    private PrefixBudget() {}

    /**
     * Keys that each layer forgets.
     *
     * @param sums attention that each key received, for each layer, the same number of keys
     * @param guarded keys of a layer that are never forgotten, on top of those that the share needs
     * @param share of all layers' keys that is to be forgotten
     */
    static int[] forgets(List<double[]> sums, int guarded, double share) {
        List<double[]> curves = new ArrayList<>();
        long keys = 0;
        for (double[] layer : sums) {
            curves.add(curve(layer));
            keys += layer.length;
        }
        double target = share * keys;
        double low = 0;
        double high = 1;
        int[] forgets = at(curves, guarded, 0.5);
        for (int i = 0; i < HALVINGS && Math.abs(total(forgets) - target) > NEAR; i++) {
            double middle = (low + high) / 2;
            forgets = at(curves, guarded, middle);
            if (total(forgets) > target) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return rescaled(forgets, curves, guarded, target);
    }

    /** The share of a layer's attention that its best 1, 2, 3 ... keys hold. */
    private static double[] curve(double[] sums) {
        int[] ranked = Best.ranked(sums, sums.length);
        double[] curve = new double[sums.length];
        double held = 0;
        for (int i = 0; i < ranked.length; i++) {
            held += sums[ranked[i]];
            curve[i] = held;
        }
        for (int i = 0; i < curve.length && held > 0; i++) {
            curve[i] /= held;
        }
        return curve;
    }

    /** What each layer forgets when it keeps the fewest keys that reach the share. */
    private static int[] at(List<double[]> curves, int guarded, double share) {
        int[] forgets = new int[curves.size()];
        for (int layer = 0; layer < forgets.length; layer++) {
            double[] curve = curves.get(layer);
            int index = 0;
            while (index < curve.length - 1 && curve[index] < share) {
                index++;
            }
            forgets[layer] = Math.max(0, curve.length - (index + 1) - guarded);
        }
        return forgets;
    }

    private static int[] rescaled(
            int[] forgets, List<double[]> curves, int guarded, double target) {
        double factor = total(forgets) == 0 ? 0 : target / total(forgets);
        for (int layer = 0; layer < forgets.length; layer++) {
            int most = Math.max(0, curves.get(layer).length - guarded);
            forgets[layer] = (int) Math.clamp(Math.rint(factor * forgets[layer]), 0, most);
        }
        return forgets;
    }

    private static long total(int[] forgets) {
        long total = 0;
        for (int count : forgets) {
            total += count;
        }
        return total;
    }
}
