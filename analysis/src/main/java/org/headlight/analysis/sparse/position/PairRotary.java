package org.headlight.analysis.sparse.position;

import org.headlight.analysis.sparse.Rotary;
import org.headlight.engine.attend.HeadArray;

import java.util.Locale;

/**
 * Rotary positions as pairs of dimensions: at position p a pair (x, y) is turned by p times its
 * angle, to (x cos - y sin, y cos + x sin). Dimensions without a pair stay as they are. Immutable.
 */
public final class PairRotary implements Rotary {
    private final int width;
    private final int[] first;
    private final int[] second;
    private final double[] angles;
    private final double base;

    /**
     * @param width of a row, D
     * @param first the first dimension of each pair
     * @param second the second dimension of each pair
     * @param angles radians for one position, of each pair
     * @param base of the geometric series that the angles follow; 0 when they follow none
     */
    PairRotary(int width, int[] first, int[] second, double[] angles, double base) {
        this.width = width;
        this.first = first.clone();
        this.second = second.clone();
        this.angles = angles.clone();
        this.base = base;
    }

    /**
     * Pairs (i, i + turned / 2) of the first dimensions, as in Llama: angle i is base^(-2i /
     * turned).
     *
     * @param width of a row, D
     * @param turned how many of the first dimensions are turned, even
     */
    public static PairRotary halves(int width, int turned, double base) {
        Pairing pairing = Pairing.halves(0, turned);
        return new PairRotary(
                width, pairing.first(), pairing.second(), Series.angles(turned / 2, base), base);
    }

    /**
     * Pairs (2i, 2i + 1) of the first dimensions, as in GPT-J: angle i is base^(-2i / turned).
     *
     * @param width of a row, D
     * @param turned how many of the first dimensions are turned, even
     */
    public static PairRotary neighbours(int width, int turned, double base) {
        Pairing pairing = Pairing.neighbours(turned);
        return new PairRotary(
                width, pairing.first(), pairing.second(), Series.angles(turned / 2, base), base);
    }

    /** Rotary positions that turn nothing. */
    static PairRotary none(int width) {
        return new PairRotary(width, new int[0], new int[0], new double[0], 0);
    }

    @Override
    public int width() {
        return width;
    }

    /** How many pairs there are; some may have angle 0. */
    public int pairs() {
        return angles.length;
    }

    /** The first dimension of a pair. */
    public int first(int pair) {
        return first[pair];
    }

    /** The second dimension of a pair. */
    public int second(int pair) {
        return second[pair];
    }

    /** Radians by which a pair is turned from one position to the next. */
    public double angle(int pair) {
        return angles[pair];
    }

    /** The base of the geometric series of the angles; 0 when they follow none. */
    public double base() {
        return base;
    }

    /** Such as "16 pairs (0, 16), (1, 17) ..., base 10000". */
    public String text() {
        if (angles.length == 0) {
            return "nothing is turned";
        }
        String begin = angles.length + " pairs (" + first[0] + ", " + second[0] + ")";
        String next = angles.length > 1 ? ", (" + first[1] + ", " + second[1] + ") ..." : "";
        String series =
                base > 0
                        ? String.format(Locale.ROOT, "base %s", Series.words(base))
                        : "angles of no single base";
        return begin + next + ", " + series;
    }

    @Override
    public void turn(float[] source, int sourceAt, long shift, float[] target, int targetAt) {
        System.arraycopy(source, sourceAt, target, targetAt, width);
        if (shift == 0) {
            return;
        }
        for (int pair = 0; pair < angles.length; pair++) {
            double angle = shift * angles[pair];
            apply(target, targetAt, pair, (float) Math.cos(angle), (float) Math.sin(angle));
        }
    }

    private void apply(float[] row, int at, int pair, float cos, float sin) {
        float x = row[at + first[pair]];
        float y = row[at + second[pair]];
        row[at + first[pair]] = x * cos - y * sin;
        row[at + second[pair]] = y * cos + x * sin;
    }

    /** The same as the interface says; a shift is worked out once for all heads. */
    @Override
    public HeadArray turned(HeadArray rows, int[] shifts) {
        int count = rows.rows();
        float[] values = new float[rows.heads() * count * width];
        float[] cos = new float[angles.length];
        float[] sin = new float[angles.length];
        long known = 0;
        for (int row = 0; row < count; row++) {
            if (shifts[row] != known) {
                known = shifts[row];
                for (int pair = 0; pair < angles.length; pair++) {
                    cos[pair] = (float) Math.cos(known * angles[pair]);
                    sin[pair] = (float) Math.sin(known * angles[pair]);
                }
            }
            for (int head = 0; head < rows.heads(); head++) {
                int to = (head * count + row) * width;
                System.arraycopy(rows.values(), rows.at(head, row), values, to, width);
                for (int pair = 0; known != 0 && pair < angles.length; pair++) {
                    apply(values, to, pair, cos[pair], sin[pair]);
                }
            }
        }
        return HeadArray.headsFirst(values, rows.heads(), count, width);
    }
}
