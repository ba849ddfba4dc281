package org.headlight.analysis.sparse.select;

import org.headlight.engine.attend.HeadArray;

/** Means of blocks of neighbouring rows. */
public final class Pooled {
    private Pooled() {}

    /**
     * Means over blocks of each head: [heads, ceil(rows / block), width], heads first. The last
     * block's mean is over the rows that it has.
     */
    public static HeadArray means(HeadArray rows, int block) {
        int blocks = Math.ceilDiv(rows.rows(), block);
        int width = rows.width();
        float[] means = new float[rows.heads() * blocks * width];
        for (int head = 0; head < rows.heads(); head++) {
            for (int b = 0; b < blocks; b++) {
                int end = Math.min(rows.rows(), (b + 1) * block);
                int to = (head * blocks + b) * width;
                for (int row = b * block; row < end; row++) {
                    int from = rows.at(head, row);
                    for (int d = 0; d < width; d++) {
                        means[to + d] += rows.values()[from + d];
                    }
                }
                float factor = 1f / (end - b * block);
                for (int d = 0; d < width; d++) {
                    means[to + d] *= factor;
                }
            }
        }
        return HeadArray.headsFirst(means, rows.heads(), blocks, width);
    }
}
