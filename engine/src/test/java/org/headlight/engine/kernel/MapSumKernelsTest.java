package org.headlight.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.headlight.engine.kernel.AttentionKernels.DIAGONAL_ROOM;
import static org.headlight.engine.kernel.AttentionKernels.LANES;
import static org.headlight.engine.kernel.AttentionKernels.PARTS;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.Random;

/** Sums over rows, columns and diagonals, of every kind of kernel, against loops of doubles. */
class MapSumKernelsTest {
    private static final int BEFORE = 3 * LANES;

    private static AttentionKernels[] kernels() {
        return new AttentionKernels[] {KernelProvider.scalar(), KernelProvider.lookup().kernels()};
    }

    private static float[] tile(int keys) {
        Random random = new Random(keys);
        float[] p = new float[BEFORE + keys * LANES];
        for (int i = 0; i < p.length; i++) {
            p[i] = random.nextFloat();
        }
        return p;
    }

    private static double at(float[] p, int key, int lane) {
        return p[BEFORE + key * LANES + lane];
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 15, 16, 17, 63, 64, 65, 100, 126, 127, 128})
    void everySumIsItsFormula(int keys) {
        float[] p = tile(keys);
        for (AttentionKernels kernel : kernels()) {
            shares(kernel, p, keys);
            diagonals(kernel, p, keys);
            matches(kernel, p, keys);
            rows(kernel, p, keys);
            weighedColumns(kernel, p, keys);
        }
    }

    private static void shares(AttentionKernels kernel, float[] p, int keys) {
        float[] largest = new float[LANES];
        largest[5] = 2;
        float[] squares = new float[LANES];
        Arrays.fill(squares, 1);
        float[] columns = new float[(keys + 2) * PARTS];
        Arrays.fill(columns, 0.5f);
        kernel.shares(p, BEFORE, keys, largest, squares, columns, PARTS);
        for (int lane = 0; lane < LANES; lane++) {
            double top = lane == 5 ? 2 : 0;
            double square = 1;
            for (int key = 0; key < keys; key++) {
                top = Math.max(top, at(p, key, lane));
                square += at(p, key, lane) * at(p, key, lane);
            }
            close(largest[lane], top);
            close(squares[lane], square);
        }
        for (int key = -1; key <= keys; key++) {
            double column = 0.5 * PARTS;
            double found = 0;
            for (int part = 0; part < PARTS; part++) {
                found += columns[(key + 1) * PARTS + part];
            }
            for (int lane = 0; key >= 0 && key < keys && lane < LANES; lane++) {
                column += at(p, key, lane);
            }
            close(found, column);
        }
    }

    private static void diagonals(AttentionKernels kernel, float[] p, int keys) {
        int zero = DIAGONAL_ROOM + 1;
        float[] sums = new float[zero + DIAGONAL_ROOM + 1];
        Arrays.fill(sums, 0.25f);
        float[] scratch = new float[AttentionKernels.DIAGONAL_SCRATCH];
        Arrays.fill(scratch, 7);
        kernel.diagonals(p, BEFORE, keys, sums, zero, scratch);
        for (int i = 0; i < sums.length; i++) {
            double truth = 0.25;
            for (int key = 0; key < keys; key++) {
                int lane = i - zero + key;
                truth += lane >= 0 && lane < LANES ? at(p, key, lane) : 0;
            }
            close(sums[i], truth);
        }
    }

    private static void matches(AttentionKernels kernel, float[] p, int keys) {
        Random random = new Random(3);
        float[] queries = new float[LANES];
        for (int lane = 0; lane < LANES; lane++) {
            queries[lane] = lane % 9 == 0 ? Float.NaN : random.nextInt(4);
        }
        float[] tokens = new float[keys + 2];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = i % 7 == 1 ? Float.NaN : random.nextInt(4);
        }
        float[] sums = new float[2 * LANES];
        Arrays.fill(sums, 1);
        kernel.matches(p, BEFORE, keys, queries, tokens, 2, sums);
        for (int lane = 0; lane < LANES; lane++) {
            double same = 1;
            double after = 1;
            for (int key = 0; key < keys; key++) {
                same += queries[lane] == tokens[2 + key] ? at(p, key, lane) : 0;
                after += queries[lane] == tokens[1 + key] ? at(p, key, lane) : 0;
            }
            close(sums[lane], same);
            close(sums[LANES + lane], after);
        }
    }

    private static void rows(AttentionKernels kernel, float[] p, int keys) {
        float[] sums = new float[LANES];
        Arrays.fill(sums, 3);
        kernel.addUp(p, BEFORE, keys, sums);
        float[] weighed = new float[LANES];
        float[] weights = new float[LANES + 5];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = i % 3;
        }
        kernel.weigh(p, BEFORE, weights, 5, weighed);
        for (int lane = 0; lane < LANES; lane++) {
            double sum = 3;
            for (int key = 0; key < keys; key++) {
                sum += at(p, key, lane);
            }
            close(sums[lane], sum);
            close(weighed[lane], at(p, 0, lane) * ((lane + 5) % 3));
        }
    }

    private static void weighedColumns(AttentionKernels kernel, float[] p, int keys) {
        float[] weights = new float[LANES];
        for (int lane = 0; lane < LANES; lane++) {
            weights[lane] = lane % 5 - 1;
        }
        float[] sums = new float[keys + 1];
        Arrays.fill(sums, 2);
        kernel.columns(p, BEFORE, keys, weights, sums);
        for (int key = 0; key < keys; key++) {
            double sum = 2;
            for (int lane = 0; lane < LANES; lane++) {
                sum += at(p, key, lane) * (lane % 5 - 1);
            }
            close(sums[key], sum);
        }
        assertThat(sums[keys]).isEqualTo(2);
    }

    private static void close(double found, double truth) {
        assertThat(found).isCloseTo(truth, within(1e-5 * (1 + truth)));
    }
}
