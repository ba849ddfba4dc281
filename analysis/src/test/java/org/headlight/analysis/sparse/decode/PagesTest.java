package org.headlight.analysis.sparse.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.headlight.analysis.sparse.Settings;
import org.headlight.engine.attend.AttentionInput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.BitSet;

/** Policies of pages, against their rules in plain loops. */
final class PagesTest {

    @ParameterizedTest
    @CsvSource({"1", "7", "16", "64"})
    void noKeyOfAPageHasALargerProductThanItsBound(int page) {
        DecodeCase made = DecodeCase.random(2, 1, 130, 65);
        AttentionInput input = made.layers.getFirst();
        PageBounds bounds = new PageBounds(input.k(), page);
        for (int head = 0; head < made.heads; head++) {
            for (int row = 0; row < made.tokens; row++) {
                for (int key = 0; key < made.tokens; key++) {
                    double bound = bounds.bound(input.q(), head, row, head / 2, key / page);
                    double product = made.score(0, head, row, key) / input.scale();
                    assertThat(bound).isGreaterThanOrEqualTo(product - 1e-4);
                }
            }
        }
    }

    @Test
    void aPageOfOneKeyHasThatKeysProductAsItsBound() {
        DecodeCase made = DecodeCase.random(2, 1, 65, 40);
        AttentionInput input = made.layers.getFirst();
        PageBounds bounds = new PageBounds(input.k(), 1);
        for (int key = 0; key < made.tokens; key++) {
            assertThat(bounds.bound(input.q(), 3, 5, 1, key))
                    .isCloseTo(made.score(0, 3, 5, key) / input.scale(), within(1e-4));
        }
    }

    /** The bound of a page by its definition. */
    static double bound(DecodeCase made, int layer, int head, int row, int from, int to) {
        AttentionInput input = made.layers.get(layer);
        double sum = 0;
        for (int d = 0; d < made.width; d++) {
            double best = Double.NEGATIVE_INFINITY;
            for (int key = from; key < Math.min(to, made.tokens); key++) {
                double x = input.k().values()[input.k().at(head / 2, key) + d];
                best = Math.max(best, x * input.q().values()[input.q().at(head, row) + d]);
            }
            sum += best;
        }
        return sum;
    }

    @ParameterizedTest
    @CsvSource({"16, 64, head", "8, 16, head", "5, 40, group", "64, 1, group"})
    void questReadsThePagesWithTheLargestBoundsAndTheLast(int page, int budget, String share) {
        Settings settings =
                Settings.standard(new QuestPolicy().info())
                        .with("page", page)
                        .with("budget", budget)
                        .with("dense", 0)
                        .parsed("share", share);
        for (DecodeCase made :
                new DecodeCase[] {
                    DecodeCase.random(4, 1, 301, 260), DecodeCase.textLike(6, 1, 200, 150)
                }) {
            BitSet[][] kept = made.kept(new QuestPolicy(), settings);
            for (int head = 0; head < made.heads; head++) {
                for (int step = 0; step < made.steps(); step++) {
                    int row = made.prompt + step;
                    double[] bounds = new double[row / page];
                    for (int p = 0; p < bounds.length; p++) {
                        for (int h = 0; h < made.heads; h++) {
                            if (share.equals("head") ? h == head : h / 2 == head / 2) {
                                bounds[p] += bound(made, 0, h, row, p * page, (p + 1) * page);
                            }
                        }
                    }
                    int most = Math.max(3, budget / page) - 1;
                    BitSet keys = new BitSet();
                    DecodeCase.top(bounds, bounds.length, most).stream()
                            .forEach(p -> keys.set(p * page, (p + 1) * page));
                    keys.set(row / page * page, row + 1);
                    assertThat(kept[head][step]).isEqualTo(keys);
                }
            }
        }
    }

    @Test
    void questLeavesTheFirstLayersDense() {
        DecodeCase made = DecodeCase.random(4, 8, 100, 90);
        Settings settings = new QuestPolicy().preset(100);
        var plans = made.plans(new QuestPolicy(), settings);
        for (int layer = 0; layer < 8; layer++) {
            int keys = made.kept(plans.get(layer))[0][5].cardinality();
            assertThat(keys).isEqualTo(layer < 2 ? 96 : 16 + 8);
        }
    }
}
