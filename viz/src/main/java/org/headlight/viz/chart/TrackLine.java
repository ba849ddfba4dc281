package org.headlight.viz.chart;

import org.jfree.data.DomainOrder;
import org.jfree.data.xy.AbstractXYDataset;

import java.util.ArrayList;
import java.util.List;

/**
 * A track as points of a line. A long one is thinned to the lowest and the highest point of each
 * pixel column, so that no peak is lost; a missing number breaks the line.
 */
final class TrackLine extends AbstractXYDataset {
    private static final long serialVersionUID = 1L;

    private final transient List<double[]> points;

    TrackLine(Track track, int columns) {
        points = track.count() <= 2 * columns ? all(track) : thinned(track, columns);
    }

    private static List<double[]> all(Track track) {
        List<double[]> points = new ArrayList<>(track.count());
        for (int i = 0; i < track.count(); i++) {
            points.add(new double[] {i + 0.5, track.value(i)});
        }
        return points;
    }

    private static List<double[]> thinned(Track track, int columns) {
        List<double[]> points = new ArrayList<>(2 * columns);
        for (int column = 0; column < columns; column++) {
            int from = (int) ((long) column * track.count() / columns);
            int to = (int) ((column + 1L) * track.count() / columns);
            int low = -1;
            int high = -1;
            for (int i = from; i < to; i++) {
                double value = track.value(i);
                low = !Double.isNaN(value) && (low < 0 || value < track.value(low)) ? i : low;
                high = !Double.isNaN(value) && (high < 0 || value > track.value(high)) ? i : high;
            }
            if (low < 0) {
                points.add(new double[] {from + 0.5, Double.NaN});
                continue;
            }
            points.add(new double[] {Math.min(low, high) + 0.5, track.value(Math.min(low, high))});
            points.add(new double[] {Math.max(low, high) + 0.5, track.value(Math.max(low, high))});
        }
        return points;
    }

    @Override
    public DomainOrder getDomainOrder() {
        return DomainOrder.ASCENDING;
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
        return points.size();
    }

    @Override
    public double getXValue(int series, int item) {
        return points.get(item)[0];
    }

    @Override
    public double getYValue(int series, int item) {
        return points.get(item)[1];
    }

    @Override
    public Number getX(int series, int item) {
        return getXValue(series, item);
    }

    @Override
    public Number getY(int series, int item) {
        return getYValue(series, item);
    }
}
