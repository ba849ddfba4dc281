package org.headlight.analysis.sparse.run;

/**
 * How often a run is made for its times, eight times at the most. A first run is a matter of its
 * own: much of it may have been the program compiling itself.
 *
 * @param cold milliseconds of a first run up to which there is a second
 * @param enough milliseconds of those after the first up to which there are more
 */
public record Repeats(double cold, double enough) {
    /** For numbers that are written down. */
    public static final Repeats THOROUGH = new Repeats(10_000, 2_000);

    /** For somebody who waits. */
    public static final Repeats SHORT = new Repeats(10_000, 600);

    private static final int MOST = 8;

    /**
     * Whether to run again.
     *
     * @param done runs so far, at least 1
     * @param first milliseconds of the first
     * @param later milliseconds of the others
     */
    public boolean again(int done, double first, double later) {
        return done < MOST && first < cold && later < enough;
    }
}
