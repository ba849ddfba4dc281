package org.headlight.analysis.sparse.prefill;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.analysis.sparse.Plan;
import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.Settings;
import org.headlight.analysis.sparse.SparseCase;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

/** The four rules of DHSA against plain restatements. */
class DhsaTest {
    private static final int BLOCK = 32;

    private final Policy policy = new Dhsa();

    @ParameterizedTest
    @CsvSource({
        "topk, 130",
        "topk, 600",
        "a, 130",
        "a, 600",
        "vs, 130",
        "vs, 600",
        "vs, 1000",
        "vsb, 600",
        "vsb, 1000"
    })
    void blocksAreThoseOfTheRule(String rule, int tokens) {
        SparseCase text = SparseCase.text(3, 1, tokens, 16, 41);
        Settings settings =
                Settings.standard(policy.info()).parsed("rule", rule).with("density", 0.2);
        Plan plan = text.plan(policy, settings);
        int cols = Math.ceilDiv(tokens, BLOCK);
        int most = Math.max(1, cols / 5);
        for (int head = 0; head < 3; head++) {
            boolean[][] kept = text.kept(plan, head);
            double[][] pooled = BlockMethodsTest.pooled(text.whole(), head, 128, BLOCK);
            double[][] lines = rule.equals("vs") ? vs(text, head, most) : vsb(text, head, most);
            for (int row = 0; row < tokens; row++) {
                int r = row / 128;
                int seen = Math.ceilDiv(Math.min(tokens, r * 128 + 128), BLOCK);
                boolean dense =
                        rule.startsWith("vs")
                                && (r < Math.ceilDiv(most * BLOCK, 128) || r == (tokens - 1) / 128);
                List<Integer> blocks =
                        switch (rule) {
                            case "topk" ->
                                    BlockMethodsTest.ranked(pooled[r], cols).subList(0, most);
                            case "a" -> forced(pooled[r], seen, most);
                            default -> forced(lines[r], dense ? 0 : seen, most);
                        };
                boolean blind =
                        rule.equals("topk") && blocks.stream().allMatch(b -> b * BLOCK > r * 128);
                for (int key = 0; key <= row; key++) {
                    boolean own = blind && key / BLOCK == r * 4;
                    assertThat(kept[row][key])
                            .as("%s, head %d: %d, %d", rule, head, row, key)
                            .isEqualTo(dense || own || blocks.contains(key / BLOCK));
                }
            }
        }
    }

    private static List<Integer> forced(double[] scores, int seen, int most) {
        double[] own = scores.clone();
        if (seen > 0) {
            own[0] = Double.POSITIVE_INFINITY;
            own[seen - 1] = Double.POSITIVE_INFINITY;
        }
        return BlockMethodsTest.ranked(own, seen).stream().limit(Math.max(2, most)).toList();
    }

    private static double[][] sums(SparseCase text, int head) {
        double[][] map = text.map(head);
        int tokens = map.length;
        double[][] sums = new double[2][tokens];
        for (int row = Math.max(0, tokens - 128); row < tokens; row++) {
            for (int key = 0; key <= row; key++) {
                sums[0][key] += map[row][key];
                sums[1][row - key] += map[row][key];
            }
        }
        return sums;
    }

    /** Scores of vs: every query of a row asks each offset which key it means. */
    private static double[][] vs(SparseCase text, int head, int most) {
        double[][] sums = sums(text, head);
        int tokens = sums[0].length;
        int lines = Math.max(1, most * BLOCK / 2);
        double[][] scores = new double[Math.ceilDiv(tokens, 128)][Math.ceilDiv(tokens, BLOCK)];
        List<Integer> columns = BlockMethodsTest.ranked(sums[0], tokens);
        List<Integer> offsets = BlockMethodsTest.ranked(sums[1], tokens);
        for (int r = 0; r < scores.length; r++) {
            for (int key : columns.subList(0, Math.min(tokens, lines))) {
                scores[r][key / BLOCK] += sums[0][key];
            }
            for (int offset : offsets.subList(0, Math.min(tokens, lines))) {
                touch(scores[r], r, tokens, offset, sums[1][offset]);
            }
        }
        return scores;
    }

    private static void touch(double[] scores, int r, int tokens, int offset, double mass) {
        boolean[] touched = new boolean[scores.length];
        for (int row = r * 128; row < Math.min(tokens, r * 128 + 128); row++) {
            if (row >= offset) {
                touched[(row - offset) / BLOCK] = true;
            }
        }
        for (int b = 0; b < scores.length; b++) {
            scores[b] += touched[b] ? mass : 0;
        }
    }

    private static double[][] vsb(SparseCase text, int head, int most) {
        double[][] sums = sums(text, head);
        int tokens = sums[0].length;
        int cols = Math.ceilDiv(tokens, BLOCK);
        double[][] blocks = new double[2][cols];
        for (int i = 0; i < tokens; i++) {
            blocks[0][i / BLOCK] += sums[0][i];
            blocks[1][i / BLOCK] += sums[1][i];
        }
        int half = Math.max(1, most / 2);
        double[][] scores = new double[Math.ceilDiv(tokens, 128)][cols];
        for (int r = 0; r < scores.length; r++) {
            for (int b : BlockMethodsTest.ranked(blocks[0], cols).subList(0, half)) {
                scores[r][b] += blocks[0][b];
            }
            for (int b : BlockMethodsTest.ranked(blocks[1], cols).subList(0, half)) {
                touch(scores[r], r, tokens, b * BLOCK, blocks[1][b]);
            }
        }
        return scores;
    }
}
