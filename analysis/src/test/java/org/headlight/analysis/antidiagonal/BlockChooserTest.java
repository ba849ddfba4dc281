package org.headlight.analysis.antidiagonal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.kernel.KernelProvider;
import org.headlight.engine.task.Progress;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** The choice of blocks against the shared vectors and against step-by-step twins. */
class BlockChooserTest {
    private static XAttentionOptions options(int block, double threshold, SelectionRule rule) {
        return new XAttentionOptions(block, 1, threshold, rule, ScoreVariant.ANTIDIAGONAL, 0, 0);
    }

    private static JsonArray vectors() throws IOException {
        Path file = Path.of("..", "..", "shared", "vectors", "analyses.json");
        Assumptions.assumeTrue(Files.exists(file), "the shared vectors are not there");
        return JsonParser.parseString(Files.readString(file))
                .getAsJsonObject()
                .getAsJsonArray("xattention");
    }

    @Test
    void scoresAndMasksAreThoseOfThePublishedCode() throws IOException {
        JsonArray cases = vectors();
        assertThat(cases).isNotEmpty();
        for (JsonElement element : cases) {
            JsonObject vector = element.getAsJsonObject();
            int length = vector.get("L").getAsInt();
            XAttentionOptions options =
                    new XAttentionOptions(
                            vector.get("block").getAsInt(),
                            vector.get("stride").getAsInt(),
                            vector.get("tau").getAsDouble(),
                            SelectionRule.REFERENCE,
                            ScoreVariant.ANTIDIAGONAL,
                            0,
                            vector.get("chunk").getAsInt());
            for (int head = 0; head < 2; head++) {
                check(vector, head, Heads.vector(head, length), options);
            }
        }
    }

    private static void check(
            JsonObject vector, int number, QkHead head, XAttentionOptions options) {
        String name = vector.get("name").getAsString() + ", head " + number;
        BlockTable scores;
        try (AntidiagonalScorer scorer =
                new AntidiagonalScorer(KernelProvider.lookup().kernels(), 1)) {
            scores = scorer.score(head, options, Progress.NONE);
        }
        JsonArray sums = vector.getAsJsonArray("block_sums").get(number).getAsJsonArray();
        for (int row = 0; row < scores.rows(); row++) {
            for (int col = 0; col < scores.cols(); col++) {
                assertThat(scores.get(row, col))
                        .as("%s, block %d, %d", name, row, col)
                        .isCloseTo(
                                sums.get(row).getAsJsonArray().get(col).getAsDouble(),
                                within(1e-5));
            }
        }
        BlockGrid grid = new BlockGrid(head, options.block());
        int[][] mask = Heads.mask(BlockChooser.choose(scores, grid, options));
        JsonArray expected = vector.getAsJsonArray("mask_reference").get(number).getAsJsonArray();
        int[][] wanted = new int[mask.length][mask[0].length];
        for (int row = 0; row < mask.length; row++) {
            for (int col = 0; col < mask[0].length; col++) {
                wanted[row][col] = expected.get(row).getAsJsonArray().get(col).getAsInt();
            }
        }
        assertThat(mask).as(name).isDeepEqualTo(wanted);
    }

    /** Example A of the specification: head 0, threshold 0.7. */
    @Test
    void theMinimalCoverOfTheExampleIsTheOneInTheSpecification() {
        BlockTable scores =
                Heads.table(
                        new double[][] {
                            {4, 0, 0, 0},
                            {3.239769, 0.760231, 0, 0},
                            {1.215382, 1.594081, 1.190537, 0},
                            {1.234127, 0.773368, 0.614743, 1.377761}
                        });
        BlockGrid grid = new BlockGrid(Heads.vector(0, 64), 16);
        assertThat(
                        Heads.mask(
                                BlockChooser.choose(
                                        scores, grid, options(16, 0.7, SelectionRule.MINIMAL))))
                .isDeepEqualTo(
                        new int[][] {{1, 0, 0, 0}, {1, 1, 0, 0}, {1, 1, 1, 0}, {1, 1, 0, 1}});
    }

    private static double[][] randomScores(int rows, int cols, boolean causal, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[][] scores = new double[rows][cols];
        for (int row = 0; row < rows; row++) {
            for (int col = 0; col < cols; col++) {
                double value = Math.pow(random.nextDouble(), 4);
                scores[row][col] = causal && col > row ? 0 : value;
            }
        }
        return scores;
    }

