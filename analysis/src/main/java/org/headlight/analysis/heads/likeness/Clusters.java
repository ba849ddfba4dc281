package org.headlight.analysis.heads.likeness;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Heads put together by likeness: the two nearest clusters are joined again and again, as long as
 * the mean distance between their heads (average linkage) is at most a cut.
 */
public final class Clusters {
    private final int[] cluster;
    private final int count;

    private Clusters(int[] cluster, int count) {
        this.cluster = cluster;
        this.count = count;
    }

    /**
     * Joins heads.
     *
     * @param cut the largest mean distance of clusters that are joined, 0 to 1
     * @return clusters numbered from 0 on, the largest first, equal ones by their first head
     */
    public static Clusters of(Distances distances, double cut) {
        int n = distances.size();
        double[][] between = new double[n][n];
        for (int a = 0; a < n; a++) {
            for (int b = 0; b < n; b++) {
                between[a][b] = distances.between(a, b);
            }
        }
        List<List<Integer>> members = new ArrayList<>();
        for (int a = 0; a < n; a++) {
            members.add(new ArrayList<>(List.of(a)));
        }
        int[] nearest = new int[n];
        for (int a = 0; a < n; a++) {
            nearest[a] = nearest(between, members, a);
        }
        for (int joined = 1; joined < n; joined++) {
            int a = closest(between, members, nearest);
            if (a < 0 || between[a][nearest[a]] > cut) {
                break;
            }
            join(between, members, Math.min(a, nearest[a]), Math.max(a, nearest[a]), nearest);
        }
        return numbered(members, n);
    }

    /** The nearest other cluster; -1 where there is none. */
    private static int nearest(double[][] between, List<List<Integer>> members, int a) {
        int best = -1;
        for (int b = 0; b < between.length; b++) {
            boolean other = b != a && !members.get(a).isEmpty() && !members.get(b).isEmpty();
            if (other && (best < 0 || between[a][b] < between[a][best])) {
                best = b;
            }
        }
        return best;
    }

    private static int closest(double[][] between, List<List<Integer>> members, int[] nearest) {
        int best = -1;
        for (int a = 0; a < between.length; a++) {
            boolean some = !members.get(a).isEmpty() && nearest[a] >= 0;
            if (some && (best < 0 || between[a][nearest[a]] < between[best][nearest[best]])) {
                best = a;
            }
        }
        return best;
    }

    private static void join(
            double[][] between, List<List<Integer>> members, int a, int b, int[] nearest) {
        double left = members.get(a).size();
        double right = members.get(b).size();
        for (int c = 0; c < between.length; c++) {
            double mean = (left * between[a][c] + right * between[b][c]) / (left + right);
            between[a][c] = mean;
            between[c][a] = mean;
        }
        members.get(a).addAll(members.get(b));
        members.get(b).clear();
        for (int c = 0; c < between.length; c++) {
            // A mean is no nearer than the nearer of the two: only these can have changed.
            if (c == a || nearest[c] == a || nearest[c] == b) {
                nearest[c] = nearest(between, members, c);
            }
        }
    }

    private static Clusters numbered(List<List<Integer>> members, int n) {
        List<List<Integer>> sorted = new ArrayList<>(members);
        sorted.removeIf(List::isEmpty);
        sorted.forEach(each -> each.sort(Comparator.naturalOrder()));
        sorted.sort(
                Comparator.comparingInt((List<Integer> each) -> -each.size())
                        .thenComparingInt(List::getFirst));
        int[] cluster = new int[n];
        for (int i = 0; i < sorted.size(); i++) {
            for (int head : sorted.get(i)) {
                cluster[head] = i;
            }
        }
        return new Clusters(cluster, sorted.size());
    }

    /** How many clusters. */
    public int count() {
        return count;
    }

    /** The cluster of a head. */
    public int of(int head) {
        return cluster[head];
    }

    /** The heads of a cluster, in order. */
    public List<Integer> heads(int number) {
        List<Integer> heads = new ArrayList<>();
        for (int head = 0; head < cluster.length; head++) {
            if (cluster[head] == number) {
                heads.add(head);
            }
        }
        return heads;
    }
}
