package org.headlight.analysis.sparse.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.headlight.analysis.sparse.Rotary;
import org.headlight.engine.attend.HeadArray;
import org.headlight.engine.model.HandWiredModel;
import org.headlight.engine.model.Model;
import org.headlight.engine.model.ModelOptions;
import org.headlight.engine.model.OnnxModels;
import org.headlight.engine.onnx.SharedFiles;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Random;

class RotaryFinderTest {

    /** Which dimension goes with which, and by what angle; written down apart from the product. */
    private record Truth(int width, int start, int turned, boolean halves, double base) {
        int first(int pair) {
            return start + (halves ? pair : 2 * pair);
        }

        int second(int pair) {
            return start + (halves ? pair + turned / 2 : 2 * pair + 1);
        }

        double angle(int pair) {
            return Math.pow(base, -2.0 * pair / turned);
        }

        /** Keys of one token at positions 0 to n - 1, rounded as a model in 32 bits does. */
        HeadArray keys(int heads, int n, long seed) {
            Random random = new Random(seed);
            float[] values = new float[heads * n * width];
            for (int head = 0; head < heads; head++) {
                double[] key = random.doubles(width, -2, 2).toArray();
                for (int p = 0; p < n; p++) {
                    int at = (head * n + p) * width;
                    for (int d = 0; d < width; d++) {
                        values[at + d] = (float) key[d];
                    }
                    for (int pair = 0; pair < turned / 2; pair++) {
                        float angle = p * (float) angle(pair);
                        float cos = (float) Math.cos(angle);
                        float sin = (float) Math.sin(angle);
                        float x = (float) key[first(pair)];
                        float y = (float) key[second(pair)];
                        values[at + first(pair)] = x * cos - y * sin;
                        values[at + second(pair)] = y * cos + x * sin;
                    }
                }
            }
            return HeadArray.headsFirst(values, heads, n, width);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "32, 0, 32, true, 10000",
        "32, 0, 32, false, 10000",
        "128, 0, 128, true, 500000",
        "128, 0, 128, false, 500000",
        "64, 0, 16, true, 10000",
        "64, 0, 32, false, 10000",
        "80, 0, 32, true, 10000",
        "192, 128, 64, true, 10000",
        "256, 0, 64, true, 10000000",
        "64, 0, 64, true, 160000",
        "2, 0, 2, true, 10000",
        "96, 0, 96, true, 1000000",
    })
    void theEmbeddingIsFoundToTheLastTurnOfALongText(
            int width, int start, int turned, boolean halves, double base) {
        Truth truth = new Truth(width, start, turned, halves, base);
        PairRotary found =
                Objects.requireNonNull(new RotaryFit(truth.keys(2, 1024, width + turned)).find());
        Random random = new Random(5);
        float[] row = new float[width];
        for (int d = 0; d < width; d++) {
            row[d] = (float) random.nextGaussian();
        }
        for (int shift : new int[] {1, -1, 1023, 131_072, -131_072}) {
            double[] expected = new double[width];
            for (int d = 0; d < width; d++) {
                expected[d] = row[d];
            }
            for (int pair = 0; pair < turned / 2; pair++) {
                double angle = shift * truth.angle(pair);
                double x = row[truth.first(pair)];
                double y = row[truth.second(pair)];
                expected[truth.first(pair)] = x * Math.cos(angle) - y * Math.sin(angle);
                expected[truth.second(pair)] = y * Math.cos(angle) + x * Math.sin(angle);
            }
            float[] result = new float[width];
            found.turn(row, 0, shift, result, 0);
            for (int d = 0; d < width; d++) {
                assertThat((double) result[d])
                        .as("shift %d, dimension %d of %s", shift, d, found.text())
                        .isCloseTo(expected[d], within(1e-5));
            }
        }
        if (turned > 2) {
            assertThat(found.base()).isEqualTo(base);
        }
    }

