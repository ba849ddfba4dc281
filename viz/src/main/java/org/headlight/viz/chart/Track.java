package org.headlight.viz.chart;

import java.util.List;

/**
 * One line of numbers along the positions of a text, for a {@link TrackChart}. Immutable; holds an
 * array, so equality is identity.
 */
public final class Track {
    private final String name;
    private final double[] values;
    private final boolean steps;
    private final double base;
    private final List<Integer> dots;
    private final List<Integer> ticks;
    private final int weight;
    private final double top;

    private Track(
            String name,
            double[] values,
            boolean steps,
            double base,
            List<Integer> dots,
            List<Integer> ticks,
            int weight,
            double top) {
        this.name = name;
        this.values = values;
        this.steps = steps;
        this.base = base;
        this.dots = dots;
        this.ticks = ticks;
        this.weight = weight;
        this.top = top;
    }

    /**
     * A line.
     *
     * @param name what the numbers are, with their unit, such as "WAAD, tokens"
     * @param values one for each position, NaN for none
     */
    public static Track line(String name, double[] values) {
        return new Track(name, values.clone(), false, 0, List.of(), List.of(), 4, Double.NaN);
    }

    /**
     * Bars from a base up or down, half as high as a line.
     *
     * @param base where bars begin
     */
    public static Track bars(String name, double[] values, double base) {
        return new Track(name, values.clone(), true, base, List.of(), List.of(), 2, Double.NaN);
    }

    /** With dots on the line at some positions: its peaks. */
    public Track withDots(List<Integer> positions) {
        return new Track(name, values, steps, base, List.copyOf(positions), ticks, weight, top);
    }

    /** With ticks along the lower edge at some positions: those that were chosen. */
    public Track withTicks(List<Integer> positions) {
        return new Track(name, values, steps, base, dots, List.copyOf(positions), weight, top);
    }

    /** With an axis that ends here, so that what is larger runs off it. */
    public Track withTop(double end) {
        return new Track(name, values, steps, base, dots, ticks, weight, end);
    }

    public String name() {
        return name;
    }

    /** How many positions there are. */
    public int count() {
        return values.length;
    }

    /** The number at a position; NaN for none. */
    public double value(int position) {
        return values[position];
    }

    boolean steps() {
        return steps;
    }

    double base() {
        return base;
    }

    List<Integer> dots() {
        return dots;
    }

    List<Integer> ticks() {
        return ticks;
    }

    /** Share of the height. */
    int weight() {
        return weight;
    }

    /** The smallest number, the base of bars included; 0 when there is none. */
    double least() {
        double least = steps ? base : Double.POSITIVE_INFINITY;
        for (double value : values) {
            least = value < least ? value : least;
        }
        return Double.isInfinite(least) ? 0 : least;
    }

    /** Where the axis ends; the largest number unless it was told otherwise. */
    double end() {
        return Double.isNaN(top) ? most() : top;
    }

    /** The largest number, the base of bars included; 1 when there is none. */
    double most() {
        double most = steps ? base : Double.NEGATIVE_INFINITY;
        for (double value : values) {
            most = value > most ? value : most;
        }
        return Double.isInfinite(most) ? 1 : most;
    }
}
