package org.headlight.viz.control.profile;

import org.jfree.data.DomainOrder;
import org.jfree.data.xy.AbstractIntervalXYDataset;

import java.util.ArrayList;
import java.util.List;

/** A profile as bars, one for each pixel column, and the runs of columns that are all masked. */
final class ProfileBars extends AbstractIntervalXYDataset {
    /** The series of the values. */
    static final int VALUES = 0;

    /** The series of the masked runs, which are as tall as the scale. */
    static final int MASKED = 1;

    private static final long serialVersionUID = 1L;

    private transient float[] bars = {};
    private transient List<int[]> runs = List.of();
    private double step = 1;
    private float low;
    private float high = 1;

    /**
     * Shows other bars.
     *
     * @param bars the value of each column, NaN where masked
     * @param count how many positions there are along all columns
     * @param low where bars start
     * @param high where masked runs end
     */
    void show(float[] bars, int count, float low, float high) {
        this.bars = bars;
        this.step = (double) count / Math.max(1, bars.length);
        this.low = low;
        this.high = high;
        runs = new ArrayList<>();
        int from = -1;
        for (int at = 0; at <= bars.length; at++) {
            boolean masked = at < bars.length && Float.isNaN(bars[at]);
            if (masked && from < 0) {
                from = at;
            } else if (!masked && from >= 0) {
                runs.add(new int[] {from, at});
                from = -1;
            }
        }
    }

    @Override
    public DomainOrder getDomainOrder() {
        return DomainOrder.ASCENDING;
    }

    @Override
    public int getSeriesCount() {
        return 2;
    }

    @Override
    public Integer getSeriesKey(int series) {
        return series;
    }

    @Override
    public int getItemCount(int series) {
        return series == VALUES ? bars.length : runs.size();
    }

    @Override
    public double getStartXValue(int series, int item) {
        return step * (series == VALUES ? item : runs.get(item)[0]);
    }

    @Override
    public double getEndXValue(int series, int item) {
        return step * (series == VALUES ? item + 1 : runs.get(item)[1]);
    }

    @Override
    public double getXValue(int series, int item) {
        return (getStartXValue(series, item) + getEndXValue(series, item)) / 2;
    }

    @Override
    public double getYValue(int series, int item) {
        return series == VALUES ? bars[item] : high;
    }

    @Override
    public double getStartYValue(int series, int item) {
        return low;
    }

    @Override
    public double getEndYValue(int series, int item) {
        return getYValue(series, item);
    }

    @Override
    public Number getX(int series, int item) {
        return getXValue(series, item);
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
    public Number getY(int series, int item) {
        return getYValue(series, item);
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
