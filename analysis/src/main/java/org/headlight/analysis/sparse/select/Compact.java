package org.headlight.analysis.sparse.select;

import org.headlight.engine.attend.HeadArray;

/** Rows without gaps, which the kernels of maps read. */
public final class Compact {
    private Compact() {}

    /** The same rows without gaps between those of a head; the array itself if it has none. */
    public static HeadArray rows(HeadArray array) {
        if (array.rowStride() == array.width()) {
            return array;
        }
        int width = array.width();
        float[] values = new float[array.heads() * array.rows() * width];
        for (int head = 0; head < array.heads(); head++) {
            for (int row = 0; row < array.rows(); row++) {
                System.arraycopy(
                        array.values(),
                        array.at(head, row),
                        values,
                        (head * array.rows() + row) * width,
                        width);
            }
        }
        return HeadArray.headsFirst(values, array.heads(), array.rows(), width);
    }
}
