package org.headlight.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.engine.attend.AttentionCase;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.AttentionOutput;
import org.headlight.engine.attend.AttentionRunner;
import org.headlight.engine.attend.BlockCsr;
import org.headlight.engine.attend.HeadArray;
import org.headlight.engine.attend.KeyPositions;
import org.headlight.engine.attend.NaiveAttention;
import org.headlight.engine.attend.Selection;
import org.headlight.engine.attend.Spans;
import org.headlight.engine.attend.Stripes;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.task.Progress;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Our attention for CUDA against double precision, wherever it runs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class AttentionTruth {
    private static final NaiveAttention.Chosen ALL = (head, row, key) -> true;

    /** Weights are rounded to halves: 5e-4 of values of up to 4. */
    private static final double HALVES = 2e-3;

    private static final double FLOATS = 1e-5;

    private CudaAttention halves;
    private CudaAttention floats;

    /** A device of its own for each call. */
    abstract GpuDriver driver(Path folder);

    abstract KernelCompiler compiler(Path folder) throws IOException;

    /** Lets the device go about its work in another order, of 0 to 3, if it can. */
    abstract void mode(int order);

    @BeforeAll
    void open(@TempDir Path folder) throws IOException {
        KernelCompiler compiler = compiler(folder);
        halves = new CudaAttention(driver(folder), compiler, Precision.FP16, new Refusal());
        floats = new CudaAttention(driver(folder), compiler, Precision.FP32, new Refusal());
    }

    @AfterAll
    void close() {
        if (halves != null) {
            halves.close();
            floats.close();
        }
    }

    /** Nothing of these tests may go to the processor. */
    private static final class Refusal implements AttentionRunner {
        @Override
        public void run(
                AttentionInput input,
                Selection selection,
                AttentionOutput output,
                Progress progress) {
            throw new AssertionError("This was to run on the device");
        }

        @Override
        public void close() {}
    }

    private static AttentionInput rounded(AttentionInput input) {
        return input.with(rounded(input.q()), rounded(input.k()), rounded(input.v()));
    }

    private static HeadArray rounded(HeadArray array) {
        float[] values = array.values().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.float16ToFloat(Float.floatToFloat16(values[i]));
        }
        return HeadArray.headsFirst(values, array.heads(), array.rows(), array.width());
    }

    private void check(AttentionInput given, Selection selection, NaiveAttention.Chosen chosen) {
        AttentionInput input = rounded(given);
        mode(input.q().rows() + input.k().rows() & 3);
        AttentionCase.check("halves", input, chosen, run(halves, input, selection), HALVES);
        AttentionCase.check("floats", input, chosen, run(floats, input, selection), FLOATS);
    }

    private static AttentionOutput run(
            CudaAttention attention, AttentionInput input, Selection selection) {
        AttentionOutput output =
                AttentionOutput.allocate(input.q().heads(), input.q().rows(), input.v().width());
        Arrays.fill(output.out().values(), Float.NaN);
        Arrays.fill(output.lse(), Float.NaN);
        attention.run(input, selection, output, Progress.NONE);
        return output;
    }

    @ParameterizedTest
    @CsvSource({
        "9, 1, 64, 64",
        "63, 2, 64, 64",
        "64, 64, 64, 64",
        "65, 65, 64, 64",
        "130, 200, 64, 64",
        "70, 33, 80, 80",
        "33, 130, 128, 128",
        "20, 65, 192, 128",
        "10, 40, 20, 36"
    })
    void everyQuerySeesEveryKey(int n, int m, int depth, int width) {
        check(
                AttentionCase.input(AttentionMask.full(m), 2, 2, 1, n, m, depth, width),
                Selection.dense(),
                ALL);
    }

    @ParameterizedTest
    @CsvSource({"9, 9", "63, 63", "65, 65", "130, 130", "65, 190", "300, 300"})
    void causalAttentionStopsAtTheQueryAndHeadsShareKeys(int n, int m) {
        check(
                AttentionCase.input(AttentionMask.causal(m - n), 2, 4, 2, n, m, 64, 64),
                Selection.dense(),
                ALL);
    }

    @Test
    void queriesBeforeTheFirstKeySeeNothing() {
        AttentionInput input =
                AttentionCase.input(AttentionMask.causal(-70), 2, 1, 1, 100, 30, 64, 64);
        check(input, Selection.dense(), ALL);
        AttentionOutput output = run(halves, rounded(input), Selection.dense());
        assertThat(output.lse()[69]).isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(output.lse()[70]).isFinite();
        assertThat(Arrays.copyOf(output.out().values(), 70 * 64)).containsOnly(0f);
    }

    @ParameterizedTest
    @CsvSource({"130, 130, 1", "130, 130, 20", "200, 260, 70", "150, 150, 1000"})
    void aWindowHidesWhatLiesFartherBack(int n, int m, int window) {
        check(
                AttentionCase.input(AttentionMask.window(m - n, window), 2, 2, 1, n, m, 64, 64),
                Selection.dense(),
                ALL);
    }

    @ParameterizedTest
    @CsvSource({
        "130, 130, 4, 20",
        "130, 200, 0, 64",
        "200, 200, 70, 1",
        "90, 90, 100, 5",
        "70, 70, 3, 0"
    })
    void aBandKeepsTheFirstKeysAndTheLast(int n, int m, int first, int window) {
        check(
                AttentionCase.input(AttentionMask.causal(m - n), 2, 2, 1, n, m, 64, 64),
                Selection.band(first, window),
                (head, row, key) ->
                        key <= row + m - n && (key < first || key > row + m - n - window));
    }

    @Test
    void softCapAndSinksCount() {
        AttentionInput input =
                AttentionCase.input(AttentionMask.causal(0), 4, 2, 1, 100, 100, 64, 64)
                        .withSoftCap(3)
                        .withSinks(1.5f, Float.NEGATIVE_INFINITY);
        check(input, Selection.dense(), ALL);
        AttentionInput hidden =
                AttentionCase.input(AttentionMask.causal(-20), 4, 1, 1, 30, 10, 64, 64)
                        .withSinks(0.5f);
        check(hidden, Selection.dense(), ALL);
    }

    @ParameterizedTest
    @CsvSource({"16, 16", "16, 64", "64, 16", "32, 32", "128, 128", "144, 16"})
    void softCapCountsAtEveryWidth(int depth, int width) {
        check(
                AttentionCase.input(AttentionMask.causal(0), 2, 1, 1, 150, 150, depth, width)
                        .withSoftCap(3),
                Selection.dense(),
                ALL);
    }

    @ParameterizedTest
    @CsvSource({"64, 200, 200", "64, 130, 190", "128, 300, 300", "128, 260, 300", "192, 300, 300"})
    void blocksThatAreKeptAreUsed(int block, int n, int m) {
        int heads = 2;
        Random random = new Random(block + n);
        int rows = Math.ceilDiv(n, block);
        int columns = Math.ceilDiv(m, block);
        boolean[][][] kept = new boolean[heads][rows][columns];
        List<int[]> starts = new ArrayList<>();
        List<int[]> lists = new ArrayList<>();
        for (int head = 0; head < heads; head++) {
            int[] start = new int[rows + 1];
            int[] list = new int[rows * columns];
            int count = 0;
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    // The first block row of the first head keeps nothing.
                    if (head + row > 0 && random.nextInt(2) == 0) {
                        kept[head][row][column] = true;
                        list[count++] = column;
                    }
                }
                start[row + 1] = count;
            }
            starts.add(start);
            lists.add(Arrays.copyOf(list, count));
        }
        check(
                AttentionCase.input(AttentionMask.causal(m - n), 2, heads, 1, n, m, 64, 64),
                BlockCsr.of(block, starts, lists),
                (head, row, key) -> kept[head][row / block][key / block]);
    }

    @Test
    void spansOfAnyLengthAreReadInPlaceOrGathered() {
        int n = 200;
        Random random = new Random(3);
        boolean[][][] kept = new boolean[2][4][n];
        Spans.Builder spans = new Spans.Builder(2, n, 64);
        for (int head = 0; head < 2; head++) {
            for (int group = 0; group < 4; group++) {
                int key = random.nextInt(5);
                while (key < n) {
                    int length = random.nextInt(3) == 0 ? 33 + random.nextInt(50) : 1;
                    int end = Math.min(n, key + length);
                    spans.add(key, end);
                    Arrays.fill(kept[head][group], key, end, true);
                    key = end + 1 + random.nextInt(9);
                }
                spans.next();
            }
        }
        check(
                AttentionCase.input(AttentionMask.causal(0), 2, 2, 1, n, n, 64, 64),
                spans.build(),
                (head, row, key) -> kept[head][row / 64][key]);
    }

    @Test
    void stripesAndTheirWindowCountEachKeyOnce() {
        int n = 260;
        int window = 30;
        int[] columns = {0, 1, 5, 40, 41, 42, 90, 128, 129, 200, 259};
        int[] starts = {0, 11, 22, 33};
        int[] all = new int[33];
        for (int i = 0; i < 33; i++) {
            all[i] = columns[i % 11];
        }
        check(
                AttentionCase.input(AttentionMask.causal(0), 2, 2, 2, n, n, 64, 64),
                Stripes.of(128, window, List.of(starts, starts), List.of(all, all)),
                (head, row, key) ->
                        key <= row
                                && (key > row - window || Arrays.binarySearch(columns, key) >= 0));
    }

    @Test
    void keyPositionsServeEveryQuery() {
        int[] first = {0, 3, 60, 61, 62, 99};
        int[] second = new int[90];
        Arrays.setAll(second, i -> i + 5);
        check(
                AttentionCase.input(AttentionMask.causal(0), 2, 4, 2, 100, 100, 64, 64),
                KeyPositions.of(List.of(first, second)),
                (head, row, key) -> Arrays.binarySearch(head < 2 ? first : second, key) >= 0);
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "2", "3"})
    void theOrderOfWarpsAndOfCopiesDoesNotMatter(int mode) {
        AttentionInput input =
                rounded(AttentionCase.input(AttentionMask.causal(0), 2, 1, 1, 260, 260, 64, 64));
        mode(0);
        AttentionOutput one = run(halves, input, Selection.dense());
        mode(mode);
        AttentionOutput other = run(halves, input, Selection.dense());
        assertThat(other.out().values()).isEqualTo(one.out().values());
        assertThat(other.lse()).isEqualTo(one.lse());
    }

    @Test
    void tokensThatLieTogetherWithAllTheirHeadsAreSent() {
        AttentionInput input =
                rounded(AttentionCase.input(AttentionMask.causal(0), 2, 3, 3, 70, 70, 40, 24));
        AttentionInput other =
                input.with(rowsFirst(input.q()), rowsFirst(input.k()), rowsFirst(input.v()));
        HeadArray target = rowsFirst(AttentionOutput.allocate(3, 70, 24).out());
        AttentionOutput output = new AttentionOutput(target, new float[3 * 70]);
        floats.run(other, Selection.dense(), output, Progress.NONE);
        AttentionCase.check("rows first", other, ALL, output, FLOATS);
    }

    private static HeadArray rowsFirst(HeadArray array) {
        float[] values = new float[array.values().length];
        HeadArray result = HeadArray.rowsFirst(values, array.heads(), array.rows(), array.width());
        for (int head = 0; head < array.heads(); head++) {
            for (int row = 0; row < array.rows(); row++) {
                System.arraycopy(
                        array.values(),
                        array.at(head, row),
                        values,
                        result.at(head, row),
                        array.width());
            }
        }
        return result;
    }
}
