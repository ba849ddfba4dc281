package org.headlight.analysis.sparse.select;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/** The largest of some numbers, against taking them one after the other. */
class PickerTest {
    private static double value(SplittableRandom random, int kind) {
        return switch (kind) {
            case 0 -> random.nextDouble(-1, 1);
            case 1 -> random.nextInt(4) - 2;
            case 2 ->
                    new double[] {
                                Double.NaN,
                                Double.POSITIVE_INFINITY,
                                Double.NEGATIVE_INFINITY,
                                0.0,
                                -0.0,
                                -3
                            }
                            [random.nextInt(6)];
            default -> 7;
        };
    }

    /** Rising indices; of equal numbers the first, numbers before what is none. */
    private static List<Integer> naive(double[] values, int count, int most) {
        List<Integer> taken = new ArrayList<>();
        while (taken.size() < Math.min(most, count)) {
            int best = -1;
            for (int i = 0; i < count; i++) {
                boolean more =
                        best < 0
                                || values[i] > values[best]
                                || (Double.isNaN(values[best]) && !Double.isNaN(values[i]));
                best = !taken.contains(i) && more ? i : best;
            }
            taken.add(best);
        }
        Collections.sort(taken);
        return taken;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 17, 64, 65, 200})
    void theLargestArePickedInRisingOrder(int count) {
        SplittableRandom random = new SplittableRandom(count);
        Picker picker = new Picker();
        for (int round = 0; round < 40; round++) {
            double[] values = new double[count];
            float[] strided = new float[3 + 5 * count];
            for (int i = 0; i < count; i++) {
                values[i] = (float) value(random, round % 4);
                strided[3 + 5 * i] = (float) values[i];
            }
            int most = random.nextInt(count + 2);
            List<Integer> expected = naive(values, count, most);
            int[] picked = new int[count];
            int size = picker.pick(values, count, most, picked);
            assertThat(Arrays.copyOf(picked, size)).containsExactly(ints(expected));
            size = picker.pick(strided, 3, 5, count, most, picked);
            assertThat(Arrays.copyOf(picked, size)).containsExactly(ints(expected));
            assertThat(Best.of(values, count, most)).containsExactly(ints(expected));
        }
    }

    private static int[] ints(List<Integer> list) {
        return list.stream().mapToInt(Integer::intValue).toArray();
    }
}
