package org.headlight.engine.attend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

/** Attention over a part of the keys, of every implementation, against double precision. */
class SelectionTest {
    private static final double TOLERANCE = 8e-6;

    private static void check(
            AttentionInput input, Selection selection, NaiveAttention.Chosen chosen) {
        for (FlashKernels kernels : FlashKernelsForTests.all()) {
            AttentionOutput output = AttentionCase.run(kernels, input, selection);
            AttentionCase.check(kernels.name(), input, chosen, output, TOLERANCE);
        }
    }

    /** A layout that keeps about a share of the blocks; block row 1 of head 0 keeps none. */
    static boolean[][][] layout(int heads, int rows, int cols, double share) {
        Random random = new Random(4);
        boolean[][][] kept = new boolean[heads][rows][cols];
        for (int head = 0; head < heads; head++) {
            for (int row = 0; row < rows; row++) {
                for (int col = 0; col < cols; col++) {
                    kept[head][row][col] =
                            random.nextDouble() < share && (head > 0 || row != 1 || share == 1);
                }
            }
        }
        return kept;
    }

    static BlockCsr csr(int block, boolean[][][] kept) {
        List<int[]> starts = new ArrayList<>();
        List<int[]> columns = new ArrayList<>();
        for (boolean[][] head : kept) {
            int[] start = new int[head.length + 1];
            int[] all = new int[head.length * head[0].length];
            int count = 0;
            for (int row = 0; row < head.length; row++) {
                for (int col = 0; col < head[row].length; col++) {
                    if (head[row][col]) {
                        all[count++] = col;
                    }
                }
                start[row + 1] = count;
            }
            starts.add(start);
            columns.add(Arrays.copyOf(all, count));
        }
        return BlockCsr.of(block, starts, columns);
    }

    @ParameterizedTest
    @CsvSource({
        "64, 64, 64, true",
        "64, 200, 200, true",
        "128, 300, 300, true",
        "128, 1000, 1000, true",
        "64, 100, 500, true",
        "128, 65, 300, false"
    })
    void blocksThatAreLeftOutDoNotCount(int block, int n, int m, boolean causal) {
        int rows = Math.ceilDiv(n, block);
        int cols = Math.ceilDiv(m, block);
        AttentionMask mask = causal ? AttentionMask.causal(m - n) : AttentionMask.full(m);
        AttentionInput input = AttentionCase.input(mask, 2, 4, 2, n, m, 36, 24);
        boolean[][][] kept = layout(4, rows, cols, 0.4);
        check(input, csr(block, kept), (head, row, key) -> kept[head][row / block][key / block]);
        boolean[][][] everything = layout(4, rows, cols, 1);
        FlashKernels kernels = FlashKernelsForTests.best();
        AttentionOutput dense = AttentionCase.run(kernels, input, Selection.dense());
        AttentionOutput all = AttentionCase.run(kernels, input, csr(block, everything));
        assertThat(all.out().values()).isEqualTo(dense.out().values());
        assertThat(all.lse()).isEqualTo(dense.lse());
        assertThat(all.counters().pairs()).isEqualTo(dense.counters().pairs());
    }

