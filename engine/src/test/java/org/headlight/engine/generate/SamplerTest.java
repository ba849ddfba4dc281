package org.headlight.engine.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.headlight.engine.problem.BadInputException;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

class SamplerTest {
    private static final int DRAWS = 20_000;

    /** Logits of tokens with these probabilities. */
    private static Logits of(double... probabilities) {
        float[] logits = new float[probabilities.length];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) Math.log(probabilities[i]) + 3;
        }
        return new Logits(logits, "model.onnx", 0);
    }

    private static double[] frequencies(Sampling sampling, Logits logits) {
        Sampler sampler = new Sampler(sampling);
        double[] counts = new double[logits.size()];
        for (int i = 0; i < DRAWS; i++) {
            counts[sampler.next(logits).id()]++;
        }
        return Arrays.stream(counts).map(c -> c / DRAWS).toArray();
    }

    private static void assertFrequencies(Sampling sampling, Logits logits, double... expected) {
        double[] seen = frequencies(sampling, logits);
        assertThat(seen).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            if (expected[i] == 0) {
                assertThat(seen[i]).isZero();
            } else {
                // Five standard deviations of 20,000 draws are at most 0.018.
                assertThat(seen[i]).isCloseTo(expected[i], within(0.018));
            }
        }
    }

    @Test
    void greedyTakesTheLargestAndTheLowestIdAmongEquals() {
        Sampler greedy = new Sampler(Sampling.greedy());
        assertThat(greedy.next(of(0.1, 0.4, 0.1, 0.4)).id()).isEqualTo(1);
        assertThat(greedy.next(of(0.5, 0.5)).id()).isZero();
        assertThat(greedy.next(new Logits(new float[] {-0f, 0f}, "", 0)).id()).isZero();
    }

    @Test
    void logProbabilitiesAreTheModelsOwnWhateverTheTemperature() {
        Choice choice = new Sampler(new Sampling(5, 1, 1, 0)).next(of(0.2, 0.7, 0.1));
        assertThat(choice.id()).isEqualTo(1);
        assertThat(choice.logProbability()).isCloseTo(Math.log(0.7), within(1e-6));
    }

    @Test
    void withoutLimitsTokensComeAsOftenAsTheirProbabilities() {
        assertFrequencies(new Sampling(1, 0, 1, 3), of(0.1, 0.2, 0.3, 0.4), 0.1, 0.2, 0.3, 0.4);
    }

    @Test
    void aTemperatureOfTwoTakesSquareRootsOfProbabilities() {
        // The square roots of 0.64, 0.32 and 0.04 are 0.8, 0.566 and 0.2, 1.566 together.
        assertFrequencies(new Sampling(2, 0, 1, 3), of(0.64, 0.32, 0.04), 0.511, 0.361, 0.128);
    }

    @Test
    void aTemperatureOfAHalfSquaresProbabilities() {
        // 0.25, 0.09 and 0.04, 0.38 together.
        assertFrequencies(new Sampling(0.5, 0, 1, 3), of(0.5, 0.3, 0.2), 0.658, 0.237, 0.105);
    }

    @Test
    void aTinyTemperatureIsGreedy() {
        assertFrequencies(new Sampling(1e-300, 0, 1, 3), of(0.3, 0.4, 0.3), 0, 1, 0);
    }

    @Test
    void topKKeepsTheMostProbableAndTheLowestIdAmongEquals() {
        Logits logits = of(0.2, 0.4, 0.2, 0.2);
        assertFrequencies(new Sampling(1, 1, 1, 3), logits, 0, 1, 0, 0);
        assertFrequencies(new Sampling(1, 2, 1, 3), logits, 1 / 3.0, 2 / 3.0, 0, 0);
        assertFrequencies(new Sampling(1, 3, 1, 3), logits, 0.25, 0.5, 0.25, 0);
        assertFrequencies(new Sampling(1, 9, 1, 3), logits, 0.2, 0.4, 0.2, 0.2);
    }

    @Test
    void topPKeepsTheFewestThatReachIt() {
        Logits logits = of(0.125, 0.5, 0.125, 0.25);
        assertFrequencies(new Sampling(1, 0, 0.01, 3), logits, 0, 1, 0, 0);
        assertFrequencies(new Sampling(1, 0, 0.49, 3), logits, 0, 1, 0, 0);
        assertFrequencies(new Sampling(1, 0, 0.51, 3), logits, 0, 2 / 3.0, 0, 1 / 3.0);
        assertFrequencies(new Sampling(1, 0, 0.76, 3), logits, 1 / 7.0, 4 / 7.0, 0, 2 / 7.0);
        assertFrequencies(new Sampling(1, 0, 0.99, 3), logits, 0.125, 0.5, 0.125, 0.25);
    }

    @Test
    void topPCountsWhatTopKLeaves() {
        // Of 0.4, 0.3, 0.2 and 0.1, top-k 2 leaves 4/7 and 3/7; 0.5 is reached by the first alone.
        Logits logits = of(0.4, 0.3, 0.2, 0.1);
        assertFrequencies(new Sampling(1, 2, 0.5, 3), logits, 1, 0, 0, 0);
        assertFrequencies(new Sampling(1, 2, 0.6, 3), logits, 4 / 7.0, 3 / 7.0, 0, 0);
        assertFrequencies(new Sampling(1, 0, 0.5, 3), logits, 4 / 7.0, 3 / 7.0, 0, 0);
    }

    @Test
    void topPCountsAfterTheTemperature() {
        // Square roots of 0.64, 0.32, 0.04: 0.511, 0.361, 0.128.
        Logits logits = of(0.64, 0.32, 0.04);
        assertFrequencies(new Sampling(2, 0, 0.6, 3), logits, 0.586, 0.414, 0);
        assertFrequencies(new Sampling(1, 0, 0.6, 3), logits, 1, 0, 0);
    }

    @Test
    void tokensWithoutProbabilityNeverCome() {
        float out = Float.NEGATIVE_INFINITY;
        Logits logits = new Logits(new float[] {out, 1, out, 1, out}, "", 0);
        assertFrequencies(new Sampling(1, 0, 1, 3), logits, 0, 0.5, 0, 0.5, 0);
    }

    @Test
    void aDrawIsTheInverseOfTheSummedProbabilities() {
        Logits logits = of(0.1, 0.2, 0.3, 0.4);
        Sampler sampler = new Sampler(new Sampling(1, 0, 1, 42));
        Random random = new Random(42);
        for (int i = 0; i < 100; i++) {
            double u = random.nextDouble();
            int expected = u < 0.4 ? 3 : u < 0.7 ? 2 : u < 0.9 ? 1 : 0;
            assertThat(sampler.next(logits).id()).isEqualTo(expected);
        }
    }

    @Test
    void theBestAreInOrder() {
        Logits logits = of(0.1, 0.3, 0.1, 0.4, 0.1);
        assertThat(logits.top(3).stream().map(Choice::id)).containsExactly(3, 1, 0);
        assertThat(logits.top(9).stream().map(Choice::id)).containsExactly(3, 1, 0, 2, 4);
        assertThat(logits.ranked()).containsExactly(3, 1, 0, 2, 4);
        assertThat(new Logits(new float[] {-1, 2, -3, 0, 2}, "", 0).ranked())
                .containsExactly(1, 4, 3, 0, 2);
    }

    @Test
    void logitsThatAreNoNumbersAreRefused() {
        float nan = Float.NaN;
        float plus = Float.POSITIVE_INFINITY;
        float minus = Float.NEGATIVE_INFINITY;
        for (float[] bad :
                List.of(new float[] {1, nan}, new float[] {plus, 0}, new float[] {minus, minus})) {
            assertThatThrownBy(() -> new Logits(bad, "model.onnx", 12))
                    .isInstanceOf(BadInputException.class)
                    .hasMessage(
                            "The logits of model.onnx at position 12 are not numbers, so there is"
                                    + " no next token; expected finite values: try the model in 32"
                                    + " bits, or a shorter text.");
        }
    }

    @Test
    void parametersOutOfRangeAreRefused() {
        assertThatThrownBy(() -> new Sampling(-0.1, 0, 1, 0))
                .isInstanceOf(BadInputException.class)
                .hasMessage(
                        "The temperature is -0.1; expected a number from 0 (the most probable"
                                + " token) upwards, such as 0.8.");
        assertThatThrownBy(() -> new Sampling(Double.NaN, 0, 1, 0))
                .isInstanceOf(BadInputException.class);
        assertThatThrownBy(() -> new Sampling(1, -1, 1, 0))
                .isInstanceOf(BadInputException.class)
                .hasMessage("Top-k is -1; expected a whole number of tokens, or 0 for all.");
        assertThatThrownBy(() -> new Sampling(1, 0, 0, 0))
                .isInstanceOf(BadInputException.class)
                .hasMessage("Top-p is 0.0; expected a probability above 0 and at most 1.");
        assertThatThrownBy(() -> new Sampling(1, 0, 1.1, 0)).isInstanceOf(BadInputException.class);
        assertThatThrownBy(() -> GenerationOptions.greedy(0))
                .isInstanceOf(BadInputException.class)
                .hasMessage("The response is to have 0 tokens; expected at least 1.");
    }
}
