package org.headlight.analysis.rhythm;

import java.util.List;

/** The formulas of the papers over whole maps in double precision, as they are written. */
final class NaiveRhythm {
    private NaiveRhythm() {}

    static double[][] mean(List<double[][]> maps) {
        int n = maps.getFirst().length;
        double[][] mean = new double[n][n];
        for (double[][] map : maps) {
            for (int q = 0; q < n; q++) {
                for (int k = 0; k < n; k++) {
                    mean[q][k] += map[q][k] / maps.size();
                }
            }
        }
        return mean;
    }

    static double distance(double[][] map, int from) {
        double sum = 0;
        for (int t = from; t < map.length; t++) {
            for (int s = 0; s <= t; s++) {
                sum += map[t][s] * (t - s);
            }
        }
        return sum / (map.length - from);
    }

    /** Mean distance of the mass that does not lie on the first key. */
    static double distanceWithoutFirst(double[][] map, int from) {
        double sum = 0;
        double mass = 0;
        for (int t = from; t < map.length; t++) {
            for (int s = 1; s <= t; s++) {
                sum += map[t][s] * (t - s);
                mass += map[t][s];
            }
        }
        return sum / mass;
    }

    static double waad(double[][] map, int t, int window) {
        double sum = 0;
        for (int s = 0; s <= t; s++) {
            sum += map[t][s] * Math.min(t - s, window);
        }
        return sum;
    }

    static double fai(double[][] map, int s, int from, long lo, long hi) {
        double sum = 0;
        int count = 0;
        for (int t = from; t < map.length; t++) {
            if (s + lo <= t && t <= s + hi) {
                sum += map[t][s];
                count++;
            }
        }
        return count == 0 ? Double.NaN : sum / count;
    }

    /** Excess kurtosis of the vertical scores, by the matrix of sentence means. */
    static double kurtosis(double[][] map, Sentences sentences, int near) {
        int count = sentences.count();
        double[][] means = new double[count][count];
        for (int j = 0; j < count; j++) {
            for (int i = 0; i < count; i++) {
                for (int q = sentences.start(j); q < sentences.end(j); q++) {
                    for (int k = sentences.start(i); k < sentences.end(i); k++) {
                        means[j][i] += map[q][k] / sentences.length(j) / sentences.length(i);
                    }
                }
            }
        }
        int scored = 0;
        double[] vertical = new double[count];
        for (int i = 0; i + near < count; i++) {
            for (int j = i + near; j < count; j++) {
                vertical[i] += means[j][i] / (count - near - i);
            }
            scored++;
        }
        double mean = 0;
        for (int i = 0; i < scored; i++) {
            mean += vertical[i] / scored;
        }
        double second = 0;
        double fourth = 0;
        for (int i = 0; i < scored; i++) {
            second += Math.pow(vertical[i] - mean, 2) / scored;
            fourth += Math.pow(vertical[i] - mean, 4) / scored;
        }
        return fourth / (second * second) - 3;
    }
}
