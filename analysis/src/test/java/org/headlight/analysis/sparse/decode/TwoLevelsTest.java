package org.headlight.analysis.sparse.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.headlight.analysis.sparse.Settings;
import org.headlight.engine.attend.AttentionInput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

final class TwoLevelsTest {
    /** A rounded score over the channels with the largest numbers in the prompt. */
    private static double estimate(DecodeCase made, int channels, int head, int row, int key) {
        AttentionInput input = made.layers.getFirst();
        double[] sizes = new double[made.width];
        for (int k = 0; k < made.prompt; k++) {
            for (int d = 0; d < made.width; d++) {
                sizes[d] += Math.abs(input.k().values()[input.k().at(head / 2, k) + d]);
            }
        }
        BitSet chosen = DecodeCase.top(sizes, made.width, channels);
        double most = 0;
        for (int d = 0; d < made.width; d++) {
            double x = input.k().values()[input.k().at(head / 2, key) + d];
            most = chosen.get(d) ? Math.max(most, Math.abs(x)) : most;
        }
        double sum = 0;
        for (int d = 0; d < made.width; d++) {
            double x = input.k().values()[input.k().at(head / 2, key) + d];
            double q = input.q().values()[input.q().at(head, row) + d];
            sum += chosen.get(d) ? q * Math.floor(x / most * 7 + 0.5) * most / 7 : 0;
        }
        return sum;
    }

    @Test
    void estimatesAreScoresOverRoundedChannels() {
        DecodeCase made = DecodeCase.random(4, 1, 65, 40);
        AttentionInput input = made.layers.getFirst();
        LabelCache labels = new LabelCache(input, 5, 40);
        LabelCache all = new LabelCache(input, 99, 40);
        double error = 0;
        for (int key = 0; key < 65; key++) {
            assertThat((double) labels.estimate(input.q(), 3, 50, 1, key))
                    .isCloseTo(estimate(made, 5, 3, 50, key), within(1e-4));
            error +=
                    Math.abs(
                            all.estimate(input.q(), 3, 50, 1, key) * 0.3
                                    - made.score(0, 3, 50, key));
        }
        assertThat(error / 65).isBetween(0.001, 0.4);
    }

    @ParameterizedTest
    @CsvSource({
        "16, 4, 20, 4, bound, previous",
        "8, 3, 9, 16, bound, own",
        "5, 100, 30, 8, mean, previous",
        "16, 3, 500, 8, mean, own"
    })
    void keysAreTheBestOfTheBestBlocks(
            int block, int blocks, int tokens, int channels, String score, String of) {
        Settings settings =
                Settings.standard(new AsyncTlsPolicy().info())
                        .with("block", block)
                        .with("blocks", blocks)
                        .with("tokens", tokens)
                        .with("channels", channels)
                        .parsed("score", score)
                        .parsed("blocks-of", of);
        for (DecodeCase made :
                List.of(DecodeCase.random(4, 1, 201, 170), DecodeCase.textLike(6, 1, 200, 150))) {
            BitSet[][] kept = made.kept(new AsyncTlsPolicy(), settings);
            for (int head = 0; head < made.heads; head++) {
                for (int step = 0; step < made.steps(); step++) {
                    int ranked = of.equals("own") ? step : Math.max(0, step - 1);
                    int row = made.prompt + ranked;
                    double[] scores = new double[row / block];
                    for (int b = 0; b < scores.length; b++) {
                        scores[b] =
                                score.equals("mean")
                                        ? mean(made, head, row, b * block, (b + 1) * block)
                                        : PagesTest.bound(
                                                made, 0, head, row, b * block, (b + 1) * block);
                    }
                    int own = made.prompt + step;
                    int h = head;
                    List<Integer> candidates = new ArrayList<>();
                    DecodeCase.top(scores, scores.length, blocks - 1).stream()
                            .forEach(b -> add(candidates, b * block, (b + 1) * block));
                    add(candidates, row / block * block, own);
                    double[] estimates =
                            candidates.stream()
                                    .mapToDouble(key -> estimate(made, channels, h, own, key))
                                    .toArray();
                    BitSet keys = new BitSet();
                    DecodeCase.top(estimates, estimates.length, tokens - 1).stream()
                            .forEach(i -> keys.set(candidates.get(i)));
                    keys.set(own);
                    assertThat(kept[head][step]).isEqualTo(keys);
                }
            }
        }
    }

    private static void add(List<Integer> keys, int from, int to) {
        for (int key = from; key < to; key++) {
            keys.add(key);
        }
    }

    private static double mean(DecodeCase made, int head, int row, int from, int to) {
        double sum = 0;
        for (int key = from; key < to; key++) {
            sum += made.score(0, head, row, key) / 0.3f / (to - from);
        }
        return sum;
    }
}
