package org.headlight.engine.attend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.kernel.FlashKernels;
import org.headlight.engine.kernel.FlashKernelsForTests;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Runs of keys for groups of queries, and pieces that are skipped, against double precision. */
class SpansTest {
    private static final double TOLERANCE = 8e-6;

    /** Which keys each list of each head has, at random, with short and long runs. */
    private static boolean[][][] chosen(int heads, int lists, int keys) {
        Random random = new Random(7);
        boolean[][][] has = new boolean[heads][lists][keys];
        for (boolean[][] head : has) {
            for (int list = 0; list < lists; list++) {
                for (int key = 0; key < keys; ) {
                    int length = random.nextBoolean() ? 1 + random.nextInt(3) : random.nextInt(90);
                    boolean on = list != 1 && random.nextInt(3) == 0;
                    for (int i = key; i < Math.min(keys, key + length); i++) {
                        head[list][i] = on;
                    }
                    key += Math.max(1, length);
                }
            }
        }
        return has;
    }

    private static Spans spans(int queries, int rowsPerList, boolean[][][] has) {
        Spans.Builder builder = new Spans.Builder(has.length, queries, rowsPerList);
        for (boolean[][] head : has) {
            for (boolean[] list : head) {
                for (int key = 0; key < list.length; key++) {
                    if (list[key]) {
                        builder.add(key, key + 1);
                    }
                }
                builder.next();
            }
        }
        return builder.build();
    }

    @ParameterizedTest
    @CsvSource({
        "64, 64, 64, true",
        "64, 200, 200, true",
        "128, 300, 300, true",
        "64, 65, 300, false",
        "1, 1, 700, true",
        "1, 70, 1100, true",
        "8, 130, 130, true",
        "1, 65, 65, false"
    })
    void onlyTheKeysOfTheListCount(int rowsPerList, int n, int m, boolean causal) {
        AttentionMask mask = causal ? AttentionMask.causal(m - n) : AttentionMask.full(m);
        AttentionInput input = AttentionCase.input(mask, 2, 4, 2, n, m, 36, 24);
        boolean[][][] has = chosen(4, Math.ceilDiv(n, rowsPerList), m);
        Spans spans = spans(n, rowsPerList, has);
        for (FlashKernels kernels : FlashKernelsForTests.all()) {
            AttentionOutput output = AttentionCase.run(kernels, input, spans);
            AttentionCase.check(
                    kernels.name(),
                    input,
                    (head, row, key) -> has[head][row / rowsPerList][key],
                    output,
                    TOLERANCE);
        }
    }

    /** Lists of neighbours that have much in common, so that they are worked on together. */
    private static boolean[][][] alike(int heads, int lists, int keys) {
        boolean[][][] has = new boolean[heads][lists][keys];
        Random random = new Random(5);
        for (boolean[][] head : has) {
            for (int list = 0; list < lists; list++) {
                for (int key = 0; key < keys; key++) {
                    boolean block = key / 48 % 3 == 0 || key == list % 7;
                    head[list][key] = block && list % 50 != 3 && random.nextInt(9) > 0;
                }
            }
        }
        return has;
    }

