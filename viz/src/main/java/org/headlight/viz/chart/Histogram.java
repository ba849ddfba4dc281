package org.headlight.viz.chart;

import org.jfree.data.xy.AbstractIntervalXYDataset;

/** Values counted in bins of equal width. */
final class Histogram extends AbstractIntervalXYDataset {
    private static final long serialVersionUID = 1L;
    private static final int MOST = 60;

    private final double low;
    private final double width;
    private final transient int[] counts;

    /**
     * Counts.
     *
     * @param values NaN does not count
     * @param room for so many bins
     */
    Histogram(double[] values, int room) {
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        int known = 0;
        for (double value : values) {
            if (!Double.isNaN(value)) {
                least = Math.min(least, value);
                most = Math.max(most, value);
                known++;
            }
        }
        int bins = known == 0 ? 0 : Math.clamp((int) Math.ceil(2 * Math.sqrt(known)), 1, MOST);
        bins = Math.min(bins, Math.max(1, room));
        double span = most > least ? most - least : Math.max(1e-6, Math.abs(most) * 0.1);
        low = known == 0 ? 0 : most > least ? least : least - span / 2;
        width = bins == 0 ? 1 : span / bins;
        counts = new int[bins];
        for (double value : values) {
            if (!Double.isNaN(value)) {
                counts[Math.clamp((int) ((value - low) / width), 0, bins - 1)]++;
            }
        }
    }

    double low() {
        return low;
    }

    double high() {
        return low + width * Math.max(1, counts.length);
    }

    int most() {
        int most = 0;
        for (int count : counts) {
            most = Math.max(most, count);
        }
        return most;
    }

    @Override
    public int getSeriesCount() {
        return 1;
    }

    @Override
    public Integer getSeriesKey(int series) {
        return series;
    }

    @Override
    public int getItemCount(int series) {
        return counts.length;
    }

    @Override
    public double getStartXValue(int series, int item) {
        return low + item * width;
    }

    @Override
    public double getEndXValue(int series, int item) {
        return low + (item + 1) * width;
    }

    @Override
    public double getXValue(int series, int item) {
        return low + (item + 0.5) * width;
    }

    @Override
    public double getYValue(int series, int item) {
        return counts[item];
    }

    @Override
    public double getStartYValue(int series, int item) {
        return 0;
    }

    @Override
    public double getEndYValue(int series, int item) {
        return counts[item];
    }

    @Override
    public Number getX(int series, int item) {
        return getXValue(series, item);
    }

    @Override
    public Number getY(int series, int item) {
        return getYValue(series, item);
    }

    @Override
    public Number getStartX(int series, int item) {
        return getStartXValue(series, item);
    }

    @Override
    public Number getEndX(int series, int item) {
        return getEndXValue(series, item);
    }

    @Override
    public Number getStartY(int series, int item) {
        return getStartYValue(series, item);
    }

    @Override
    public Number getEndY(int series, int item) {
        return getEndYValue(series, item);
    }
}
