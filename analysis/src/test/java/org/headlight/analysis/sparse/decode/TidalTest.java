package org.headlight.analysis.sparse.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.headlight.analysis.sparse.Plan;
import org.headlight.analysis.sparse.Settings;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.BitSet;
import java.util.List;

final class TidalTest {
    private static BitSet best(DecodeCase made, int layer, int head, int row, int most) {
        double[] scores = new double[row + 1];
        for (int key = 0; key <= row; key++) {
            scores[key] = made.score(layer, head, row, key);
        }
        return DecodeCase.top(scores, row + 1, most);
    }

    @ParameterizedTest
    @CsvSource({"2, 5, 12", "0, 1, 12", "1, 7, 1000", "2, 0, 12"})
    void layersTakeOverTheBestKeysOfTheLayerThatSelectedLast(int select, int again, int tokens) {
        DecodeCase made = DecodeCase.random(9, 8, 120, 100);
        Settings settings =
                Settings.standard(new TidalPolicy().info())
                        .with("select", select)
                        .with("reselect", again)
                        .with("tokens", tokens);
        int reselect = again == 0 ? 3 : again;
        List<Plan> plans = made.plans(new TidalPolicy(), settings);
        for (int layer = 0; layer < 8; layer++) {
            BitSet[][] kept = made.kept(plans.get(layer));
            for (int head = 0; head < made.heads; head++) {
                for (int step = 0; step < made.steps(); step++) {
                    int row = made.prompt + step;
                    BitSet all = new BitSet();
                    all.set(0, row + 1);
                    BitSet expected =
                            layer <= select || layer == reselect
                                    ? all
                                    : best(
                                            made,
                                            layer < reselect ? select : reselect,
                                            head,
                                            row,
                                            tokens);
                    assertThat(kept[head][step]).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void theOverlapOfLayersIsThatOfTheirBestKeys() {
        DecodeCase made = DecodeCase.random(9, 4, 90, 60);
        LayerOverlap overlap =
                LayerOverlap.of(made.run().dense().orElseThrow(), 7, 30, options(), Progress.NONE);
        assertThat(overlap.layers()).containsExactly(0, 1, 2, 3);
        assertThat(overlap.rows()).isEqualTo(27);
        for (int one = 0; one < 4; one++) {
            for (int other = 0; other < 4; other++) {
                double sum = 0;
                for (int head = 0; head < made.heads; head++) {
                    for (int row = 9; row < 90; row += 3) {
                        BitSet common = best(made, one, head, row, 7);
                        common.and(best(made, other, head, row, 7));
                        sum += common.cardinality() / 7.0;
                    }
                }
                assertThat(overlap.share(one, other))
                        .isCloseTo(sum / (27 * made.heads), within(1e-9));
            }
        }
        double later = (overlap.share(1, 2) + overlap.share(1, 3)) / 2;
        assertThat(overlap.later(1)).isCloseTo(later, within(1e-12));
    }

    @Test
    void theLayerToSelectAgainIsWhereTheLayersTurnAnotherWay() {
        DecodeCase made = DecodeCase.random(9, 8, 90, 60);
        for (int layer = 0; layer < 8; layer++) {
            made.layers.set(layer, made.layers.get(layer < 5 ? 0 : 5));
        }
        LayerOverlap overlap =
                LayerOverlap.of(made.run().dense().orElseThrow(), 7, 30, options(), Progress.NONE);
        assertThat(overlap.reselect(2)).isEqualTo(5);
        assertThat(overlap.served(2, 5)).isCloseTo(1, within(1e-12));
        assertThat(overlap.served(2, 4)).isLessThan(0.8);
        assertThat(overlap.later(6)).isEqualTo(1);
    }

    private static SweepOptions options() {
        return SweepOptions.standard().withThreads(2);
    }
}
