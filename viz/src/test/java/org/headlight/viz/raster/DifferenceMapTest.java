package org.headlight.viz.raster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.task.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Set;

/** Differences, against the softmax of the definition. */
class DifferenceMapTest {
    private static HeadMap map(QkHead head) {
        return MapBuilder.standard().full(head, Set.of(), Progress.NONE);
    }

    private static QkHead head(int n, long seed) {
        return TestHeads.noise(n, n, 8, AttentionMask.causal(0), seed);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 63, 65, 300})
    void cellsAndPooledPixelsAreDifferencesOfTheDefinition(int n) {
        QkHead a = head(n, 3);
        QkHead b = head(n, 40);
        DifferenceMap difference = new DifferenceMap(map(a), map(b));
        float[] cells = difference.cells(0, n, 0, n);
        double[][] truth = new double[n][n];
        double largest = 0;
        for (int row = 0; row < n; row++) {
            double[] p = TestHeads.row(a, row, -1);
            double[] q = TestHeads.row(b, row, -1);
            for (int col = 0; col < n; col++) {
                truth[row][col] = p[col] - q[col];
                largest = col <= row ? Math.max(largest, Math.abs(truth[row][col])) : largest;
                if (col > row) {
                    assertThat(cells[row * n + col]).isNaN();
                } else {
                    assertThat((double) cells[row * n + col])
                            .isCloseTo(truth[row][col], within(1e-5));
                }
            }
        }
        assertThat((double) difference.range()[1]).isCloseTo(largest, within(1e-5));
        assertThat(difference.range()[0]).isEqualTo(-difference.range()[1]);
        pixelsAreMeans(difference, truth, Math.min(2, difference.topLevel()));
    }

    private static void pixelsAreMeans(DifferenceMap difference, double[][] truth, int level) {
        float[] tile = difference.tile(new TileKey(level, 0, 0), Pooling.MAX);
        int side = 1 << level;
        for (int y = 0; y < Math.min(TileKey.SIZE, truth.length / side); y++) {
            for (int x = 0; x <= y; x++) {
                double sum = 0;
                int count = 0;
                for (int row = y * side; row < (y + 1) * side; row++) {
                    for (int col = x * side; col < Math.min(row + 1, (x + 1) * side); col++) {
                        sum += truth[row][col];
                        count++;
                    }
                }
                assertThat((double) tile[y * TileKey.SIZE + x])
                        .isCloseTo(sum / count, within(1e-5));
            }
        }
    }

    @Test
    void aReadingHasItsSignAndTheRankOfItsMagnitude() {
        DifferenceMap difference = new DifferenceMap(map(head(40, 3)), map(head(40, 40)));
        float[] row = difference.rowProfile(39);
        int most = 0;
        for (int col = 1; col < 40; col++) {
            most = Math.abs(row[col]) > Math.abs(row[most]) ? col : most;
        }
        CellReading reading = difference.read(39, most);
        assertThat(reading.rank()).isEqualTo(1);
        assertThat(reading.probability()).isEqualTo(row[most]);
        assertThat(reading.visible()).isEqualTo(40);
        assertThat(difference.read(3, 4).masked()).isTrue();
        assertThat(difference.columnProfile(0)[39]).isEqualTo(row[0]);
    }

    @Test
    void theScaleIsEvenAboutZeroAndSmallestWhereNothingDiffers() {
        AttentionMap same = map(head(20, 3));
        Scale none = new DifferenceMap(same, same).scale(0);
        assertThat(none.low()).isEqualTo(-none.high()).isNegative();
        DifferenceMap difference = new DifferenceMap(same, map(head(20, 40)));
        assertThat(difference.scale(0).high()).isEqualTo(difference.range()[1]);
        assertThat(difference.scale(0.5).high()).isBetween(0f, difference.range()[1]);
        assertThat(difference.scale(0).position(0)).isEqualTo(0.5f);
    }

    @Test
    void mapsOfOtherSizesHaveNoDifference() {
        AttentionMap small = map(head(3, 1));
        AttentionMap large = map(head(4, 1));
        assertThatThrownBy(() -> new DifferenceMap(small, large))
                .hasMessage("maps of 3 x 3 and 4 x 4 have no difference");
    }
}
