package org.headlight.engine.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.List;

class MaskReaderTest {
    private static final float LOWEST = -Float.MAX_VALUE;

    /** What is added to the cell of a head, row and key. */
    private interface Bias {
        float at(int head, int row, int key);
    }

    /** Feeds a bias in chunks of rows; in causal chunks keys end with the chunk's last row. */
    private static MaskReader read(int rows, int keys, int chunk, int heads, Bias... biases) {
        int[] chunkEnd = new int[rows];
        List<MaskTermReader> terms = Arrays.stream(biases).map(b -> new MaskTermReader()).toList();
        for (int row0 = 0; row0 < rows; row0 += chunk) {
            int count = Math.min(chunk, rows - row0);
            int keyCount = chunk < rows ? keys - rows + row0 + count : keys;
            Arrays.fill(chunkEnd, row0, row0 + count, keyCount);
            for (int t = 0; t < biases.length; t++) {
                float[] values = new float[heads * count * keyCount];
                for (int i = 0; i < values.length; i++) {
                    values[i] =
                            biases[t].at(
                                    i / keyCount / count,
                                    row0 + i / keyCount % count,
                                    i % keyCount);
                }
                terms.get(t).accept(count, keyCount, values, heads, count, keyCount);
            }
        }
        return new MaskReader(terms, chunkEnd, keys);
    }

    private static void assertMatches(
            AttentionMask mask, int rows, int keys, int head, Bias expected) {
        for (int r = 0; r < rows; r++) {
            int first = 0;
            int end = 0;
            for (int k = 0; k < keys; k++) {
                float value = expected.at(head, r, k);
                boolean masked = value <= -9_999;
                assertThat(mask.bias(r, k)).isEqualTo(masked ? AttentionMask.MASKED : value);
                if (!masked) {
                    first = end == 0 ? k : first;
                    end = k + 1;
                }
            }
            if (end > 0) {
                assertThat(mask.firstKey(r)).as("first key of row %d", r).isEqualTo(first);
            }
            assertThat(mask.endKey(r) - mask.firstKey(r)).isEqualTo(end - first);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 63, 64, 65, 100})
    void aCausalMaskIsRecognisedInChunksOfAnySize(int rows) {
        Bias causal = (h, r, k) -> k <= r ? 0 : LOWEST;
        for (int chunk : new int[] {1, 7, 64, rows}) {
            List<AttentionMask> masks = read(rows, rows, chunk, 1, causal).read(6);

            assertThat(masks).hasSize(6).containsOnly(AttentionMask.causal(0));
        }
    }

    @Test
    void aCausalMaskWithAPastHasAnOffset() {
        assertThat(read(5, 12, 5, 1, (h, r, k) -> k <= r + 7 ? 0 : -65_504f).read(1))
                .containsExactly(AttentionMask.causal(7));
    }

    @Test
    void aWindowIsRecognised() {
        assertThat(
                        read(
                                        40,
                                        40,
                                        9,
                                        1,
                                        (h, r, k) ->
                                                k <= r && k > r - 8 ? 0 : Float.NEGATIVE_INFINITY)
                                .read(1))
                .containsExactly(AttentionMask.window(0, 8));
    }

    @Test
    void twoMasksAddUp() {
        assertThat(
                        read(
                                        40,
                                        40,
                                        40,
                                        1,
                                        (h, r, k) -> k <= r ? 0 : -10_000,
                                        (h, r, k) -> k > r - 8 ? 0 : -10_000)
                                .read(1))
                .containsExactly(AttentionMask.window(0, 8));
    }

    @Test
    void zerosAreNoMask() {
        assertThat(read(3, 5, 3, 1, (h, r, k) -> 0).read(2))
                .containsExactly(AttentionMask.full(5), AttentionMask.full(5));
        assertThat(read(3, 5, 3, 1).read(1)).containsExactly(AttentionMask.full(5));
    }

