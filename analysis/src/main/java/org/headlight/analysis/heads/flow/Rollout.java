package org.headlight.analysis.heads.flow;

import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.problem.CancelledException;
import org.headlight.engine.sweep.RowBlock;
import org.headlight.engine.sweep.Sweep;
import org.headlight.engine.sweep.SweepConsumer;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.sweep.Visibility;
import org.headlight.engine.task.Progress;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Attention rollout: what reaches a position from each token of the input, the maps of the layers
 * multiplied. Of a short text for every position; of a text of any length for one position, by one
 * weighted sweep a head and no N x N.
 */
public final class Rollout {
    private Rollout() {}

    /**
     * Multiplies the layers.
     *
     * @return what position q takes from token k after the last layer, [N][N]
     */
    public static double[][] whole(LayerMaps layers) {
        int n = layers.tokens();
        double[][] result = new double[n][n];
        for (int q = 0; q < n; q++) {
            result[q][q] = 1;
        }
        for (int layer = 0; layer < layers.size(); layer++) {
            double[][] next = new double[n][n];
            for (int q = 0; q < n; q++) {
                for (int m = 0; m < n; m++) {
                    double a = layers.at(layer, q, m);
                    for (int k = 0; a != 0 && k < n; k++) {
                        next[q][k] += a * result[m][k];
                    }
                }
            }
            result = next;
        }
        return result;
    }

    /**
     * The sites that a rollout goes through: self-attention over one text, that of the last such
     * site. Of a model with an encoder and a decoder, the decoder's.
     *
     * @throws BadInputException when there is no self-attention
     */
    public static List<SiteCapture> sites(Capture capture) {
        List<SiteCapture> self =
                capture.sites().stream().filter(s -> s.kind() == SiteKind.SELF).toList();
        if (self.isEmpty()) {
            throw new BadInputException(
                    capture.info().source() + " has no self-attention to follow.");
        }
        return self.stream().filter(s -> s.keyTokens().equals(self.getLast().keyTokens())).toList();
    }

    /**
     * What one position takes from each token of the input. The last layer is followed first, then
     * the ones before it.
     *
     * @param residual whether half of what a layer passes on is the residual stream
     * @return by token; sums to 1, less what sink logits took
     * @throws BadInputException when a site of self-attention has fewer queries than keys, or there
     *     is none
     * @throws CancelledException when the progress says so
     */
    public static double[] from(
            Capture capture,
            int position,
            boolean residual,
            SweepOptions options,
            Progress progress) {
        return down(sites(capture), position, residual, options, progress).getFirst();
    }

    /**
     * What one position after the last of some layers takes from each position before each of them.
     * Memory is layers x tokens.
     *
     * @param sites the layers, the first one first
     * @param residual whether half of what a layer passes on is the residual stream
     * @return for each layer what it takes from the positions before that layer, [N]; the first is
     *     the rollout to the tokens of the input
     * @throws BadInputException when the text has no such position, or a site has fewer queries
     *     than keys
     * @throws CancelledException when the progress says so
     */
    public static List<double[]> down(
            List<SiteCapture> sites,
            int position,
            boolean residual,
            SweepOptions options,
            Progress progress) {
        int n = sites.getFirst().keyTokens().size();
        if (position < 0 || position >= n) {
            throw new BadInputException(
                    "There is no position "
                            + position
                            + " to follow; the text has tokens 0 to "
                            + (n - 1)
                            + ".");
        }
        double[] weights = new double[n];
        weights[position] = 1;
        ArrayDeque<double[]> found = new ArrayDeque<>();
        for (int i = sites.size() - 1; i >= 0; i--) {
            double done = sites.size() - 1.0 - i;
            Progress part = progress.part(done / sites.size(), (done + 1) / sites.size());
            weights = through(sites.get(i), weights, residual, options.withRowStep(1), part);
            found.addFirst(weights);
        }
        return List.copyOf(found);
    }

