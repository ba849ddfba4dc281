package org.headlight.analysis.antidiagonal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.kernel.KernelProvider;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The true mass of blocks, and what a choice holds of it, against the map in double precision. */
class BlockQualityTest {
    private static final SweepOptions SWEEP = SweepOptions.standard().withThreads(2);

    private static HeadBlocks measure(QkHead head, XAttentionOptions options) {
        try (AntidiagonalScorer scorer =
                new AntidiagonalScorer(KernelProvider.lookup().kernels(), 2)) {
            BlockTable scores = scorer.score(head, options, Progress.NONE);
            BlockMass mass = XAttention.mass(head, options.block(), SWEEP, Progress.NONE);
            return HeadBlocks.of(Heads.site(head), 0, scores, mass, options);
        }
    }

    private static XAttentionOptions options(int block, int stride, double threshold) {
        return new XAttentionOptions(
                block, stride, threshold, SelectionRule.MINIMAL, ScoreVariant.ANTIDIAGONAL, 0, 0);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 16",
        "2, 16",
        "63, 16",
        "64, 16",
        "65, 16",
        "200, 24",
        "300, 128",
        "1000, 64",
        "70, 100"
    })
    void massesAreSumsOfTheMapOverBlocks(int length, int block) {
        for (AttentionMask mask :
                List.of(
                        AttentionMask.causal(0),
                        AttentionMask.full(length),
                        AttentionMask.window(0, 21))) {
            QkHead head = Heads.random(length, length, 4, mask, length);
            double[][] map = Heads.map(head);
            double[][] truth = Heads.sums(map, block);
            BlockMass mass = XAttention.mass(head, block, SWEEP, Progress.NONE);
            BlockTable table = mass.table(block);
            for (int row = 0; row < truth.length; row++) {
                double first = 0;
                for (int q = row * block; q < Math.min(length, (row + 1) * block); q++) {
                    first += map[q][0];
                }
                assertThat(mass.onFirstKey(block).get(row, 0)).isCloseTo(first, within(1e-4));
                for (int col = 0; col < truth[0].length; col++) {
                    assertThat(table.get(row, col))
                            .as("block %d, %d", row, col)
                            .isCloseTo(truth[row][col], within(1e-4));
                }
            }
        }
    }

    @Test
    void largerBlocksAreMadeOfSmallOnesWithoutAnotherSweep() {
        QkHead head = Heads.random(333, 333, 4, AttentionMask.causal(0), 9);
        BlockMass fine = XAttention.mass(head, 16, SWEEP, Progress.NONE);
        BlockTable made = fine.table(64);
        BlockTable swept = XAttention.mass(head, 64, SWEEP, Progress.NONE).table(64);
        assertThat(made.rows()).isEqualTo(6);
        for (int row = 0; row < 6; row++) {
            assertThat(fine.onFirstKey(64).rows()).isEqualTo(6);
            for (int col = 0; col < 6; col++) {
                assertThat(made.get(row, col)).isCloseTo(swept.get(row, col), within(1e-5));
            }
        }
        assertThatThrownBy(() -> fine.table(40)).hasMessage("40 is no multiple of 16");
    }

    @Test
    void smallBlocksGrowWithTheMapSoThatTheirNumberStaysTheSame() {
        assertThat(BlockMass.cellFor(Heads.random(1, 1, 1, AttentionMask.causal(0), 1)))
                .isEqualTo(16);
        assertThat(BlockMass.cellFor(Heads.random(16_384, 16_384, 1, AttentionMask.causal(0), 1)))
                .isEqualTo(16);
        assertThat(BlockMass.cellFor(Heads.random(16_385, 16_385, 1, AttentionMask.causal(0), 1)))
                .isEqualTo(32);
    }

    @Test
    void everyNumberIsWhatItSays() {
        QkHead head = Heads.random(330, 330, 6, AttentionMask.causal(0), 4);
        HeadBlocks blocks = measure(head, options(32, 8, 0.6));
        double[][] truth = Heads.sums(Heads.map(head), 32);
        double total = 0;
        double held = 0;
        double lowest = 1;
        int count = 0;
        int chosen = 0;
        List<Double> all = new ArrayList<>();
        for (int row = 0; row < truth.length; row++) {
            double kept = 0;
            for (int col = 0; col <= row; col++) {
                total += truth[row][col];
                all.add(truth[row][col]);
                count++;
                if (blocks.chosen().contains(row, col)) {
                    kept += truth[row][col];
                    chosen++;
                }
            }
            held += kept;
            lowest = Math.min(lowest, kept / Arrays.stream(truth[row]).sum());
        }
        all.sort((a, b) -> Double.compare(b, a));
        double best = all.subList(0, chosen).stream().mapToDouble(v -> v).sum();
        BlockQuality quality = blocks.quality();
        assertThat(count).isEqualTo(66);
        assertThat(blocks.chosen().size()).isEqualTo(chosen).isLessThan(count);
        assertThat(quality.density()).isCloseTo(chosen / 66.0, within(1e-12));
        assertThat(quality.recall()).isCloseTo(held / total, within(1e-5));
        assertThat(quality.lowestRecall()).isCloseTo(lowest, within(1e-5));
        assertThat(quality.oracleRecall()).isCloseTo(best / total, within(1e-5));
        assertThat(quality.oracleRecall()).isGreaterThanOrEqualTo(quality.recall());
        assertThat(quality.recallWithoutSink()).isLessThanOrEqualTo(quality.recall() + 1e-9);
    }

    @Test
    void missedBlocksAreThoseOfTheTrueCoverThatWereNotChosen() {
        QkHead head = Heads.random(330, 330, 6, AttentionMask.causal(0), 4);
        HeadBlocks blocks = measure(head, options(32, 8, 0.6));
        BlockSet cover = BlockChooser.cover(blocks.mass(), blocks.grid(), 0.6);
        BlockSet missed = blocks.quality().missed();
        int count = 0;
        for (int row = 0; row < 11; row++) {
            for (int col = 0; col <= row; col++) {
                boolean expected = cover.contains(row, col) && !blocks.chosen().contains(row, col);
                assertThat(missed.contains(row, col)).isEqualTo(expected);
                count += expected ? 1 : 0;
            }
        }
        assertThat(count).isPositive();
    }

    @Test
    void rankCorrelationIsOneForTheMassItselfAndCountsTiesByTheirMeanRank() {
        QkHead head = Heads.random(16, 16, 2, AttentionMask.full(16), 1);
        BlockGrid grid = new BlockGrid(head, 8);
        BlockTable first = Heads.table(new double[][] {{0}, {0}});
        BlockTable mass = Heads.table(new double[][] {{1, 4}, {2, 3}});
        assertThat(correlation(grid, mass, mass, first)).isEqualTo(1);
        BlockTable turned = Heads.table(new double[][] {{4, 1}, {3, 2}});
        assertThat(correlation(grid, turned, mass, first)).isEqualTo(-1);
        // Ranks 0.5, 0.5, 2.5, 2.5 against 0, 1, 3, 2: 4 / sqrt(4 * 5).
        BlockTable tied = Heads.table(new double[][] {{1, 1}, {2, 2}});
        BlockTable other = Heads.table(new double[][] {{1, 2}, {4, 3}});
        assertThat(correlation(grid, tied, other, first))
                .isCloseTo(4 / Math.sqrt(20), within(1e-12));
        BlockTable flat = Heads.table(new double[][] {{1, 1}, {1, 1}});
        assertThat(correlation(grid, flat, mass, first)).isNaN();
    }

    private static double correlation(
            BlockGrid grid, BlockTable scores, BlockTable mass, BlockTable first) {
        return BlockQuality.of(grid, scores, mass, first, BlockSet.all(grid), 0.9)
                .rankCorrelation();
    }

    /** The profile by hand: two rows, one of which needs its second best score. */
    @Test
    void theProfiledThresholdIsTheShareOfScoresFromTheSmallestNeededOneOn() {
        QkHead head = Heads.random(16, 24, 2, AttentionMask.full(24), 1);
        BlockGrid grid = new BlockGrid(head, 8);
        BlockTable mass = Heads.table(new double[][] {{7, 0.5, 0.5}, {1, 4, 3}});
        BlockTable scores = Heads.table(new double[][] {{0.5, 0.3, 0.2}, {0.1, 0.2, 0.7}});
        // Row 0 needs block 0 (7 of 8 is less than 90 %), then block 1: scores from 0.3 on, 0.8.
        // Row 1 needs all three: 1.0.
        assertThat(CoverageProfile.threshold(grid, scores, mass, 0.9))
                .isCloseTo(1.8 / 2, within(1e-12));
        // 80 %: row 0 needs block 0 alone, 0.5; row 1 blocks 1 and 2, scores from 0.2 on, 0.9.
        assertThat(CoverageProfile.threshold(grid, scores, mass, 0.8))
                .isCloseTo(1.4 / 2, within(1e-12));
    }

    @Test
    void everyPointOfTheCurveIsAChoiceOfItsOwn() {
        QkHead head = Heads.random(330, 330, 6, AttentionMask.causal(0), 4);
        HeadBlocks blocks = measure(head, options(32, 8, 0.6));
        for (SelectionRule rule : SelectionRule.values()) {
            List<CoverageProfile.Point> curve =
                    CoverageProfile.curve(
                            blocks.grid(),
                            blocks.scores(),
                            blocks.mass(),
                            blocks.options().withRule(rule));
            assertThat(curve).hasSize(40);
            for (int i = 0; i < 40; i++) {
                CoverageProfile.Point point = curve.get(i);
                assertThat(point.threshold()).isEqualTo((i + 1) / 40.0);
                HeadBlocks chosen = blocks.chosenBy(point.threshold(), rule);
                assertThat(point.density()).isEqualTo(chosen.quality().density());
                assertThat(point.recall()).isCloseTo(chosen.quality().recall(), within(1e-12));
            }
            assertThat(curve.getLast().recall()).isCloseTo(1, within(1e-5));
        }
    }

    @Test
    void choosingAgainIsTheSameAsMeasuringAgain() {
        QkHead head = Heads.random(330, 330, 6, AttentionMask.causal(0), 4);
        HeadBlocks again =
                measure(head, options(32, 8, 0.6)).chosenBy(0.8, SelectionRule.REFERENCE);
        HeadBlocks fresh = measure(head, options(32, 8, 0.8).withRule(SelectionRule.REFERENCE));
        assertThat(Heads.mask(again.chosen())).isDeepEqualTo(Heads.mask(fresh.chosen()));
        assertThat(again.quality().recall()).isEqualTo(fresh.quality().recall());
        assertThat(again.options()).isEqualTo(fresh.options());
    }
}