    @Test
    void paddingIsARunOfKeysOfItsOwn() {
        Bias padded = (h, r, k) -> k < 4 ? 0 : LOWEST;
        AttentionMask mask = read(6, 6, 6, 1, padded).read(1).getFirst();

        assertMatches(mask, 6, 6, 0, padded);
        assertThat(mask.unbiased()).isTrue();
        assertThat(mask.causal()).isFalse();
    }

    @Test
    void aRowThatSeesNothingHasNoKeys() {
        Bias bias = (h, r, k) -> r == 2 || k > r ? LOWEST : 0;
        AttentionMask mask = read(5, 5, 2, 1, bias).read(1).getFirst();

        assertMatches(mask, 5, 5, 0, bias);
        assertThat(mask.unbiased()).isTrue();
        assertThat(mask.causal()).isFalse();
        assertThat(mask.masked(2, 0)).isTrue();
    }

    @Test
    void biasesAreKeptPerHead() {
        Bias alibi = (h, r, k) -> k <= r ? -(h + 1) * 0.25f * (r - k) : LOWEST;
        List<AttentionMask> masks = read(9, 9, 4, 3, alibi).read(3);

        for (int head = 0; head < 3; head++) {
            assertMatches(masks.get(head), 9, 9, head, alibi);
            assertThat(masks.get(head).unbiased()).isFalse();
            assertThat(masks.get(head).causal()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 63, 64, 65, 200})
    void biasesOfDistancesAreKeptAsOneNumberEach(int rows) {
        Bias buckets =
                (h, r, k) -> k <= r ? (h + 1) * (float) Math.sin(Math.min(9, r - k)) : LOWEST;
        Bias bothWays = (h, r, k) -> (h + 1) * (float) Math.cos(k - r);
        for (Bias bias : List.of(buckets, bothWays)) {
            for (int chunk : new int[] {2, 7, 64, rows}) {
                List<AttentionMask> masks =
                        read(rows, rows, chunk, 3, causal(bias, chunk, rows)).read(3);
                for (int head = 0; head < 3; head++) {
                    assertMatches(masks.get(head), rows, rows, head, causal(bias, chunk, rows));
                    assertThat(masks.get(head).unbiased()).isFalse();
                }
                if (rows % chunk != 1) {
                    assertThat(masks).allMatch(mask -> mask instanceof RelativeMask);
                }
            }
        }
    }

    /** In chunks, keys end with the chunk's last row, so that only a causal bias can be read. */
    private static Bias causal(Bias bias, int chunk, int rows) {
        return chunk < rows ? (h, r, k) -> k <= r ? bias.at(h, r, k) : LOWEST : bias;
    }

    @Test
    void biasesOfDistancesKeepNoCells() {
        MaskTermReader term = new MaskTermReader();
        term.accept(2, 3, new float[] {5, 6, 7, 4, 5, 6}, 1, 2, 3);
        assertThat(term.keepsCells()).isFalse();
        term.accept(2, 3, new float[] {3, 4, 5, 2, 3, 9}, 1, 2, 3);
        assertThat(term.keepsCells()).isTrue();
        AttentionMask mask =
                new MaskReader(List.of(term), new int[] {3, 3, 3, 3}, 3).read(1).get(0);

        assertMatches(mask, 4, 3, 0, (h, r, k) -> r == 3 && k == 2 ? 9 : 5 + k - r);
    }

    @Test
    void aSingleOddCellAmongBiasesOfDistancesIsKept() {
        Bias odd =
                (h, r, k) -> k > r ? LOWEST : h == 1 && r == 30 && k == 4 ? 0.5f : 0.1f * (k - r);
        for (int chunk : new int[] {8, 40}) {
            List<AttentionMask> masks = read(40, 40, chunk, 2, odd).read(2);
            assertMatches(masks.get(0), 40, 40, 0, odd);
            assertMatches(masks.get(1), 40, 40, 1, odd);
            assertThat(masks.get(1)).isNotInstanceOf(RelativeMask.class);
        }
    }

    @Test
    void oneMaskIsSharedByAllHeadsThatHaveTheSame() {
        List<AttentionMask> masks = read(9, 9, 9, 1, (h, r, k) -> r * 0.5f - k).read(3);

        assertThat(masks.get(1)).isSameAs(masks.get(0));
        assertThat(masks.get(2)).isSameAs(masks.get(0));
    }

    @Test
    void headsWithDifferentRulesKeepTheirRule() {
        Bias byHead = (h, r, k) -> k <= r && (h == 0 || k > r - 3) ? 0 : LOWEST;

        assertThat(read(20, 20, 20, 2, byHead).read(2))
                .containsExactly(AttentionMask.causal(0), AttentionMask.window(0, 3));
    }

    @Test
    void holesAreMasked() {
        Bias holes = (h, r, k) -> k <= r && k % 3 != 1 ? 0 : LOWEST;
        AttentionMask mask = read(8, 8, 3, 1, holes).read(1).getFirst();

        assertMatches(mask, 8, 8, 0, holes);
        assertThat(mask.unbiased()).isFalse();
    }

    @Test
    void biasesOfKeysAloneAreReadWithoutRows() {
        MaskTermReader term = new MaskTermReader();
        term.accept(3, 4, new float[] {0.5f, 0, -20_000, 1}, 1, 1, 4);
        AttentionMask mask = new MaskReader(List.of(term), new int[] {4, 4, 4}, 4).read(1).get(0);

        assertMatches(mask, 3, 4, 0, (h, r, k) -> new float[] {0.5f, 0, LOWEST, 1}[k]);
    }

    @Test
    void aScalarMaskStandsForEveryCell() {
        MaskTermReader term = new MaskTermReader();
        term.accept(2, 4, new float[] {0}, 1, 1, 1);

        assertThat(new MaskReader(List.of(term), new int[] {4, 4}, 4).read(1))
                .containsExactly(AttentionMask.full(4));
    }

    @Test
    void aMaskWithTooFewRowsIsAnError() {
        MaskTermReader term = new MaskTermReader();
        term.accept(2, 2, new float[4], 1, 2, 2);

        assertThatThrownBy(() -> new MaskReader(List.of(term), new int[] {2, 2, 2}, 2))
                .hasMessage("a mask of 2 rows for 3 queries");
    }

    @Test
    void aRowOfOneNumberIsARowWithoutBias() {
        float[] levels = {0, -10_000, 3, -65_504};
        Bias level = (h, r, k) -> levels[r];
        assertThat(read(4, 5, 4, 2, level).read(2)).containsOnly(AttentionMask.full(5));

        MaskTermReader alongKeys = new MaskTermReader();
        alongKeys.accept(4, 5, levels.clone(), 1, 4, 1);
        assertThat(new MaskReader(List.of(alongKeys), new int[] {5, 5, 5, 5}, 5).read(1))
                .containsExactly(AttentionMask.full(5));
    }

    @Test
    void aRowOfOneNumberAmongBiasesIsARowWithoutBias() {
        Bias mixed = (h, r, k) -> r == 1 ? -10_000 : r + k;
        AttentionMask mask = read(3, 3, 3, 1, mixed).read(1).getFirst();

        assertMatches(mask, 3, 3, 0, (h, r, k) -> r == 1 ? 0 : r + k);
    }

    @ParameterizedTest
    @ValueSource(floats = {-1e9f, LOWEST, Float.NEGATIVE_INFINITY})
    void aRowWhoseScoresAreLostSeesNothing(float lost) {
        AttentionMask mask = read(2, 3, 2, 1, (h, r, k) -> r == 0 ? lost : 0).read(1).getFirst();

        assertThat(mask.endKey(0)).isEqualTo(mask.firstKey(0));
        assertThat(mask.endKey(1)).isEqualTo(3);
    }
}
