package org.headlight.analysis.sparse.prefill;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.analysis.antidiagonal.BlockGrid;
import org.headlight.analysis.antidiagonal.BlockSet;
import org.headlight.analysis.sparse.Plan;
import org.headlight.analysis.sparse.Settings;
import org.headlight.analysis.sparse.SparseCase;
import org.headlight.analysis.sparse.select.SiteMaps;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.capture.AttentionMask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;

/** Masks that look at no number, against published ones and the formulas. */
class FixedMasksTest {
    private static BlockGrid grid(int blocks, boolean causal) {
        AttentionInput input = SparseCase.random(1, 1, blocks * 64, 2, 1).whole();
        AttentionInput seen = causal ? input : input.withMask(AttentionMask.full(blocks * 64));
        return new BlockGrid(SiteMaps.map(seen, 0), 64);
    }

    private static List<String> rows(BlockSet set) {
        List<String> rows = new ArrayList<>();
        for (int row = 0; row < set.rows(); row++) {
            StringBuilder text = new StringBuilder();
            for (int col = 0; col < set.cols(); col++) {
                text.append(set.contains(row, col) ? '1' : '0');
            }
            rows.add(text.toString());
        }
        return rows;
    }

    @Test
    void s2KeepsTheBlocksOfThePublishedTest() {
        assertThat(rows(S2Attention.mask(grid(8, true), 2, 3, 0)))
                .containsExactly(
                        "10000000",
                        "11000000",
                        "11100000",
                        "10110000",
                        "10011000",
                        "10011100",
                        "10010110",
                        "10010011");
    }

    @Test
    void s2WithoutAMaskKeepsTheBlocksOfThePublishedTest() {
        assertThat(rows(S2Attention.mask(grid(8, false), 2, 3, 0)))
                .containsExactly(
                        "11001001",
                        "11100100",
                        "01110010",
                        "00111001",
                        "10011100",
                        "01001110",
                        "00100111",
                        "10010011");
    }

    @Test
    void headsOfS2KeepDifferentBlocksFarBack() {
        SparseCase some = SparseCase.random(4, 2, 640, 4, 1);
        S2Attention policy = new S2Attention();
        Settings settings = Settings.standard(policy.info()).with("local", 1).with("stride", 4);
        Plan plan = some.plan(policy, settings);
        for (int head = 0; head < 4; head++) {
            boolean[][] kept = some.kept(plan, head);
            for (int key = 0; key < 576; key++) {
                boolean far = (key / 64 + head / 2 * 2) % 4 == 0;
                assertThat(kept[639][key]).as("head %d, key %d", head, key).isEqualTo(far);
            }
        }
    }

    @Test
    void powersOfTwoBackAreKept() {
        List<String> rows = rows(PowerAttention.mask(grid(10, true), 2, 1));
        assertThat(rows.get(4)).startsWith("10111");
        assertThat(rows.get(5)).startsWith("110111");
        assertThat(rows.get(8)).startsWith("100010111");
        assertThat(rows.get(9)).isEqualTo("1100010111");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 64, 65, 400})
    void theBandOfAnAShapeIsExactToTheKey(int tokens) {
        SparseCase some = SparseCase.random(1, 1, tokens, 4, 1);
        AShape policy = new AShape();
        Plan plan =
                some.plan(
                        policy,
                        Settings.standard(policy.info()).with("sink", 3).with("window", 50));
        boolean[][] kept = some.kept(plan, 0);
        for (int row = 0; row < tokens; row++) {
            for (int key = 0; key <= row; key++) {
                assertThat(kept[row][key]).isEqualTo(key < 3 || row - key < 50);
            }
        }
    }

    @Test
    void theLastQueriesOfATriangleSeeEverything() {
        SparseCase some = SparseCase.random(1, 1, 700, 4, 1);
        TriangleMix policy = new TriangleMix();
        Settings settings =
                Settings.standard(policy.info())
                        .with("dense", 0)
                        .with("window", 128)
                        .with("last", 64);
        boolean[][] kept = some.kept(some.plan(policy, settings), 0);
        for (int row = 0; row < 700; row++) {
            for (int key = 0; key <= row; key++) {
                int back = row / 64 - key / 64;
                assertThat(kept[row][key]).isEqualTo(key < 64 || back < 2 || row >= 640);
            }
        }
    }
}
