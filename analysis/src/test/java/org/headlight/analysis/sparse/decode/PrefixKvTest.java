package org.headlight.analysis.sparse.decode;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.analysis.sparse.Plan;
import org.headlight.analysis.sparse.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

final class PrefixKvTest {
    private static List<double[]> sums(DecodeCase made) {
        List<double[]> sums = new ArrayList<>();
        for (int layer = 0; layer < made.layers.size(); layer++) {
            double[] sum = new double[made.prompt];
            for (int head = 0; head < made.heads; head++) {
                for (int row = 0; row < made.prompt; row++) {
                    double[] p = made.softmax(layer, head, row);
                    for (int key = 0; key <= row; key++) {
                        sum[key] += p[key] / made.heads;
                    }
                }
            }
            sums.add(sum);
        }
        return sums;
    }

    /** Layers whose attention is spread more and more. */
    private static DecodeCase made() {
        DecodeCase made = DecodeCase.random(3, 4, 180, 150);
        for (int layer = 0; layer < 4; layer++) {
            float[] keys = made.layers.get(layer).k().values();
            for (int i = 0; i < keys.length; i++) {
                keys[i] *= 4 - layer;
            }
        }
        return made;
    }

    @ParameterizedTest
    @CsvSource({"0.2, 4, 25", "0.5, 0, 0", "0.1, 2, 3"})
    void layersKeepTheirBestKeysAndDropOneAStep(double budget, int start, int distance) {
        DecodeCase made = made();
        Settings settings =
                Settings.standard(new PrefixKvPolicy().info())
                        .with("budget", budget)
                        .with("start", start)
                        .with("distance", distance);
        List<Plan> plans = made.plans(new PrefixKvPolicy(), settings);
        List<double[]> sums = sums(made);
        int total = 0;
        for (int layer = 0; layer < 4; layer++) {
            BitSet[][] kept = made.kept(plans.get(layer));
            int prompt = kept[0][0].cardinality() - 1;
            total += prompt;
            double[] forced = sums.get(layer).clone();
            for (int key = 0; key < start; key++) {
                forced[key] = Double.POSITIVE_INFINITY;
            }
            forced[made.prompt - 1] = Double.POSITIVE_INFINITY;
            BitSet best = DecodeCase.top(forced, made.prompt, prompt);
            List<Integer> cache = new ArrayList<>(best.stream().boxed().toList());
            for (int step = 0; step < made.steps(); step++) {
                cache.add(made.prompt + step);
                for (int head = 0; head < made.heads; head++) {
                    assertThat(kept[head][step].stream().boxed().toList()).isEqualTo(cache);
                }
                if (distance > 0 && cache.size() - distance >= start) {
                    cache.remove(/* index */ cache.size() - distance);
                }
            }
        }
        assertThat(total).isBetween((int) (budget * 600) - 4, (int) (budget * 600) + 4);
    }

    @Test
    void layersWhoseAttentionIsSpreadMoreKeepMore() {
        List<double[]> layers = new ArrayList<>();
        for (int heavy : new int[] {5, 20, 50, 100}) {
            double[] sums = new double[100];
            for (int key = 0; key < 100; key++) {
                sums[key] = key * 7 % 100 < heavy ? 30 : 0.01;
            }
            layers.add(sums);
        }
        int[] forgets = PrefixBudget.forgets(layers, 5, 0.6);
        assertThat(forgets[0] + forgets[1] + forgets[2] + forgets[3]).isBetween(238, 242);
        assertThat(forgets[1]).isBetween(forgets[2] + 10, forgets[0]);
        assertThat(forgets[2]).isGreaterThan(forgets[3] + 5);
    }

    @Test
    void oneShareIsReachedByAllLayers() {
        // Curves of equal steps: 10 of 100 keys hold a tenth; of 10 heavy keys, one does.
        double[] even = new double[100];
        double[] heavy = new double[100];
        for (int i = 0; i < 100; i++) {
            even[i] = 1;
            heavy[i] = i < 10 ? 10 : 0;
        }
        // At a share of p the layers keep about 100 p and 10 p keys, 5 more each.
        int[] forgets = PrefixBudget.forgets(List.of(even, heavy), 5, 0.675);
        assertThat(forgets[0]).isBetween(42, 48);
        assertThat(forgets[1]).isBetween(88, 91);
    }
}
