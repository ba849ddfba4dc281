package org.headlight.analysis.sparse.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.BitSet;
import java.util.List;

/** Policies that compress the prompt by the votes of its last queries, in plain loops. */
final class SnapKvTest {
    private static List<DecodeCase> cases() {
        return List.of(DecodeCase.random(4, 1, 130, 97), DecodeCase.textLike(6, 1, 200, 150));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "5, 5", "5, 21", "3, 130"})
    void meansCountZerosBeyondTheEnds(int width, int count) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = (i * 37) % 11;
        }
        double[] pooled = PromptVotes.pooled(values, count, width);
        for (int i = 0; i < count; i++) {
            double sum = 0;
            for (int j = i - width / 2; j <= i + width / 2; j++) {
                sum += j >= 0 && j < count ? values[j] : 0;
            }
            assertThat(pooled[i]).isCloseTo(sum / width, within(1e-12));
        }
    }

    @ParameterizedTest
    @CsvSource({"40, 8, 5", "20, 20, 5", "33, 1, 1", "96, 32, 7"})
    void keysOfThePromptAreThoseWithMostVotes(int capacity, int window, int kernel) {
        Policy policy = new SnapKvPolicy();
        Settings settings =
                Settings.standard(policy.info())
                        .with("capacity", capacity)
                        .with("window", window)
                        .with("kernel", kernel);
        for (DecodeCase made : cases()) {
            BitSet[][] kept = made.kept(policy, settings);
            int early = made.prompt - window;
            for (int head = 0; head < made.heads; head++) {
                double[] votes = new double[early];
                for (int row = early; row < made.prompt; row++) {
                    double[] p = made.softmax(0, head, row);
                    for (int key = 0; key < early; key++) {
                        votes[key] += p[key];
                    }
                }
                BitSet keys = DecodeCase.top(mean(votes, kernel), early, capacity - window);
                assertThat(keys.cardinality()).isEqualTo(capacity - window);
                for (int step = 0; step < made.steps(); step++) {
                    keys.set(early, made.prompt + step + 1);
                    assertThat(kept[head][step]).isEqualTo(keys);
                }
            }
        }
    }

    private static double[] mean(double[] values, int width) {
        double[] means = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            for (int j = i - width / 2; j <= i + width / 2; j++) {
                means[i] += j >= 0 && j < values.length ? values[j] / width : 0;
            }
        }
        return means;
    }

    @ParameterizedTest
    @CsvSource({"40, 8, 5, 0.2, 6, 4", "24, 16, 3, 0.9, 2, 0", "30, 4, 1, 0, 0, 1"})
    void adaptiveHeadsShareOneBudget(
            int capacity, int window, int kernel, double floor, int local, int sink) {
        Policy policy = new AdaSnapKvPolicy();
        Settings settings =
                Settings.standard(policy.info())
                        .with("capacity", capacity)
                        .with("window", window)
                        .with("kernel", kernel)
                        .with("floor", floor)
                        .with("local", local)
                        .with("sink", sink);
        for (DecodeCase made : cases()) {
            BitSet[][] kept = made.kept(policy, settings);
            int prompt = made.prompt;
            double[][] votes = new double[made.keyHeads][prompt];
            for (int head = 0; head < made.heads; head++) {
                for (int row = prompt - window; row < prompt; row++) {
                    double[] p = made.softmax(0, head, row);
                    for (int key = 0; key < prompt; key++) {
                        votes[head / 2][key] = Math.max(votes[head / 2][key], p[key]);
                    }
                }
            }
            BitSet[] expected = new BitSet[made.keyHeads];
            double[] rest = new double[made.keyHeads * prompt];
            int left = made.keyHeads * capacity;
            for (int k = 0; k < made.keyHeads; k++) {
                double[] pooled = mean(votes[k], kernel);
                double[] forced = pooled.clone();
                for (int key = 0; key < prompt; key++) {
                    boolean anyway = key < sink || key >= prompt - local;
                    forced[key] = anyway ? Double.POSITIVE_INFINITY : pooled[key];
                }
                int sure = Math.max(sink + local, (int) Math.floor(floor * capacity));
                expected[k] = DecodeCase.top(forced, prompt, sure);
                left -= sure;
                for (int key = 0; key < prompt; key++) {
                    rest[k * prompt + key] = expected[k].get(key) ? -1 : pooled[key];
                }
            }
            BitSet more = DecodeCase.top(rest, rest.length, left);
            more.stream().forEach(at -> expected[at / prompt].set(at % prompt));
            int total = 0;
            for (int head = 0; head < made.heads; head++) {
                BitSet keys = (BitSet) expected[head / 2].clone();
                total += keys.cardinality();
                for (int step = 0; step < made.steps(); step++) {
                    keys.set(prompt, prompt + step + 1);
                    assertThat(kept[head][step]).isEqualTo(keys);
                }
            }
            assertThat(total).isEqualTo(made.heads * capacity);
        }
    }

    @Test
    void aPromptWithinTheCapacityIsKeptWhole() {
        DecodeCase made = DecodeCase.random(1, 1, 40, 30);
        for (Policy policy : List.of(new SnapKvPolicy(), new AdaSnapKvPolicy())) {
            Settings settings = Settings.standard(policy.info()).with("capacity", 30);
            assertThat(made.kept(policy, settings)[1][3].cardinality()).isEqualTo(34);
        }
    }
}
