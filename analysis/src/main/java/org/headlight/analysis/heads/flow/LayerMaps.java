package org.headlight.analysis.heads.flow;

import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.kernel.AttentionKernels;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.problem.CancelledException;
import org.headlight.engine.sweep.HeadReader;
import org.headlight.engine.task.Progress;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The maps of the layers of a short text as numbers, [N, N] each: the mean of a layer's heads, with
 * or without the residual stream.
 */
public final class LayerMaps {
    /** The longest text whose maps are written out. */
    public static final int MOST_TOKENS = 1024;

    private final List<double[][]> layers;

    /** Maps that are known, the first layer first; not copied. */
    LayerMaps(List<double[][]> layers) {
        this.layers = List.copyOf(layers);
    }

    /**
     * Reads the maps of self-attention sites of one text.
     *
     * @param residual whether half of what a layer passes on is the residual stream: rows of the
     *     mean plus the identity, made to sum to 1
     * @throws BadInputException when the text is longer than {@link #MOST_TOKENS}, or a site has
     *     fewer queries than keys
     * @throws CancelledException when the progress says so
     */
    public static LayerMaps of(
            List<SiteCapture> sites,
            boolean residual,
            AttentionKernels kernels,
            Progress progress) {
        List<double[][]> layers = new ArrayList<>();
        for (SiteCapture site : sites) {
            int n = site.keyTokens().size();
            if (n > MOST_TOKENS) {
                throw new BadInputException(
                        "Rollout of a whole map needs N x N numbers and the text has "
                                + n
                                + " tokens; take at most "
                                + MOST_TOKENS
                                + ", or follow one position.");
            }
            double[][] mean = new double[n][n];
            for (HeadAttention head : site.heads()) {
                progress.check();
                if (head.rows() != n || head.cols() != n) {
                    throw new BadInputException(
                            site.headName(0)
                                    + " has "
                                    + head.rows()
                                    + " queries for "
                                    + head.cols()
                                    + " keys; rollout needs a row for every token.");
                }
                float[] cells = new float[n * n];
                new HeadReader(head, Set.of(), kernels).probabilities(0, n, 0, n, cells, 0, n);
                for (int i = 0; i < cells.length; i++) {
                    // Masked cells are NaN.
                    mean[i / n][i % n] += cells[i] > 0 ? cells[i] / site.heads().size() : 0;
                }
            }
            layers.add(residual ? withResidual(mean) : mean);
            progress.at(layers.size() / (double) sites.size(), "Reading the layers");
        }
        return new LayerMaps(layers);
    }

    /** Rows of A + I, each made to sum to 1. */
    static double[][] withResidual(double[][] map) {
        int n = map.length;
        double[][] result = new double[n][n];
        for (int q = 0; q < n; q++) {
            double sum = 1;
            for (double a : map[q]) {
                sum += a;
            }
            for (int k = 0; k < n; k++) {
                result[q][k] = (map[q][k] + (q == k ? 1 : 0)) / sum;
            }
        }
        return result;
    }

    /** How many layers. */
    public int size() {
        return layers.size();
    }

    /** Tokens of the text. */
    public int tokens() {
        return layers.isEmpty() ? 0 : layers.getFirst().length;
    }

    /** What a layer passes to a query from a key. */
    public double at(int layer, int query, int key) {
        return layers.get(layer)[query][key];
    }
}
