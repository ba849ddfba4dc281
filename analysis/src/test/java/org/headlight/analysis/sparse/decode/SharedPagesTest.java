package org.headlight.analysis.sparse.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.headlight.analysis.sparse.Plan;
import org.headlight.analysis.sparse.Settings;
import org.headlight.engine.task.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.BitSet;
import java.util.List;

/** Choices of pages that serve several steps, heads or layers, in plain loops. */
final class SharedPagesTest {
    private static BitSet best(DecodeCase made, int layer, int head, int row, int page, int most) {
        double[] bounds = new double[row / page];
        for (int p = 0; p < bounds.length; p++) {
            bounds[p] = PagesTest.bound(made, layer, head, row, p * page, (p + 1) * page);
        }
        return DecodeCase.top(bounds, bounds.length, most);
    }

    @ParameterizedTest
    @CsvSource({"16, 4, 96, 4", "8, 8, 40, 1", "10, 4, 60, 7", "16, 64, 16, 3"})
    void pagesAreRankedByTheirBestSmallPageForSomeSteps(
            int page, int logical, int budget, int reuse) {
        Settings settings =
                Settings.standard(new LServePolicy().info())
                        .with("page", page)
                        .with("logical", logical)
                        .with("budget", budget)
                        .with("reuse", reuse);
        int small = Math.min(page, logical);
        int most = Math.max(3, budget / page) - 2;
        for (DecodeCase made :
                List.of(DecodeCase.random(4, 1, 301, 260), DecodeCase.textLike(6, 1, 200, 150))) {
            BitSet[][] kept = made.kept(new LServePolicy(), settings);
            for (int head = 0; head < made.heads; head++) {
                for (int step = 0; step < made.steps(); step++) {
                    int row = made.prompt + step - step % reuse;
                    double[] scores = new double[row / page];
                    scores[0] = Double.NEGATIVE_INFINITY;
                    for (int p = 1; p < scores.length; p++) {
                        scores[p] = Double.NEGATIVE_INFINITY;
                        for (int from = p * page; from < (p + 1) * page; from += small) {
                            int to = Math.min((p + 1) * page, from + small);
                            for (int h = head / 2 * 2; h < head / 2 * 2 + 2; h++) {
                                double bound = PagesTest.bound(made, 0, h, row, from, to);
                                scores[p] = Math.max(scores[p], bound);
                            }
                        }
                    }
                    BitSet keys = new BitSet();
                    DecodeCase.top(scores, scores.length, most).stream()
                            .forEach(p -> keys.set(p * page, (p + 1) * page));
                    keys.set(0, page);
                    keys.set(row / page * page, made.prompt + step + 1);
                    assertThat(kept[head][step]).isEqualTo(keys);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"4, 2", "1, 1", "5, 3", "100, 8"})
    void theFirstDraftTokenChoosesForTheOthersAndForSomeLayers(int drafts, int layers) {
        DecodeCase made = DecodeCase.random(7, 8, 150, 127);
        Settings settings =
                Settings.standard(new SharedBlocksPolicy().info())
                        .with("drafts", drafts)
                        .with("layers", layers)
                        .with("page", 8)
                        .with("budget", 32);
        List<Plan> plans = made.plans(new SharedBlocksPolicy(), settings);
        for (int layer = 0; layer < 8; layer++) {
            BitSet[][] kept = made.kept(plans.get(layer));
            for (int head = 0; head < made.heads; head++) {
                for (int step = 0; step < made.steps(); step++) {
                    int row = made.prompt + step;
                    BitSet keys = new BitSet();
                    if (layer < 2) {
                        keys.set(0, row + 1);
                    } else {
                        int from = layer - (layer - 2) % layers;
                        int first = row - step % drafts;
                        best(made, from, head, first, 8, 3).stream()
                                .forEach(p -> keys.set(p * 8, p * 8 + 8));
                        keys.set(first / 8 * 8, row + 1);
                    }
                    assertThat(kept[head][step]).isEqualTo(keys);
                }
            }
        }
    }

    @Test
    void theOverlapOfDraftTokensIsThatOfTheBlocksTheyWouldChoose() {
        DecodeCase made = DecodeCase.textLike(7, 1, 150, 121);
        Settings settings =
                Settings.standard(new SharedBlocksPolicy().info())
                        .with("drafts", 3)
                        .with("page", 8)
                        .with("budget", 32);
        DraftOverlap overlap = DraftOverlap.of(made.site(0), settings, Progress.NONE);
        double[] sums = new double[9];
        for (int head = 0; head < made.heads; head++) {
            for (int group = 0; group < 9; group++) {
                int first = made.prompt + 3 * group;
                for (int a = 0; a < 3; a++) {
                    for (int b = 0; b < 3; b++) {
                        BitSet one = among(made, head, first + a, first / 8);
                        one.and(among(made, head, first + b, first / 8));
                        sums[3 * a + b] += one.cardinality() / 3.0;
                    }
                }
            }
        }
        for (int a = 0; a < 3; a++) {
            for (int b = 0; b < 3; b++) {
                double mean = sums[3 * a + b] / (9 * made.heads);
                assertThat(overlap.share(a, b)).isCloseTo(mean, within(1e-9));
            }
        }
        double first = (overlap.share(0, 1) + overlap.share(0, 2)) / 2;
        assertThat(overlap.first()).isCloseTo(first, within(1e-12)).isBetween(0.3, 0.99);
    }

    private static BitSet among(DecodeCase made, int head, int row, int pages) {
        double[] bounds = new double[pages];
        for (int p = 0; p < pages; p++) {
            bounds[p] = PagesTest.bound(made, 0, head, row, p * 8, p * 8 + 8);
        }
        return DecodeCase.top(bounds, pages, 3);
    }
}
