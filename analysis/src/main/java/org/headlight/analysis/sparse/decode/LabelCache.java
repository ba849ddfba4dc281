package org.headlight.analysis.sparse.decode;

import org.headlight.analysis.sparse.select.Best;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.HeadArray;

import java.util.Arrays;

/**
 * A small copy of the keys for estimating scores: a few channels of each key head, those with the
 * largest numbers in the prompt, each key rounded to integers of four bits by a factor of its own.
 */
final class LabelCache {
    /** The largest integer of a rounded key. */
    private static final int MOST = 7;

    private final int channels;
    private final int keys;
    private final int[] chosen;
    private final byte[] labels;
    private final float[] factors;

    /**
     * @param channels how many a head keeps, at the most all of them
     * @param prompt keys by which the channels are chosen
     */
    LabelCache(AttentionInput input, int channels, int prompt) {
        HeadArray k = input.k();
        this.channels = Math.min(channels, k.width());
        this.keys = k.rows();
        this.chosen = new int[k.heads() * this.channels];
        this.labels = new byte[k.heads() * keys * this.channels];
        this.factors = new float[k.heads() * keys];
        for (int head = 0; head < k.heads(); head++) {
            choose(k, head, prompt);
            for (int key = 0; key < keys; key++) {
                round(k, head, key);
            }
        }
    }

    private void choose(HeadArray k, int head, int prompt) {
        double[] sums = new double[k.width()];
        for (int key = 0; key < prompt; key++) {
            for (int d = 0; d < sums.length; d++) {
                sums[d] += Math.abs(k.values()[k.at(head, key) + d]);
            }
        }
        int[] best = Best.of(sums, sums.length, channels);
        System.arraycopy(best, 0, chosen, head * channels, channels);
    }

    private void round(HeadArray k, int head, int key) {
        int from = k.at(head, key);
        float most = 0;
        for (int c = 0; c < channels; c++) {
            most = Math.max(most, Math.abs(k.values()[from + chosen[head * channels + c]]));
        }
        float factor = most / MOST;
        int to = (head * keys + key) * channels;
        factors[head * keys + key] = factor;
        for (int c = 0; c < channels && most > 0; c++) {
            float x = k.values()[from + chosen[head * channels + c]];
            labels[to + c] = (byte) Math.round(x / factor);
        }
    }

    /** The channels of a key head, rising. */
    int[] channels(int keyHead) {
        return Arrays.copyOfRange(chosen, keyHead * channels, (keyHead + 1) * channels);
    }

    /** An estimate of the product of a query with a key. */
    float estimate(HeadArray q, int head, int row, int keyHead, int key) {
        int at = q.at(head, row);
        int from = (keyHead * keys + key) * channels;
        float sum = 0;
        for (int c = 0; c < channels; c++) {
            sum += q.values()[at + chosen[keyHead * channels + c]] * labels[from + c];
        }
        return sum * factors[keyHead * keys + key];
    }
}