    /** The published rule, step by step: ranks, costs, redirection. */
    private static int[][] published(double[][] scores, double tau, int chunk, boolean causal) {
        int cols = scores[0].length;
        int[][] mask = new int[scores.length][cols];
        for (int row = 0; row < scores.length; row++) {
            double[] s = scores[row];
            double need = tau * Arrays.stream(s).sum();
            List<Integer> forced = new ArrayList<>();
            if (causal) {
                forced.add(row);
                if (row / chunk > 0) {
                    forced.add(0);
                }
            }
            List<Integer> others =
                    IntStream.range(0, cols)
                            .boxed()
                            .filter(c -> !forced.contains(c))
                            .sorted(Comparator.comparingDouble((Integer c) -> -s[c]))
                            .toList();
            List<Integer> ranks = new ArrayList<>(forced);
            ranks.addAll(others);
            List<Double> values = new ArrayList<>();
            values.add(0.0);
            if (causal) {
                values.add(0.0);
                values.add(forced.stream().mapToDouble(c -> s[c]).sum());
            }
            others.forEach(c -> values.add(s[c]));
            double cost = 0;
            for (int rank = 0; rank < cols; rank++) {
                cost += values.get(rank);
                mask[row][cost < need ? ranks.get(rank) : 0] = 1;
            }
            int[] marks = mask[row];
            forced.forEach(col -> marks[col] = 1);
            for (int col = row + 1; causal && col < cols; col++) {
                mask[row][col] = 0;
            }
        }
        return mask;
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 7, 16, 33})
    void theReferenceRuleTakesWhatThePublishedOneTakes(int blocks) {
        int block = 4;
        QkHead causal = Heads.random(blocks * block, blocks * block, 2, AttentionMask.causal(0), 1);
        QkHead full =
                Heads.random(
                        blocks * block, blocks * block, 2, AttentionMask.full(blocks * block), 1);
        for (int trial = 0; trial < 40; trial++) {
            double tau = 0.05 + 0.94 * trial / 40;
            for (int chunk : new int[] {1, 2, 5, 100}) {
                XAttentionOptions options =
                        options(block, tau, SelectionRule.REFERENCE).withChunk(chunk * block);
                double[][] scores = randomScores(blocks, blocks, true, trial * 1000L + chunk);
                assertThat(
                                Heads.mask(
                                        BlockChooser.choose(
                                                Heads.table(scores),
                                                new BlockGrid(causal, block),
                                                options)))
                        .as("tau %s, chunk %d", tau, chunk)
                        .isDeepEqualTo(published(scores, tau, chunk, true));
                double[][] open = randomScores(blocks, blocks, false, trial * 1000L + chunk);
                assertThat(
                                Heads.mask(
                                        BlockChooser.choose(
                                                Heads.table(open),
                                                new BlockGrid(full, block),
                                                options)))
                        .as("no mask, tau %s", tau)
                        .isDeepEqualTo(published(open, tau, chunk, false));
            }
        }
    }

    /** No smaller set that holds the forced blocks reaches the threshold: by trying all. */
    @Test
    void noSmallerSetReachesTheThreshold() {
        int blocks = 9;
        QkHead head = Heads.random(blocks * 4, blocks * 4, 2, AttentionMask.causal(0), 1);
        BlockGrid grid = new BlockGrid(head, 4);
        for (int trial = 0; trial < 30; trial++) {
            double tau = 0.1 + trial * 0.029;
            double[][] scores = randomScores(blocks, blocks, true, trial);
            BlockSet chosen =
                    BlockChooser.choose(
                            Heads.table(scores), grid, options(4, tau, SelectionRule.MINIMAL));
            for (int row = 0; row < blocks; row++) {
                int size = 0;
                double held = 0;
                for (int col = 0; col < blocks; col++) {
                    size += chosen.contains(row, col) ? 1 : 0;
                    held += chosen.contains(row, col) ? scores[row][col] : 0;
                }
                assertThat(chosen.contains(row, 0)).isTrue();
                assertThat(chosen.contains(row, row)).isTrue();
                assertThat(held)
                        .isGreaterThanOrEqualTo(tau * Arrays.stream(scores[row]).sum() - 1e-12);
                assertThat(size).isEqualTo(smallest(scores[row], row, tau));
            }
        }
    }

    private static int smallest(double[] scores, int row, double tau) {
        double need = tau * Arrays.stream(scores).sum();
        int best = Integer.MAX_VALUE;
        for (int set = 0; set < 1 << (row + 1); set++) {
            double held = 0;
            for (int col = 0; col <= row; col++) {
                held += (set >> col & 1) == 1 ? scores[col] : 0;
            }
            boolean forced = (set & 1) == 1 && (set >> row & 1) == 1;
            if (forced && held >= need) {
                best = Math.min(best, Integer.bitCount(set));
            }
        }
        return best;
    }

    @Test
    void equalScoresAreTakenFromTheLowestBlockOn() {
        QkHead head = Heads.random(20, 20, 2, AttentionMask.full(20), 1);
        double[][] equal = new double[5][5];
        Arrays.stream(equal).forEach(row -> Arrays.fill(row, 0.25));
        int[][] mask =
                Heads.mask(
                        BlockChooser.choose(
                                Heads.table(equal),
                                new BlockGrid(head, 4),
                                options(4, 0.5, SelectionRule.MINIMAL)));
        assertThat(mask[3]).containsExactly(1, 1, 1, 0, 0);
    }

    @Test
    void aMapOfOneBlockIsKeptWhole() {
        QkHead head = Heads.random(5, 5, 2, AttentionMask.causal(0), 1);
        BlockGrid grid = new BlockGrid(head, 8);
        for (SelectionRule rule : SelectionRule.values()) {
            BlockSet set =
                    BlockChooser.choose(
                            Heads.table(new double[][] {{1}}), grid, options(8, 0.1, rule));
            assertThat(set.size()).isEqualTo(1);
        }
    }

    @Test
    void chunksAreAsLongAsThePublishedCodeMakesThem() {
        XAttentionOptions options = XAttentionOptions.defaults();
        assertThat(options.chunkFor(1)).isEqualTo(2048);
        assertThat(options.chunkFor(2049)).isEqualTo(4096);
        assertThat(options.chunkFor(16_384)).isEqualTo(16_384);
        assertThat(options.chunkFor(32_768)).isEqualTo(8192);
        assertThat(options.chunkFor(65_536)).isEqualTo(4096);
        assertThat(options.chunkFor(131_072)).isEqualTo(2048);
        assertThat(options.chunkFor(500_000)).isEqualTo(2048);
    }
}
