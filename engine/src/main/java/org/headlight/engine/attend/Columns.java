package org.headlight.engine.attend;

/** What lists of columns must be. */
final class Columns {
    private Columns() {}

    static void checkRising(int[] columns, int from, int to, String where) {
        for (int i = from; i < to; i++) {
            if (columns[i] < 0 || (i > from && columns[i] <= columns[i - 1])) {
                throw new IllegalArgumentException(
                        where + ": entry " + (i - from) + ", " + columns[i] + ", does not rise");
            }
        }
    }

    /** Checks the last entry of each rising list that ends at {@code end}. */
    static void checkBelow(int[] columns, int end, int limit) {
        if (end > 0 && columns[end - 1] >= limit) {
            throw new IllegalArgumentException(
                    "Column " + columns[end - 1] + " of a selection; there are " + limit);
        }
    }

    /** Checks that row starts begin at 0, never fall, and end at the number of columns. */
    static void checkStarts(int[] starts, int columns, String where) {
        boolean good = starts.length > 0 && starts[0] == 0 && starts[starts.length - 1] == columns;
        for (int i = 1; good && i < starts.length; i++) {
            good = starts[i] >= starts[i - 1];
        }
        if (!good) {
            throw new IllegalArgumentException(
                    where + ": row starts must rise from 0 to " + columns);
        }
    }
}