    private static double[] through(
            SiteCapture site,
            double[] weights,
            boolean residual,
            SweepOptions options,
            Progress progress) {
        int n = weights.length;
        double[] shares = weights.clone();
        double[] next = new double[n];
        if (residual) {
            // Rows of A + I sum to 1 and what the row of A sums to: 2 but for sink logits.
            double[] masses = masses(site, options, progress.part(0, 0.5));
            for (int q = 0; q < n; q++) {
                shares[q] /= 1 + masses[q];
                next[q] = shares[q];
            }
        }
        Progress walk = residual ? progress.part(0.5, 1) : progress;
        int heads = site.heads().size();
        for (int h = 0; h < heads; h++) {
            HeadAttention head = site.heads().get(h);
            if (head.rows() != n || head.cols() != n) {
                throw new BadInputException(
                        site.headName(h)
                                + " has "
                                + head.rows()
                                + " queries for "
                                + head.cols()
                                + " keys; rollout needs a row for every token.");
            }
            WeightedColumns columns = new WeightedColumns(shares, n);
            Sweep.run(
                    head,
                    List.of(columns),
                    options,
                    walk.part(h / (double) heads, (h + 1.0) / heads));
            columns.addTo(next, 1.0 / heads);
        }
        return next;
    }

    /** What each row of the mean of a layer's maps sums to. */
    private static double[] masses(SiteCapture site, SweepOptions options, Progress progress) {
        double[] masses = new double[site.keyTokens().size()];
        double share = 1.0 / site.heads().size();
        for (HeadAttention head : site.heads()) {
            int rows = Math.min(masses.length, head.rows());
            if (head instanceof QkHead qk && qk.sink() == QkHead.NO_SINK) {
                Visibility visibility = new Visibility(head, options.excludedKeys());
                for (int row = 0; row < rows; row++) {
                    masses[row] += visibility.count(row, 0, head.cols()) > 0 ? share : 0;
                }
            } else {
                RowMasses found = new RowMasses(masses, share);
                Sweep.run(head, List.of(found), options, progress);
            }
        }
        return masses;
    }

    /** Adds up what rows sum to; each row is seen by one thread. */
    private static final class RowMasses implements SweepConsumer {
        private final double[] masses;
        private final double share;

        RowMasses(double[] masses, double share) {
            this.masses = masses;
            this.share = share;
        }

        @Override
        public Worker worker() {
            return block -> {
                for (int lane = 0; lane < block.count; lane++) {
                    masses[block.row0 + lane] += share * block.mass[lane];
                }
            };
        }

        @Override
        public void finish() {
            // Every row has been added.
        }
    }

    /** Adds up the columns of a map, each row with a weight. */
    private static final class WeightedColumns implements SweepConsumer {
        private final double[] weights;
        private final int keys;
        private final List<double[]> sums = new ArrayList<>();

        WeightedColumns(double[] weights, int keys) {
            this.weights = weights;
            this.keys = keys;
        }

        @Override
        public Worker worker() {
            double[] sum = new double[keys];
            sums.add(sum);
            return block -> add(block, sum);
        }

        private void add(RowBlock block, double[] sum) {
            boolean any = false;
            for (int lane = 0; lane < block.count; lane++) {
                any |= weights[block.row0 + lane] != 0;
            }
            for (int key = block.key0; any && key < block.key1; key++) {
                int at = (key - block.key0) * RowBlock.LANES;
                double total = 0;
                for (int lane = 0; lane < block.count; lane++) {
                    total += block.p[at + lane] * weights[block.row0 + lane];
                }
                sum[key] += total;
            }
        }

        @Override
        public void finish() {
            // Sums are added up when they are asked for.
        }

        void addTo(double[] target, double factor) {
            for (double[] sum : sums) {
                for (int key = 0; key < keys; key++) {
                    target[key] += factor * sum[key];
                }
            }
        }
    }
}