    @ParameterizedTest
    @CsvSource({
        "1, 9, 9, true",
        "1, 63, 63, true",
        "1, 64, 300, true",
        "1, 65, 200, false",
        "3, 200, 700, true",
        "8, 130, 130, true",
        "70, 300, 300, true"
    })
    void listsThatAreAlikeAreWorkedOnTogether(int rowsPerList, int n, int m, boolean causal) {
        AttentionMask mask = causal ? AttentionMask.causal(m - n) : AttentionMask.full(m);
        AttentionInput input =
                AttentionCase.input(mask, 2, 4, 2, n, m, 36, 24).withSinks(0, 1, -2, 3);
        boolean[][][] has = alike(4, Math.ceilDiv(n, rowsPerList), m);
        Spans spans = spans(n, rowsPerList, has);
        for (FlashKernels kernels : FlashKernelsForTests.all()) {
            AttentionOutput output = AttentionCase.run(kernels, input, spans);
            AttentionCase.check(
                    kernels.name(),
                    input,
                    (head, row, key) -> has[head][row / rowsPerList][key],
                    output,
                    TOLERANCE);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 40", "9, 9", "70, 700", "130, 1100"})
    void stepByStepEverySelectionKeepsItsKeys(int n, int m) {
        AttentionInput input =
                AttentionCase.input(AttentionMask.causal(m - n), 2, 4, 2, n, m, 36, 100);
        boolean[][][] has = chosen(4, n, m);
        boolean[][][] blocks = SelectionTest.layout(4, (n + 63) / 64, (m + 63) / 64, 0.4);
        for (FlashKernels kernels : FlashKernelsForTests.all()) {
            AttentionOutput dense =
                    AttentionCase.run(kernels, input, Selection.stepwise(Selection.dense()));
            AttentionCase.check(kernels.name(), input, (h, r, k) -> true, dense, TOLERANCE);
            long visible = 0;
            for (int row = 0; row < n; row++) {
                visible += row + 1 + m - n;
            }
            assertThat(dense.counters().pairs()).isEqualTo(4 * visible);
            assertThat(dense.counters().bytes()).isEqualTo(4 * visible * 4 * 136);
            AttentionCase.check(
                    kernels.name(),
                    input,
                    (head, row, key) -> has[head][row][key],
                    AttentionCase.run(kernels, input, Selection.stepwise(spans(n, 1, has))),
                    TOLERANCE);
            Selection csr = Selection.stepwise(SelectionTest.csr(64, blocks));
            AttentionCase.check(
                    kernels.name(),
                    input,
                    (head, row, key) -> blocks[head][row / 64][key / 64],
                    AttentionCase.run(kernels, input, csr),
                    TOLERANCE);
        }
    }

    @Test
    void allKeysAreWhatDenseGives() {
        AttentionInput input =
                AttentionCase.input(AttentionMask.causal(0), 2, 4, 2, 130, 130, 20, 20);
        AttentionOutput dense =
                AttentionCase.run(FlashKernelsForTests.best(), input, Selection.dense());
        for (int rowsPerList : new int[] {1, 64}) {
            Spans.Builder builder = new Spans.Builder(4, 130, rowsPerList);
            for (int i = 0; i < 4 * Math.ceilDiv(130, rowsPerList); i++) {
                builder.add(0, 70).add(60, 130).next();
            }
            AttentionOutput all =
                    AttentionCase.run(FlashKernelsForTests.best(), input, builder.build());
            for (int i = 0; i < dense.out().values().length; i++) {
                assertThat(all.out().values()[i]).isCloseTo(dense.out().values()[i], within(1e-5f));
            }
        }
    }

    @Test
    void everySelectionSaysWhichKeysAQueryHas() {
        Selection.Shape shape = new Selection.Shape(4, 2, 200, 300);
        boolean[][][] blocks = SelectionTest.layout(4, 4, 5, 0.4);
        Selection csr = SelectionTest.csr(64, blocks);
        boolean[][][] has = chosen(4, 200, 300);
        List<int[]> lists = List.of(new int[] {3, 4, 9}, new int[] {0, 299});
        List<int[]> starts = new ArrayList<>();
        List<int[]> columns = new ArrayList<>();
        for (int head = 0; head < 4; head++) {
            starts.add(new int[] {0, 2, 2, 3, 5});
            columns.add(new int[] {5, 150, 7, 1, 120});
        }
        Selection stripes = Stripes.of(64, 10, starts, columns);
        for (int head = 0; head < 4; head++) {
            int own = head;
            for (int row = 0; row < 200; row++) {
                int at = row;
                int end = row + 101;
                int list = row / 64;
                int[][] stripe = {{5, 150}, {}, {7}, {1, 120}};
                same(shape, Selection.dense(), head, row, k -> true);
                same(
                        shape,
                        Selection.band(4, 9),
                        head,
                        row,
                        k -> k < end && (k < 4 || k >= end - 9));
                same(shape, csr, head, row, k -> blocks[own][at / 64][k / 64]);
                same(shape, spans(200, 1, has), head, row, k -> has[own][at][k]);
                same(shape, KeyPositions.of(lists), head, row, k -> in(lists.get(own / 2), k));
                same(
                        shape,
                        stripes,
                        head,
                        row,
                        k -> k < end && (k >= end - 10 || in(stripe[list], k)));
            }
        }
    }

    private static boolean in(int[] list, int key) {
        for (int k : list) {
            if (k == key) {
                return true;
            }
        }
        return false;
    }

    private interface Has {
        boolean key(int key);
    }

    private static void same(
            Selection.Shape shape, Selection selection, int head, int row, Has has) {
        boolean[] found = new boolean[shape.keys()];
        int[] last = {-1};
        selection.runs(
                shape,
                head,
                row,
                (start, end) -> {
                    assertThat(start).isGreaterThan(last[0]);
                    assertThat(end).isGreaterThan(start);
                    last[0] = end;
                    for (int key = start; key < end; key++) {
                        found[key] = true;
                    }
                });
        boolean[] alone = new boolean[shape.keys()];
        selection
                .head(shape, head)
                .runs(
                        new Selection.Shape(1, 1, shape.queries(), shape.keys()),
                        0,
                        row,
                        (start, end) -> Arrays.fill(alone, start, end, true));
        for (int key = 0; key < shape.keys(); key++) {
            assertThat(found[key])
                    .as("%s, row %d, key %d", selection, row, key)
                    .isEqualTo(has.key(key));
        }
        assertThat(alone).isEqualTo(found);
    }

    @Test
    void listsThatDoNotRiseAreRefused() {
        Spans.Builder builder = new Spans.Builder(1, 64, 64).add(10, 20);
        assertThatThrownBy(() -> builder.add(5, 7))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Head 0, list 0: 5 does not rise");
    }

    @Test
    void aSpanBeyondTheKeysIsRefused() {
        Spans spans = new Spans.Builder(1, 64, 64).add(10, 65).next().build();
        AttentionInput input = AttentionCase.input(AttentionMask.causal(0), 1, 1, 1, 64, 64, 8, 8);
        assertThatThrownBy(() -> AttentionCase.run(FlashKernelsForTests.best(), input, spans))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A span ends at 65; there are 64 keys");
    }

    @ParameterizedTest
    @CsvSource({"64, 64", "300, 300", "130, 700"})
    void piecesThatAreSkippedHoldLessThanTheLimit(int n, int m) {
        double limit = 1e-3;
        AttentionInput input =
                AttentionCase.input(AttentionMask.causal(m - n), 6, 4, 2, n, m, 36, 24);
        for (FlashKernels kernels : FlashKernelsForTests.all()) {
            AttentionOutput dense = AttentionCase.run(kernels, input, Selection.dense());
            AttentionOutput sparse = AttentionCase.run(kernels, input, Selection.skipping(limit));
            for (int i = 0; i < dense.lse().length; i++) {
                double lost = 1 - Math.exp(sparse.lse()[i] - dense.lse()[i]);
                assertThat(lost).as("row %d", i).isBetween(-1e-5, limit * m);
            }
            assertThat(sparse.counters().pairs()).isEqualTo(dense.counters().pairs());
            assertThat(sparse.counters().weighed()).isLessThanOrEqualTo(dense.counters().weighed());
        }
    }

    @Test
    void aPieceFarBelowIsSkippedAndOneThatIsNotStays() {
        // Keys 64 to 127 score 0, all others 20: only they can be skipped.
        int n = 256;
        float[] q = new float[n];
        Arrays.fill(q, 1);
        float[] k = new float[n];
        for (int key = 0; key < n; key++) {
            k[key] = key >= 64 && key < 128 ? 0 : 20;
        }
        HeadArray queries = HeadArray.headsFirst(q, 1, n, 1);
        HeadArray keys = HeadArray.headsFirst(k, 1, n, 1);
        AttentionInput input = AttentionInput.of(queries, keys, keys, 1, AttentionMask.full(n));
        AttentionOutput sparse =
                AttentionCase.run(FlashKernelsForTests.best(), input, Selection.skipping(1e-6));
        assertThat(sparse.counters().pairs()).isEqualTo((long) n * n);
        assertThat(sparse.counters().weighed()).isEqualTo((long) n * (n - 64));
        AttentionOutput kept =
                AttentionCase.run(FlashKernelsForTests.best(), input, Selection.skipping(1e-12));
        assertThat(kept.counters().weighed()).isEqualTo((long) n * n);
    }

    @Test
    void partOfAnInputIsThatPartOfTheWhole() {
        int n = 130;
        AttentionInput input = AttentionCase.input(AttentionMask.causal(0), 2, 4, 2, n, n, 20, 12);
        AttentionOutput whole =
                AttentionCase.run(FlashKernelsForTests.best(), input, Selection.dense());
        AttentionOutput first =
                AttentionCase.run(
                        FlashKernelsForTests.best(), input.part(0, 70, 70), Selection.dense());
        AttentionOutput last =
                AttentionCase.run(
                        FlashKernelsForTests.best(), input.part(70, n, n), Selection.dense());
        AttentionOutput third =
                AttentionCase.run(FlashKernelsForTests.best(), input.head(3), Selection.dense());
        for (int row = 0; row < n; row++) {
            for (int d = 0; d < 12; d++) {
                float truth = whole.out().values()[whole.out().at(3, row) + d];
                AttentionOutput part = row < 70 ? first : last;
                int at = part.out().at(3, row < 70 ? row : row - 70) + d;
                assertThat(part.out().values()[at]).isCloseTo(truth, within(1e-5f));
                assertThat(third.out().values()[third.out().at(0, row) + d])
                        .isCloseTo(truth, within(1e-5f));
            }
        }
    }
}