    @Test
    void anglesOfNoSeriesAreMeasuredOnALongRun() {
        // As where low frequencies are stretched: the second half of the pairs turns 8 times
        // slower.
        Truth truth = new Truth(64, 0, 64, true, 10_000);
        int n = 1024;
        float[] values = new float[n * 64];
        double[] angles = new double[32];
        Random random = new Random(9);
        double[] key = random.doubles(64, 0.5, 2).toArray();
        for (int pair = 0; pair < 32; pair++) {
            angles[pair] = truth.angle(pair) / (pair < 16 ? 1 : 8);
            for (int p = 0; p < n; p++) {
                double angle = p * angles[pair];
                double x = key[pair];
                double y = key[pair + 32];
                values[p * 64 + pair] = (float) (x * Math.cos(angle) - y * Math.sin(angle));
                values[p * 64 + pair + 32] = (float) (y * Math.cos(angle) + x * Math.sin(angle));
            }
        }
        PairRotary found =
                Objects.requireNonNull(
                        new RotaryFit(HeadArray.headsFirst(values, 1, n, 64)).find());
        assertThat(found.base()).isZero();
        for (int pair = 0; pair < 32; pair++) {
            assertThat(131_072 * found.angle(pair))
                    .as("pair %d at position 131072", pair)
                    .isCloseTo(131_072 * angles[pair], within(2e-3));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {2, 4, 8})
    void dividedPositionsAreFound(double factor) {
        PairRotary truth = PairRotary.halves(32, 32, 10_000);
        float[] key = new float[32];
        Random random = new Random(4);
        for (int d = 0; d < 32; d++) {
            key[d] = (float) random.nextGaussian();
        }
        float[] values = new float[512 * 32];
        for (int p = 0; p < 512; p++) {
            for (int i = 0; i < 16; i++) {
                double angle = p / factor * truth.angle(i);
                values[p * 32 + i] =
                        (float) (key[i] * Math.cos(angle) - key[i + 16] * Math.sin(angle));
                values[p * 32 + i + 16] =
                        (float) (key[i + 16] * Math.cos(angle) + key[i] * Math.sin(angle));
            }
        }
        PairRotary found =
                Objects.requireNonNull(
                        new RotaryFit(HeadArray.headsFirst(values, 1, 512, 32)).find());
        assertThat(found.base()).isEqualTo(10_000);
        assertThat(found.angle(3)).isCloseTo(truth.angle(3) / factor, within(1e-15));
    }

    @Test
    void keysOf16BitsAreFoundToo() {
        Truth truth = new Truth(64, 0, 64, true, 10_000);
        HeadArray keys = truth.keys(4, 512, 3);
        float[] values = keys.values();
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.float16ToFloat(Float.floatToFloat16(values[i]));
        }
        PairRotary found = Objects.requireNonNull(new RotaryFit(keys).find());
        assertThat(found.base()).isEqualTo(10_000);
        assertThat(found.second(0)).isEqualTo(32);
    }

    @Test
    void noiseIsNoEmbedding() {
        Random random = new Random(1);
        float[] values = new float[64 * 16];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        RotaryFit fit = new RotaryFit(HeadArray.headsFirst(values, 1, 64, 16));
        assertThat(fit.find()).isNull();
        assertThat(fit.lengthsEqual()).isFalse();
    }

    @Test
    void turningBackAndForthGivesTheSameRow() {
        PairRotary rotary = PairRotary.neighbours(10, 6, 10_000);
        float[] row = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
        float[] there = new float[10];
        rotary.turn(row, 0, 1000, there, 0);
        rotary.turn(there, 0, -1000, there, 0);
        for (int d = 0; d < 10; d++) {
            assertThat(there[d]).isCloseTo(row[d], within(2e-6f));
        }
        HeadArray all = HeadArray.headsFirst(row, 1, 1, 10);
        float[] single = new float[10];
        rotary.turn(row, 0, 37, single, 0);
        assertThat(rotary.turned(all, new int[] {37}).values()).containsExactly(single);
    }

    @Test
    void theExampleTurnsHalvesWithBase10000InEveryLayer() {
        try (Model model =
                OnnxModels.open(
                        SharedFiles.demo("model.onnx"), ModelOptions.defaults(), Progress.NONE)) {
            Rotary found = RotaryFinder.need(model, Progress.NONE);
            assertThat(found).isInstanceOf(PairRotary.class);
            assertThat(((PairRotary) found).text())
                    .isEqualTo("16 pairs (0, 16), (1, 17) ..., base 10000");
            assertThat(found.layer(3)).isSameAs(found);
            assertThat(RotaryFinder.find(model, Progress.NONE)).isPresent();
        }
    }

    @Test
    void aModelOfPlacesBesideItsWordsHasNone(@TempDir Path folder) {
        try (Model model = HandWiredModel.open(folder.resolve("wired"))) {
            assertThat(RotaryFinder.find(model, Progress.NONE)).isEmpty();
            assertThatThrownBy(() -> RotaryFinder.need(model, Progress.NONE))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContaining("rotary positions");
        }
    }

    @Test
    void learnedPositionsAreNamedAsTheReason(@TempDir Path folder) {
        try (Model model =
                OnnxModels.open(
                        SharedFiles.miniLm(folder), ModelOptions.defaults(), Progress.NONE)) {
            assertThatThrownBy(() -> RotaryFinder.need(model, Progress.NONE))
                    .isInstanceOf(BadInputException.class)
                    .hasMessage(
                            model.info().name()
                                    + " has no rotary positions: the keys of its first layer change"
                                    + " their length from position to position, as they do where"
                                    + " positions are learned.");
        }
    }
}
