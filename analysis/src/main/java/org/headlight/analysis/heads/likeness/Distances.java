package org.headlight.analysis.heads.likeness;

import org.headlight.engine.task.Progress;

import java.util.List;

/** How differently each two of some heads look, 0 alike to 1 nothing in common. */
public final class Distances {
    private final int size;
    private final float[] values;

    private Distances(int size) {
        this.size = size;
        this.values = new float[size * size];
    }

    /**
     * Compares each two of some pictures; those of maps of different sizes have nothing in common.
     *
     * @throws org.headlight.engine.problem.CancelledException when the progress says so
     */
    public static Distances of(List<RowSample> heads, Progress progress) {
        Distances result = new Distances(heads.size());
        for (int a = 0; a < heads.size(); a++) {
            progress.check();
            for (int b = 0; b < a; b++) {
                boolean comparable = heads.get(a).comparable(heads.get(b));
                double distance = comparable ? heads.get(a).distance(heads.get(b)) : 1;
                result.set(a, b, (float) distance);
            }
        }
        return result;
    }

    /** Distances that are known: {@code rows[a][b]}, of which a &gt; b counts. */
    static Distances of(double[][] rows) {
        Distances result = new Distances(rows.length);
        for (int a = 0; a < rows.length; a++) {
            for (int b = 0; b < a; b++) {
                result.set(a, b, (float) rows[a][b]);
            }
        }
        return result;
    }

    private void set(int a, int b, float distance) {
        values[a * size + b] = distance;
        values[b * size + a] = distance;
    }

    /** How many heads. */
    public int size() {
        return size;
    }

    /** How differently two heads look. */
    public double between(int a, int b) {
        return values[a * size + b];
    }

    /** Mean over each two of some heads; NaN where there are not two. */
    public double mean(List<Integer> heads) {
        double sum = 0;
        int pairs = 0;
        for (int i = 0; i < heads.size(); i++) {
            for (int j = 0; j < i; j++) {
                sum += between(heads.get(i), heads.get(j));
                pairs++;
            }
        }
        return pairs == 0 ? Double.NaN : sum / pairs;
    }
}
