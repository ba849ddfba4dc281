package org.headlight.viz.raster;

import java.util.ArrayList;
import java.util.List;

/** Round marks for axes and colour bars. */
public final class Ticks {
    private static final double SLACK = 1e-9;

    private Ticks() {}

    /**
     * Marks of a colour bar, rising, all within the scale: 1, 2 or 5 times a power of ten for
     * linear scales, powers of ten for logarithmic ones (with 2 and 5 where there are few).
     *
     * @param most how many labels there is room for
     */
    public static List<Tick> of(Scale scale, int most) {
        return scale.kind() == Scale.Kind.LOG
                ? log(scale.low(), scale.high(), most)
                : linear(scale.low(), scale.high(), most);
    }

    /** Round marks in [low, high]. */
    public static List<Tick> linear(double low, double high, int most) {
        double step = step((high - low) / Math.max(1, most - 1));
        List<Tick> ticks = new ArrayList<>();
        for (long i = (long) Math.ceil(low / step - SLACK); i * step <= high + step * SLACK; i++) {
            double value = i * step;
            ticks.add(new Tick(value, NumberText.plain(value)));
        }
        return ticks;
    }

    /** Powers of ten in [low, high], thinned to what there is room for. */
    public static List<Tick> log(double low, double high, int most) {
        int first = (int) Math.ceil(Math.log10(low) - 1e-6);
        int last = (int) Math.floor(Math.log10(high) + 1e-6);
        int decades = last - first + 1;
        int every = Math.max(1, (int) Math.ceil((double) decades / Math.max(2, most)));
        boolean fine = every == 1 && decades * 3 <= most + 2;
        List<Tick> ticks = new ArrayList<>();
        for (int e = first - 1; e <= last; e++) {
            for (int digit = 1; digit <= 9; digit++) {
                double value = digit * Math.pow(10, e);
                if (value < low * (1 - SLACK * 100) || value > high * (1 + SLACK * 100)) {
                    continue;
                }
                boolean major =
                        digit == 1
                                ? Math.floorMod(-e, every) == 0
                                : fine && (digit == 2 || digit == 5);
                ticks.add(new Tick(value, major ? NumberText.plain(value) : ""));
            }
        }
        return ticks;
    }

    /**
     * Round whole positions in [first, end).
     *
     * @param most how many labels there is room for
     */
    public static List<Tick> positions(int first, int end, int most) {
        double step = Math.max(1, step((double) (end - first) / Math.max(1, most)));
        long whole = Math.round(step);
        List<Tick> ticks = new ArrayList<>();
        for (long at = Math.ceilDiv((long) first, whole) * whole; at < end; at += whole) {
            ticks.add(new Tick(at, NumberText.count(at)));
        }
        return ticks;
    }

    /** The smallest of 1, 2, 5 times a power of ten that is not below. */
    static double step(double least) {
        double power = Math.pow(10, Math.floor(Math.log10(least)));
        for (int factor : new int[] {1, 2, 5, 10}) {
            if (factor * power >= least * (1 - SLACK)) {
                return factor * power;
            }
        }
        return 10 * power;
    }
}
