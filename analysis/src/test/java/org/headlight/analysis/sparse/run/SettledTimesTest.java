package org.headlight.analysis.sparse.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.headlight.analysis.sparse.Phase;
import org.headlight.engine.attend.AttentionCalls;
import org.headlight.engine.device.AttentionPlace;
import org.headlight.engine.model.HandWiredModel;
import org.headlight.engine.model.Model;
import org.headlight.engine.sweep.SweepOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Whose times a settled result has; runs are played, with times that are made up. */
class SettledTimesTest {
    private static final double MILLIS = 1e-6;
    private static final int LAYERS = 3;

    @TempDir static Path folder;

    /** Each layer took so many milliseconds to choose and twice as many to attend. */
    private static SparseResult played(int milliseconds, double error, long pairs) {
        List<LayerFidelity> layers =
                IntStream.range(0, LAYERS)
                        .mapToObj(layer ->
                                new LayerFidelity(
                                        layer,
                                        Phase.PREFILL,
                                        true,
                                        error,
                                        pairs,
                                        100,
                                        (milliseconds + layer) * 1_000_000L,
                                        (milliseconds + layer) * 2_000_000L))
                        .toList();
        double select = LAYERS * milliseconds + 3;
        return new SparseResult(
                List.of(),
                1,
                Assignment.DENSE,
                List.of(),
                layers,
                Optional.empty(),
                new SparseTimes(select, 2 * select, 1, 0, 500, 600, Optional.empty()),
                11,
                12,
                Optional.empty(),
                Set.of(),
                new AttentionUse(
                        AttentionPlace.cpu(), AttentionCalls.NONE, 0, 0, Optional.empty()));
    }

    private static void assertLayersAddUp(SparseResult result) {
        assertThat(result.layers().stream().mapToLong(LayerFidelity::selecting).sum() * MILLIS)
                .isCloseTo(result.times().select(), within(1e-9));
        assertThat(result.layers().stream().mapToLong(LayerFidelity::attending).sum() * MILLIS)
                .isCloseTo(result.times().attend(), within(1e-9));
    }

    @Test
    void timesOfLayersAreOfTheRunThatTheTotalsAreOf() {
        try (Model model = HandWiredModel.open(folder);
                SettledTimes.Dense dense =
                        new SettledTimes.Dense(
                                new DenseRun(
                                        List.of(), Optional.empty(), Optional.empty(), 0, 500, 600),
                                10,
                                20)) {
            SettledTimes settled =
                    new SettledTimes(
                            new SparseStudy(model, SweepOptions.standard(), Optional::empty),
                            new Repeats(10_000, 200));
            SparseResult first = played(300, 0.25, 70);
            // Runs that measure nothing: a quick one, the fastest, and one that ends it.
            Iterator<SparseResult> more =
                    List.of(
                                    played(5, Double.NaN, 71),
                                    played(2, Double.NaN, 72),
                                    played(40, Double.NaN, 73))
                            .iterator();
            SparseResult result = settled.sparse(dense, first, more::next);
            assertThat(more.hasNext()).isFalse();
            assertThat(result.times().select()).isEqualTo(9);
            assertThat(result.times().attend()).isEqualTo(18);
            assertThat(result.times().denseAttend()).isEqualTo(10);
            assertThat(result.times().denseRest()).isEqualTo(20);
            assertLayersAddUp(result);
            assertThat(result.layers()).extracting(LayerFidelity::outputError).containsOnly(0.25);
            assertThat(result.layers()).extracting(LayerFidelity::pairs).containsOnly(70L);
            assertThat(result.bytesRead()).isEqualTo(11);
        }
    }

    @Test
    void theFirstRunKeepsItsTimesWhereItIsTheFastest() {
        try (Model model = HandWiredModel.open(folder);
                SettledTimes.Dense dense =
                        new SettledTimes.Dense(
                                new DenseRun(
                                        List.of(), Optional.empty(), Optional.empty(), 0, 1, 2),
                                1,
                                2)) {
            SettledTimes settled =
                    new SettledTimes(
                            new SparseStudy(model, SweepOptions.standard(), Optional::empty),
                            new Repeats(10_000, 0.5));
            SparseResult result =
                    settled.sparse(dense, played(4, 0.5, 70), () -> played(9, Double.NaN, 70));
            assertThat(result.times().select()).isEqualTo(15);
            assertLayersAddUp(result);
        }
    }
}
