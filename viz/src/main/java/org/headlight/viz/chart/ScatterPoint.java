package org.headlight.viz.chart;

/**
 * A point of a {@link ScatterChart}.
 *
 * @param name for people, such as L2H1
 * @param x NaN for a point that has no place
 * @param y NaN likewise
 * @param kind what sort of thing it is: points of one kind look alike; from 0 on
 */
public record ScatterPoint(String name, double x, double y, int kind) {

    /** Whether it can be drawn. */
    boolean placed() {
        return Double.isFinite(x) && Double.isFinite(y);
    }
}
