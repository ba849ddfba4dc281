package org.headlight.analysis.sparse.prefill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.headlight.analysis.sparse.Plan;
import org.headlight.analysis.sparse.Settings;
import org.headlight.analysis.sparse.SparseCase;
import org.headlight.engine.attend.HeadArray;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Vertical-slash against published code's numbers and a plain restatement of its kernel. */
class VerticalSlashTest {
    /** Queries and keys of the shared vectors. */
    static SparseCase vector(int heads, int length, double spread) {
        int width = 8;
        float[] q = new float[heads * length * width];
        float[] k = new float[heads * length * width];
        for (int h = 0; h < heads; h++) {
            for (int i = 0; i < length; i++) {
                for (int c = 0; c < width; c++) {
                    int at = (h * length + i) * width + c;
                    q[at] = (float) (spread * Math.sin(0.37 * (i + 1) * (c + 1) + 1.3 * h));
                    k[at] = (float) (spread * Math.cos(0.23 * (i + 1) * (c + 2) - 0.7 * h));
                }
            }
        }
        HeadArray keys = HeadArray.headsFirst(k, heads, length, width);
        return SparseCase.of(
                SparseCase.causal(HeadArray.headsFirst(q, heads, length, width), keys, keys));
    }

    private static SweepOptions sweep(SparseCase some) {
        return some.run(1).sweep();
    }

    @Test
    void sumsOfTheLastQueriesAreThoseOfThePublishedCode() {
        SparseCase vector = vector(1, 256, 2);
        LastQueries last = new LastQueries(vector.whole(), 0, 64, sweep(vector), Progress.NONE);
        double[] columns = last.columns();
        double[] distances = last.distances();
        assertThat(columns[0]).isCloseTo(0.144147, within(1e-5));
        assertThat(columns[1]).isCloseTo(0.481556, within(1e-5));
        assertThat(columns[2]).isCloseTo(0.232896, within(1e-5));
        assertThat(columns[100]).isCloseTo(0.101802, within(1e-5));
        assertThat(columns[255]).isCloseTo(0.000644743, within(1e-5));
        assertThat(distances[0]).isCloseTo(0.179349, within(1e-5));
        assertThat(distances[55]).isCloseTo(0.158665, within(1e-5));
        assertThat(distances[105]).isCloseTo(0.36165, within(1e-5));
        assertThat(distances[255]).isCloseTo(0.015859, within(1e-5));
        assertThat(Arrays.stream(columns).sum()).isCloseTo(64, within(1e-3));
        assertThat(Arrays.stream(distances).sum()).isCloseTo(64, within(1e-3));
    }

    @Test
    void chosenColumnsAndSlashesAreThoseOfThePublishedCode() {
        SparseCase vector = vector(1, 256, 2);
        Settings settings =
                Settings.standard(new VerticalSlash().info())
                        .with("verticals", 36)
                        .with("slashes", 106);
        SlashWindows chosen =
                VerticalSlash.choose(settings, vector.whole(), 0, sweep(vector), Progress.NONE);
        assertThat(Arrays.stream(chosen.columns()).filter(c -> c >= 30))
                .containsExactly(40, 81, 122, 149, 163, 190);
        assertThat(chosen.columns()).hasSize(36);
        assertThat(Arrays.stream(chosen.distances()).filter(d -> d >= 100))
                .containsExactly(122, 123, 149, 150, 153, 178);
        assertThat(chosen.distances()).hasSize(106);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 65, 130, 300, 700})
    void keysAreThoseOfThePublishedKernel(int tokens) {
        SparseCase text = SparseCase.text(4, 2, tokens, 16, 11);
        Settings settings =
                Settings.standard(new VerticalSlash().info())
                        .with("verticals", 9)
                        .with("slashes", 12)
                        .with("sinks", 3)
                        .with("near", 5);
        Plan plan = text.plan(new VerticalSlash(), settings);
        for (int head = 0; head < 4; head++) {
            boolean[][] kept = text.kept(plan, head);
            boolean[][] truth = naive(text.map(head), 9, 12, 3, 5);
            for (int row = 0; row < tokens; row++) {
                assertThat(kept[row]).as("head %d, row %d", head, row).isEqualTo(truth[row]);
            }
        }
    }

    private static boolean[][] naive(double[][] map, int nv, int ns, int sinks, int near) {
        int tokens = map.length;
        double[] vertical = new double[tokens];
        double[] slash = new double[tokens];
        for (int row = Math.max(0, tokens - 64); row < tokens; row++) {
            for (int key = 0; key <= row; key++) {
                vertical[key] += map[row][key];
                slash[row - key] += map[row][key];
            }
        }
        Arrays.fill(vertical, 0, Math.min(sinks, tokens), Double.POSITIVE_INFINITY);
        Arrays.fill(slash, 0, Math.min(near, tokens), Double.POSITIVE_INFINITY);
        List<Integer> verticals = new ArrayList<>(top(vertical, nv));
        List<Integer> slashes = new ArrayList<>(top(slash, ns));
        verticals.sort(Comparator.naturalOrder());
        slashes.sort(Comparator.reverseOrder());
        boolean[][] kept = new boolean[tokens][tokens];
        for (int start = 0; start < tokens; start += 64) {
            boolean[] keys = kernel(verticals, slashes, start + 64, tokens);
            for (int row = start; row < Math.min(tokens, start + 64); row++) {
                for (int key = 0; key <= row; key++) {
                    kept[row][key] = keys[key];
                }
            }
        }
        return kept;
    }

    private static List<Integer> top(double[] values, int count) {
        return IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -values[i]))
                .limit(count)
                .toList();
    }

    /** The loop of the published kernel, step by step. */
    private static boolean[] kernel(
            List<Integer> verticals, List<Integer> slashes, int end, int tokens) {
        boolean[] keys = new boolean[tokens + 128];
        int s = 0;
        int v = 0;
        int column = verticals.get(v++);
        while (slashes.get(s) >= end) {
            s++;
        }
        int slash = Math.max(end - slashes.get(s++), 64);
        int from = slash - 64;
        int to = slash;
        while (true) {
            if (column < to) {
                if (column < from) {
                    keys[column] = true;
                }
                column = v < verticals.size() ? verticals.get(v++) : end + 64;
            } else {
                if (s < slashes.size()) {
                    slash = Math.max(end - slashes.get(s++), 64);
                } else {
                    Arrays.fill(keys, from, Math.min(to, keys.length), true);
                    return Arrays.copyOf(keys, tokens);
                }
                if (slash > to + 64) {
                    Arrays.fill(keys, from, to, true);
                    from = slash - 64;
                    to = slash;
                } else if (slash > to) {
                    to += 64;
                }
            }
        }
    }
}
