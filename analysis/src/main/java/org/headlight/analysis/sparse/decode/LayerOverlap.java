package org.headlight.analysis.sparse.decode;

import org.headlight.analysis.sparse.select.Best;
import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.sweep.RowBlock;
import org.headlight.engine.sweep.Sweep;
import org.headlight.engine.sweep.SweepConsumer;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * How much of the best keys of a layer are the best keys of later layers too, head by head: by this
 * TidalDecode's re-selection layer is found on a model that the paper does not have.
 *
 * @param tokens best keys of a row that are compared, k
 * @param layers numbers of the layers, rising
 * @param shares |A and B| / k for each pair of layers, mean over heads and rows, [L, L]; 1 on the
 *     diagonal
 * @param rows rows that were compared: those that see more than k keys
 */
public record LayerOverlap(int tokens, List<Integer> layers, List<Double> shares, int rows) {

    public LayerOverlap {
        layers = List.copyOf(layers);
        shares = List.copyOf(shares);
    }

    /**
     * Compares the layers of a run.
     *
     * @param tokens best keys of a row, k
     * @param most rows to look at, evenly over the text, at the most
     */
    public static LayerOverlap of(
            Capture dense, int tokens, int most, SweepOptions options, Progress progress) {
        List<SiteCapture> sites =
                dense.sites().stream().filter(site -> site.kind() == SiteKind.SELF).toList();
        int length = dense.tokens().size();
        SweepOptions some = options.withRowStep(Math.max(1, Math.ceilDiv(length, most)));
        List<List<ConcurrentMap<Integer, int[]>>> best = new ArrayList<>();
        int done = 0;
        for (SiteCapture site : sites) {
            List<ConcurrentMap<Integer, int[]>> heads = new ArrayList<>();
            for (HeadAttention head : site.heads()) {
                TopRows top = new TopRows(tokens);
                double from = (double) done / sites.size();
                Sweep.run(head, List.of(top), some, progress.part(from, from + 1.0 / sites.size()));
                heads.add(top.best);
            }
            best.add(heads);
            done++;
        }
        List<Double> shares = new ArrayList<>();
        for (var one : best) {
            for (var other : best) {
                shares.add(share(one, other, tokens));
            }
        }
        List<Integer> layers = sites.stream().map(SiteCapture::layer).toList();
        return new LayerOverlap(tokens, layers, shares, best.getFirst().getFirst().size());
    }

    private static double share(
            List<ConcurrentMap<Integer, int[]>> one,
            List<ConcurrentMap<Integer, int[]>> other,
            int tokens) {
        double sum = 0;
        long rows = 0;
        for (int head = 0; head < other.size(); head++) {
            var from = one.get(head * one.size() / other.size());
            for (var row : other.get(head).entrySet()) {
                int[] keys = from.get(row.getKey());
                if (keys != null) {
                    int common = 0;
                    for (int key : row.getValue()) {
                        common += Arrays.binarySearch(keys, key) >= 0 ? 1 : 0;
                    }
                    sum += (double) common / tokens;
                    rows++;
                }
            }
        }
        return rows == 0 ? 1 : sum / rows;
    }

    /** The overlap of two layers, by their places in {@link #layers}. */
    public double share(int one, int other) {
        return shares.get(one * layers.size() + other);
    }

    /** The mean overlap of a layer, by its place, with the layers after it; 1 for the last. */
    public double later(int place) {
        double sum = 0;
        for (int other = place + 1; other < layers.size(); other++) {
            sum += share(place, other);
        }
        int count = layers.size() - place - 1;
        return count == 0 ? 1 : sum / count;
    }

    /**
     * The mean over all layers of how much of their best keys they would be given, with two places
     * that select: layers up to the first and the second itself see everything.
     */
    public double served(int select, int reselect) {
        double sum = 0;
        for (int place = 0; place < layers.size(); place++) {
            boolean whole = place <= select || place == reselect;
            sum += whole ? 1 : share(place < reselect ? select : reselect, place);
        }
        return sum / layers.size();
    }

    /** The layer to select again in: the one that serves all best, of equal ones the first. */
    public int reselect(int select) {
        int best = Math.min(select + 1, layers.size() - 1);
        for (int place = best; place < layers.size(); place++) {
            best = served(select, place) > served(select, best) ? place : best;
        }
        return layers.get(best);
    }

    /** The best keys of each row that sees more keys than are asked for. */
    private static final class TopRows implements SweepConsumer {
        private final int tokens;
        private final ConcurrentMap<Integer, int[]> best = new ConcurrentHashMap<>();

        TopRows(int tokens) {
            this.tokens = tokens;
        }

        @Override
        public Worker worker() {
            return this::accept;
        }

        private void accept(RowBlock block) {
            double[] row = new double[block.key1 - block.key0];
            for (int lane = 0; lane < block.count; lane++) {
                int seen = 0;
                for (int i = 0; i < row.length; i++) {
                    row[i] = block.p[i * RowBlock.LANES + lane];
                    seen += row[i] > 0 ? 1 : 0;
                }
                if (seen > tokens) {
                    int[] keys = Best.of(row, row.length, tokens);
                    for (int i = 0; i < keys.length; i++) {
                        keys[i] += block.key0;
                    }
                    best.put(block.row0 + lane * block.rowStep, keys);
                }
            }
        }

        @Override
        public void finish() {
            // Rows are there once their block was seen.
        }
    }
}
