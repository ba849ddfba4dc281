package org.headlight.analysis.sparse.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.headlight.analysis.sparse.Plan;
import org.headlight.analysis.sparse.Settings;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.AttentionOutput;
import org.headlight.engine.attend.HeadArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Arrays;
import java.util.Random;

final class MustafarTest {

    @ParameterizedTest
    @CsvSource({
        "128, 0.7, 40",
        "128, 0.5, 65",
        "64, 0.7, 21",
        "16, 0, 16",
        "10, 0.7, 4",
        "8, 1, 1"
    })
    void aRowKeepsItsLargestNumbers(int width, double share, int kept) {
        Random random = new Random(width);
        float[] values = new float[2 * 3 * width];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        HeadArray rows = HeadArray.rowsFirst(values, 2, 3, width);
        ElementMask mask = ElementMask.of(rows, share, 1);
        for (int head = 0; head < 2; head++) {
            for (int token = 0; token < 3; token++) {
                int count = 0;
                double least = 9;
                double dropped = 0;
                for (int d = 0; d < width; d++) {
                    double size = Math.abs(values[rows.at(head, token) + d]);
                    count += mask.kept(head, token, d) ? 1 : 0;
                    least = mask.kept(head, token, d) ? Math.min(least, size) : least;
                    dropped = mask.kept(head, token, d) ? dropped : Math.max(dropped, size);
                }
                assertThat(count).isEqualTo(token == 2 ? width : kept);
                assertThat(least).isGreaterThan(dropped);
            }
        }
        assertThat(mask.density()).isCloseTo((2.0 * kept + width) / (3 * width), within(1e-12));
    }

    @Test
    void equalNumbersAreAllKept() {
        float[] values = {1, -1, 1, 1, 0.5f, 2};
        ElementMask mask = ElementMask.of(HeadArray.headsFirst(values, 1, 1, 6), 0.5, 0);
        assertThat(new boolean[] {mask.kept(0, 0, 0), mask.kept(0, 0, 3), mask.kept(0, 0, 4)})
                .containsExactly(true, true, false);
        assertThat(mask.density()).isCloseTo(5 / 6.0, within(1e-12));
    }

    private static double pruned(HeadArray rows, int head, int token, int d, double share) {
        double[] sizes = new double[rows.width()];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = Math.abs(rows.values()[rows.at(head, token) + i]);
        }
        double size = sizes[d];
        Arrays.sort(sizes);
        boolean kept = size >= sizes[(int) Math.floor(share * sizes.length) - 1];
        return kept ? rows.values()[rows.at(head, token) + d] : 0;
    }

    @Test
    void stepsAttendToPrunedRowsButForTheLast() {
        DecodeCase made = DecodeCase.random(4, 1, 130, 97);
        Settings settings =
                Settings.standard(new MustafarPolicy().info())
                        .with("keys", 0.5)
                        .with("values", 0.75)
                        .with("recent", 20);
        Plan plan = made.plans(new MustafarPolicy(), settings).getFirst();
        assertThat(plan.kept()).isEmpty();
        AttentionOutput output = made.attend(0, plan);
        AttentionInput input = made.layers.getFirst();
        for (int head = 0; head < made.heads; head++) {
            for (int step = 0; step < made.steps(); step++) {
                int row = made.prompt + step;
                double[] sum = new double[made.width];
                double total = 0;
                for (int key = 0; key <= row; key++) {
                    boolean whole = key > row - 20;
                    double dot = 0;
                    for (int d = 0; d < made.width; d++) {
                        double k =
                                whole
                                        ? input.k().values()[input.k().at(head / 2, key) + d]
                                        : pruned(input.k(), head / 2, key, d, 0.5);
                        dot += k * input.q().values()[input.q().at(head, row) + d];
                    }
                    double weight = Math.exp(dot * input.scale());
                    total += weight;
                    for (int d = 0; d < made.width; d++) {
                        double v =
                                whole
                                        ? input.v().values()[input.v().at(head / 2, key) + d]
                                        : pruned(input.v(), head / 2, key, d, 0.75);
                        sum[d] += weight * v;
                    }
                }
                for (int d = 0; d < made.width; d++) {
                    double value = output.out().values()[output.out().at(head, step) + d];
                    assertThat(value).isCloseTo(sum[d] / total, within(2e-5));
                }
                assertThat((double) output.lse()[head * made.steps() + step])
                        .isCloseTo(Math.log(total), within(2e-5));
            }
        }
    }
}
