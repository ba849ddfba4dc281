package org.headlight.analysis.heads.likeness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.headlight.analysis.heads.TestMaps;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.sweep.Sweep;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

class LikenessTest {

    private static RowSample sample(QkHead head) {
        RowSample sample = new RowSample(head);
        Sweep.run(head, List.of(sample), SweepOptions.standard(), Progress.NONE);
        return sample;
    }

    @ParameterizedTest
    @CsvSource({"1, true", "2, true", "63, true", "64, true", "65, false", "128, true"})
    void shortTextsAreComparedCellByCell(int n, boolean causal) {
        QkHead one = TestMaps.random(n, causal, 1);
        QkHead other = TestMaps.random(n, causal, 20);
        double[][] a = TestMaps.map(one);
        double[][] b = TestMaps.map(other);
        int rows = Math.min(n, RowSample.ROWS);
        double truth = 0;
        for (int i = 0; i < rows; i++) {
            int row = (int) ((i + 1L) * n / rows) - 1;
            for (int k = 0; k < n; k++) {
                truth += Math.abs(a[row][k] - b[row][k]) / 2;
            }
        }
        assertThat(sample(one).distance(sample(other))).isCloseTo(truth / rows, within(1e-5));
    }

    @Test
    void poolingALongTextNeverMakesHeadsMoreDifferent() {
        int n = 1000;
        QkHead one = TestMaps.random(n, true, 1);
        QkHead other = TestMaps.random(n, true, 20);
        double[][] a = TestMaps.map(one);
        double[][] b = TestMaps.map(other);
        double truth = 0;
        for (int i = 0; i < RowSample.ROWS; i++) {
            int row = (int) ((i + 1L) * n / RowSample.ROWS) - 1;
            for (int k = 0; k <= row; k++) {
                truth += Math.abs(a[row][k] - b[row][k]) / 2;
            }
        }
        double found = sample(one).distance(sample(other));
        assertThat(found).isBetween(0.2 * truth / RowSample.ROWS, truth / RowSample.ROWS + 1e-6);
        assertThat(sample(one).distance(sample(one))).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 31, 32, 63, 64, 65, 130})
    void thePictureOfAnEncodersHeadIsAFullSquareAndADecodersIsATriangle(int n) {
        for (boolean causal : new boolean[] {true, false}) {
            QkHead head = TestMaps.random(n, causal, 7);
            double[][] map = TestMaps.map(head);
            float[] picture = sample(head).thumbnail(n <= RowSample.ROWS ? n : 28);
            if (n <= RowSample.ROWS) {
                for (int i = 0; i < n * n; i++) {
                    int row = i / n;
                    int key = i % n;
                    if (causal && key > row) {
                        assertThat(picture[i]).as("ahead").isNaN();
                    } else {
                        assertThat((double) picture[i]).isCloseTo(map[row][key], within(1e-5));
                    }
                }
            } else {
                int hidden = 0;
                for (float cell : picture) {
                    hidden += Float.isNaN(cell) ? 1 : 0;
                }
                assertThat(hidden > 0).as("triangle").isEqualTo(causal);
            }
        }
    }

    @Test
    void aHeadThatLooksAheadIsNotComparedWithOneThatDoesNot() {
        RowSample encoder = sample(TestMaps.random(12, false, 1));
        RowSample decoder = sample(TestMaps.random(12, true, 1));
        assertThat(encoder.comparable(decoder)).isFalse();
        assertThat(encoder.comparable(sample(TestMaps.random(12, false, 3)))).isTrue();
    }

    @Test
    void clustersAreJoinedByTheMeanOfTheirDistances() {
        double[][] distances = {
            {0}, {0.1, 0}, {0.3, 0.5, 0}, {0.9, 0.9, 0.8, 0}, {0.9, 0.9, 0.8, 0.2, 0}
        };
        Distances known = Distances.of(distances);
        // 0 and 1 at 0.1, 3 and 4 at 0.2, 2 to the first two at 0.4, all at 0.87.
        assertThat(Clusters.of(known, 0.05).count()).isEqualTo(5);
        Clusters two = Clusters.of(known, 0.15);
        assertThat(two.count()).isEqualTo(4);
        assertThat(two.heads(0)).containsExactly(0, 1);
        Clusters some = Clusters.of(known, 0.39);
        assertThat(some.count()).isEqualTo(3);
        assertThat(some.heads(0)).containsExactly(0, 1);
        assertThat(some.heads(1)).containsExactly(3, 4);
        assertThat(some.heads(2)).containsExactly(2);
        Clusters joined = Clusters.of(known, 0.41);
        assertThat(joined.heads(0)).containsExactly(0, 1, 2);
        assertThat(joined.of(4)).isEqualTo(1);
        assertThat(Clusters.of(known, 0.86).count()).isEqualTo(2);
        assertThat(Clusters.of(known, 0.87).count()).isEqualTo(1);
        assertThat(known.mean(List.of(0, 1, 2))).isCloseTo(0.3, within(1e-6));
        assertThat(known.mean(List.of(3))).isNaN();
    }
}