    @Test
    void fewerBlocksAreLessWork() {
        AttentionInput input =
                AttentionCase.input(AttentionMask.full(640), 2, 1, 1, 640, 640, 8, 8);
        boolean[][][] kept = new boolean[1][10][10];
        for (int row = 0; row < 10; row++) {
            kept[0][row][(row * 3) % 10] = true;
        }
        BlockCsr selection = csr(64, kept);
        AttentionOutput output = AttentionCase.run(FlashKernelsForTests.best(), input, selection);
        assertThat(selection.blocks()).isEqualTo(10);
        assertThat(output.counters().pairs()).isEqualTo(10 * 64 * 64);
        assertThat(output.counters().bytes()).isEqualTo(4L * (640 * 8 + 10 * 64 * 16));
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 4, 8",
        "1, 700, 4, 600",
        "5, 700, 0, 30",
        "70, 70, 4, 0",
        "200, 200, 0, 1",
        "200, 200, 4, 33",
        "300, 300, 70, 64",
        "130, 1000, 100, 300"
    })
    void aBandIsTheSinkAndTheWindow(int n, int m, int sink, int window) {
        AttentionInput input =
                AttentionCase.input(AttentionMask.causal(m - n), 2, 2, 1, n, m, 20, 33);
        check(
                input,
                Selection.band(sink, window),
                (head, row, key) ->
                        key <= row + m - n && (key < sink || key > row + m - n - window));
    }

    private static int[] columns(int keys, int step, int from) {
        int[] list = new int[Math.max(0, Math.ceilDiv(keys - from, step))];
        for (int i = 0; i < list.length; i++) {
            list[i] = from + i * step;
        }
        return list;
    }

    @ParameterizedTest
    @CsvSource({
        "64, 64, 64, 0, true",
        "64, 300, 300, 0, true",
        "64, 300, 300, 33, true",
        "128, 300, 500, 70, true",
        "64, 130, 200, 0, false",
        "64, 2, 900, 5, true"
    })
    void stripesAreGatheredColumnsAndAWindow(
            int perList, int n, int m, int window, boolean causal) {
        AttentionMask mask = causal ? AttentionMask.causal(m - n) : AttentionMask.full(m);
        AttentionInput input = AttentionCase.input(mask, 2, 2, 1, n, m, 40, 24);
        int lists = Math.ceilDiv(n, perList);
        List<int[]> starts = new ArrayList<>();
        List<int[]> columns = new ArrayList<>();
        boolean[][][] has = new boolean[2][lists][m];
        for (int head = 0; head < 2; head++) {
            int[] start = new int[lists + 1];
            int[] all = new int[lists * m];
            for (int list = 0; list < lists; list++) {
                int[] own = list == 1 ? new int[0] : columns(m, 3 + head, list);
                System.arraycopy(own, 0, all, start[list], own.length);
                start[list + 1] = start[list] + own.length;
                for (int key : own) {
                    has[head][list][key] = true;
                }
            }
            starts.add(start);
            columns.add(Arrays.copyOf(all, start[lists]));
        }
        check(
                input,
                Stripes.of(perList, window, starts, columns),
                (head, row, key) -> {
                    int position = row + m - n;
                    boolean inWindow = key <= position && key > position - window;
                    boolean before = window == 0 || key <= position;
                    return inWindow || (before && has[head][row / perList][key]);
                });
    }

    @ParameterizedTest
    @CsvSource({"1, 2000", "3, 700", "8, 64", "9, 64", "70, 500"})
    void listedKeysAreGathered(int n, int m) {
        AttentionInput input =
                AttentionCase.input(AttentionMask.causal(m - n), 2, 6, 2, n, m, 33, 36)
                        .withSinks(0, 1, 2, Float.NEGATIVE_INFINITY, -1, 3)
                        .withSoftCap(20);
        List<int[]> lists = List.of(columns(m, 3, 1), columns(m, 7, m / 2));
        check(
                input,
                KeyPositions.of(lists),
                (head, row, key) ->
                        head < 3 ? key % 3 == 1 : key >= m / 2 && (key - m / 2) % 7 == 0);
    }

    @Test
    void aQueryWithoutListedKeysGivesNothing() {
        AttentionInput input = AttentionCase.input(AttentionMask.causal(99), 2, 1, 1, 1, 100, 8, 8);
        AttentionOutput output =
                AttentionCase.run(
                        FlashKernelsForTests.best(), input, KeyPositions.of(List.of(new int[0])));
        assertThat(output.lse()).containsExactly(Float.NEGATIVE_INFINITY);
        assertThat(output.out().values()).containsOnly(0);
    }

    @Test
    void selectionsThatDoNotFitAreRefused() {
        AttentionInput input = AttentionCase.input(AttentionMask.full(99), 2, 1, 1, 99, 99, 8, 8);
        FlashKernels kernels = FlashKernelsForTests.best();
        assertThatThrownBy(() ->
                        AttentionCase.run(kernels, input, KeyPositions.of(List.of(new int[] {99}))))
                .hasMessage("Column 99 of a selection; there are 99");
        assertThatThrownBy(() -> KeyPositions.of(List.of(new int[] {3, 3})))
                .hasMessage("Key head 0: entry 1, 3, does not rise");
        assertThatThrownBy(() -> AttentionCase.run(kernels, input, csr(64, layout(1, 3, 2, 1))))
                .hasMessage("Head 0 has 3 block rows of 64; 99 queries are 2");
        assertThatThrownBy(() -> BlockCsr.of(60, List.of(), List.of()))
                .hasMessage("Blocks of 60; multiples of 64 work");
    }
}
