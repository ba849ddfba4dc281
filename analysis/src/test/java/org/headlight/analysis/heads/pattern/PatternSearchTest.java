package org.headlight.analysis.heads.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import org.headlight.analysis.heads.MapSumsConsumer;
import org.headlight.analysis.heads.TestMaps;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.kernel.KernelProvider;
import org.headlight.engine.sweep.Sweep;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class PatternSearchTest {

    /** The head of the reference: Q = 2 sin, K = 2 cos of products of positions and columns. */
    private static QkHead reference(int n) {
        double[][] q = new double[n][8];
        double[][] k = new double[n][8];
        for (int i = 0; i < n; i++) {
            for (int c = 0; c < 8; c++) {
                q[i][c] = 2 * Math.sin(0.37 * (i + 1) * (c + 1));
                k[i][c] = 2 * Math.cos(0.23 * (i + 1) * (c + 2));
            }
        }
        return new QkHead(
                TestMaps.matrix(q),
                TestMaps.matrix(k),
                null,
                (float) (1 / Math.sqrt(8)),
                AttentionMask.causal(0));
    }

    @Test
    void theLinesOfTheReferenceAreFound() {
        JsonObject truth = TestMaps.vectors().getAsJsonObject("minference_vertical_slash");
        VerticalSlash lines = VerticalSlash.of(reference(256), 64, KernelProvider.scalar());
        for (Map.Entry<String, JsonElement> column :
                truth.getAsJsonObject("vertical_sum").entrySet()) {
            int key = Integer.parseInt(column.getKey().substring(3));
            assertThat(lines.vertical(key))
                    .isCloseTo(column.getValue().getAsDouble(), within(1e-5));
        }
        for (Map.Entry<String, JsonElement> slash :
                truth.getAsJsonObject("slash_sum_by_offset").entrySet()) {
            assertThat(lines.slash(Integer.parseInt(slash.getKey())))
                    .isCloseTo(slash.getValue().getAsDouble(), within(1e-5));
        }
        assertThat(beyond(lines.topKeys(36, 30), 30))
                .containsExactly(ints(truth.getAsJsonArray("vertical_top36_beyond_first30")));
        assertThat(beyond(lines.topDistances(106, 100), 100))
                .containsExactly(
                        ints(truth.getAsJsonArray("slash_top106_offsets_beyond_first100")));
    }

    private static Integer[] ints(JsonArray array) {
        List<Integer> all = new ArrayList<>();
        array.forEach(e -> all.add(e.getAsInt()));
        return all.toArray(Integer[]::new);
    }

    private static List<Integer> beyond(float[] flags, int from) {
        List<Integer> all = new ArrayList<>();
        for (int i = from; i < flags.length; i++) {
            if (flags[i] > 0) {
                all.add(i);
            }
        }
        return all;
    }

    @Test
    void linesHoldAllAttentionOfTheLastQueries() {
        VerticalSlash lines =
                VerticalSlash.of(TestMaps.random(150, true, 1), 64, KernelProvider.scalar());
        double vertical = 0;
        double slash = 0;
        for (int i = 0; i < 150; i++) {
            vertical += lines.vertical(i);
            slash += lines.slash(i);
        }
        assertThat(vertical).isCloseTo(64, within(1e-4));
        assertThat(slash).isCloseTo(64, within(1e-4));
    }

    private static Optional<PatternFit> fit(QkHead head, PatternSettings settings) {
        SweepOptions options = SweepOptions.standard();
        PatternConsumer pattern = new PatternConsumer(head, settings, options.kernels());
        MapSumsConsumer sums = new MapSumsConsumer(head, null, pattern.fromRow());
        Sweep.run(head, List.of(sums, pattern), options, Progress.NONE);
        return pattern.result(sums.result());
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "2, 1", "63, 10", "64, 20", "65, 64", "300, 100", "1000, 333"})
    void whatACandidateKeepsIsWhatItsMaskKeeps(int n, int from) {
        QkHead head = TestMaps.random(n, true, n);
        double[][] a = TestMaps.map(head);
        List<PatternCandidate> candidates =
                List.of(
                        new PatternCandidate.AShape(3, 9),
                        new PatternCandidate.Lines(4, 20),
                        new PatternCandidate.Lines(n / 2, 5),
                        new PatternCandidate.Blocks(32, 4));
        PatternSettings settings = new PatternSettings(from, 16, 2, candidates, false);
        PatternFit fit = fit(head, settings).orElseThrow();
        VerticalSlash lines = VerticalSlash.of(head, 16, KernelProvider.scalar());
        for (int c = 0; c < candidates.size(); c++) {
            Mask mask = mask(candidates.get(c), lines, head);
            double kept = 0;
            for (int q = from; q < n; q++) {
                for (int k = 0; k <= q; k++) {
                    kept += mask.keeps(q, k) ? a[q][k] : 0;
                }
            }
            assertThat(fit.kept().get(c).mass())
                    .as(candidates.get(c).label())
                    .isCloseTo(kept / (n - from), within(2e-5));
        }
    }

    private interface Mask {
        boolean keeps(int query, int key);
    }

    private static Mask mask(PatternCandidate candidate, VerticalSlash lines, QkHead head) {
        return switch (candidate) {
            case PatternCandidate.AShape s -> (q, k) -> k < s.first() || q - k < s.window();
            case PatternCandidate.Lines l -> {
                float[] keys = lines.topKeys(l.verticals(), 2);
                float[] distances = lines.topDistances(l.slashes(), 2);
                yield (q, k) -> keys[k] > 0 || distances[q - k] > 0;
            }
            case PatternCandidate.Blocks b -> {
                PooledBlocks pooled = new PooledBlocks(head, b.block(), b.ratio());
                byte[][] chosen = new byte[Math.ceilDiv(head.rows(), b.block())][];
                for (int block = 0; block < chosen.length; block++) {
                    chosen[block] = pooled.chosen(block);
                }
                yield (q, k) -> chosen[q / b.block()][k / b.block()] == 1;
            }
        };
    }

    @Test
    void theBlocksThatFitBestAreChosen() {
        int n = 256;
        double[][] q = new double[n][8];
        double[][] k = new double[n][8];
        for (int i = 0; i < n; i++) {
            // Blocks of queries 5 and 7 ask for what block 2 of the keys offers.
            q[i][0] = i / 32 == 5 || i / 32 == 7 ? 1 : 0;
            k[i][0] = i / 32 == 2 ? 1 : 0;
            q[i][1] = 0.1;
            int block = i / 32;
            k[i][1] = block * 0.01;
        }
        QkHead head =
                new QkHead(
                        TestMaps.matrix(q), TestMaps.matrix(k), null, 1, AttentionMask.causal(0));
        PooledBlocks blocks = new PooledBlocks(head, 32, 8);
        assertThat(blocks.chosen(5)).containsExactly(0, 0, 1, 0, 0, 0, 0, 0);
        assertThat(blocks.chosen(7)).containsExactly(0, 0, 1, 0, 0, 0, 0, 0);
        assertThat(blocks.chosen(4)).containsExactly(0, 0, 0, 0, 1, 0, 0, 0);
        assertThat(blocks.chosen(0)).containsExactly(1, 0, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void aHeadOfTheFirstKeyAndAWindowIsAnAShape() {
        int n = 3000;
        double[][] q = new double[n][2];
        double[][] k = new double[n][2];
        for (int i = 0; i < n; i++) {
            q[i][0] = 1;
            k[i][0] = i == 0 ? 30 : 0;
        }
        QkHead head =
                new QkHead(
                        TestMaps.matrix(q), TestMaps.matrix(k), null, 1, AttentionMask.causal(0));
        PatternFit fit = fit(head, PatternSettings.forLength(n)).orElseThrow();
        assertThat(fit.family()).isEqualTo(PatternClass.A_SHAPE);
        assertThat(fit.scaled()).isFalse();
        assertThat(fit.best().mass()).isCloseTo(1, within(1e-5));
    }

    @Test
    void shortTextsAreSearchedWithSmallerSizesAndThatIsSaid() {
        PatternSettings settings = PatternSettings.forLength(820);
        assertThat(settings.scaled()).isTrue();
        assertThat(settings.fromRow()).isEqualTo(250);
        assertThat(settings.candidates())
                .contains(new PatternCandidate.Lines(3, 80), new PatternCandidate.Lines(350, 10));
        assertThat(PatternSettings.forLength(2501)).isEqualTo(PatternSettings.standard());
    }
}
