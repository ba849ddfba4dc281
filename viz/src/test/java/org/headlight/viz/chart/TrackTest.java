package org.headlight.viz.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

class TrackTest {
    private static double[] random(int n) {
        Random random = new Random(n);
        return random.doubles(n).toArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 63, 199, 200})
    void aShortTrackIsDrawnPointByPoint(int n) {
        double[] values = random(n);
        TrackLine line = new TrackLine(Track.line("x", values), 100);
        assertThat(line.getItemCount(0)).isEqualTo(n);
        for (int i = 0; i < n; i++) {
            assertThat(line.getXValue(0, i)).isEqualTo(i + 0.5);
            assertThat(line.getYValue(0, i)).isEqualTo(values[i]);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 1000, 8191, 65536})
    void aLongTrackKeepsTheLowestAndTheHighestOfEachColumn(int n) {
        double[] values = random(n);
        values[n / 3] = 7;
        values[n / 2] = -7;
        TrackLine line = new TrackLine(Track.line("x", values), 100);
        assertThat(line.getItemCount(0)).isEqualTo(200);
        Set<Double> drawn = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            int at = (int) line.getXValue(0, i);
            assertThat(line.getYValue(0, i)).isEqualTo(values[at]);
            drawn.add(line.getYValue(0, i));
        }
        assertThat(drawn).contains(7.0, -7.0);
        for (int column = 0; column < 100; column++) {
            double[] part =
                    Arrays.copyOfRange(values, column * n / 100, (int) ((column + 1L) * n / 100));
            assertThat(drawn)
                    .contains(
                            Arrays.stream(part).min().orElseThrow(),
                            Arrays.stream(part).max().orElseThrow());
        }
    }

    @Test
    void aMissingValueBreaksTheLine() {
        double[] values = random(1000);
        Arrays.fill(values, 400, 600, Double.NaN);
        TrackLine line = new TrackLine(Track.line("x", values), 10);
        int gaps = 0;
        for (int i = 0; i < line.getItemCount(0); i++) {
            gaps += Double.isNaN(line.getYValue(0, i)) ? 1 : 0;
        }
        assertThat(gaps).isEqualTo(2);
    }

    @Test
    void theAxisGoesFromTheLeastToTheMostUnlessToldOtherwise() {
        Track track = Track.line("x", new double[] {Double.NaN, 3, 9, 1});
        assertThat(track.least()).isEqualTo(1);
        assertThat(track.end()).isEqualTo(9);
        assertThat(track.withTop(4).end()).isEqualTo(4);
        Track bars = Track.bars("x", new double[] {2, 1.5}, 1);
        assertThat(bars.least()).isEqualTo(1);
        Track none = Track.line("x", new double[] {Double.NaN});
        assertThat(none.least()).isZero();
        assertThat(none.most()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 10, 5000})
    void aHistogramCountsEveryValueOnce(int n) {
        double[] values = random(n + 1);
        values[n] = Double.NaN;
        Histogram histogram = new Histogram(values, 1000);
        int sum = 0;
        for (int bin = 0; bin < histogram.getItemCount(0); bin++) {
            double low = histogram.getStartXValue(0, bin);
            double high = histogram.getEndXValue(0, bin);
            boolean last = bin == histogram.getItemCount(0) - 1;
            long inside =
                    Arrays.stream(values)
                            .filter(v -> v >= low && (v < high || (last && v <= high + 1e-12)))
                            .count();
            assertThat(histogram.getYValue(0, bin)).isCloseTo((double) inside, within(1.0));
            sum += (int) histogram.getYValue(0, bin);
        }
        assertThat(sum).isEqualTo(n);
    }

    @Test
    void equalValuesAndNoneAreHistogramsToo() {
        Histogram same = new Histogram(new double[] {4, 4, 4}, 10);
        assertThat(same.most()).isEqualTo(3);
        assertThat(same.low()).isLessThan(4);
        assertThat(same.high()).isGreaterThan(4);
        Histogram none = new Histogram(new double[] {Double.NaN}, 10);
        assertThat(none.getItemCount(0)).isZero();
        assertThat(List.of(none.low(), none.high())).containsExactly(0.0, 1.0);
    }
}
