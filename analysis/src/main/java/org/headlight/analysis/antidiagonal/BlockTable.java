package org.headlight.analysis.antidiagonal;

/** A number per block, [rows, cols]. Equality is identity. */
public final class BlockTable {
    private final double[] values;
    private final int rows;
    private final int cols;

    /**
     * Takes the array over.
     *
     * @param values row by row, [rows, cols]
     */
    BlockTable(double[] values, int rows, int cols) {
        if (values.length != (long) rows * cols) {
            throw new IllegalArgumentException(values.length + " is not " + rows + " x " + cols);
        }
        this.values = values;
        this.rows = rows;
        this.cols = cols;
    }

    /**
     * The table of one head of several.
     *
     * @param values [heads, rows, cols]
     */
    public static BlockTable ofHead(float[] values, int head, int rows, int cols) {
        double[] own = new double[rows * cols];
        for (int i = 0; i < own.length; i++) {
            own[i] = values[head * own.length + i];
        }
        return new BlockTable(own, rows, cols);
    }

    public int rows() {
        return rows;
    }

    public int cols() {
        return cols;
    }

    public double get(int row, int col) {
        return values[row * cols + col];
    }

    /** The sum of a row. */
    public double total(int row) {
        double total = 0;
        for (int col = 0; col < cols; col++) {
            total += get(row, col);
        }
        return total;
    }

    /** The sum of all. */
    public double total() {
        double total = 0;
        for (int row = 0; row < rows; row++) {
            total += total(row);
        }
        return total;
    }

    /**
     * The sums over larger blocks, whose side is {@code factor} of these.
     *
     * @param factor at least 1
     */
    BlockTable coarser(int factor) {
        int tall = Math.ceilDiv(rows, factor);
        int wide = Math.ceilDiv(cols, factor);
        double[] sums = new double[tall * wide];
        for (int row = 0; row < rows; row++) {
            int to = row / factor * wide;
            for (int col = 0; col < cols; to++) {
                double sum = 0;
                for (int end = Math.min(cols, col + factor); col < end; col++) {
                    sum += get(row, col);
                }
                sums[to] += sum;
            }
        }
        return new BlockTable(sums, tall, wide);
    }
}
