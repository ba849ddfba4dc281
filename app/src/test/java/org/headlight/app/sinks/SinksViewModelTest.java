package org.headlight.app.sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.headlight.analysis.sinks.Sink;
import org.headlight.app.explore.ExploreViewModel;
import org.headlight.app.explore.FormulaCapture;
import org.headlight.app.explore.SweepMaps;
import org.headlight.app.task.LaneTaskRunner;
import org.headlight.app.task.TurnQueue;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.kernel.KernelProvider;
import org.headlight.engine.sweep.HeadReader;
import org.headlight.viz.control.grid.HeadRef;
import org.headlight.viz.control.strip.TokenTint;
import org.headlight.viz.raster.MapBuilder;
import org.headlight.viz.raster.NumberText;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

class SinksViewModelTest {
    private static final int TOKENS = 70;

    private final TurnQueue turns = new TurnQueue();
    private final LaneTaskRunner tasks = new LaneTaskRunner(turns);
    private final ExploreViewModel explore =
            new ExploreViewModel(tasks, new SweepMaps(MapBuilder.standard()));
    private final SinksViewModel sinks = new SinksViewModel(tasks, explore);

    @AfterEach
    void close() {
        tasks.close();
    }

    private FormulaCapture shown() throws InterruptedException {
        FormulaCapture capture = new FormulaCapture(2, 3, FormulaCapture.tokens(TOKENS));
        sinks.show();
        explore.show(capture);
        turns.until(() -> sinks.state().readyProperty().get());
        return capture;
    }

    /** Column means of a head, from its cells. */
    private static double[] means(Capture capture, int layer, int head) {
        float[] cells = new float[TOKENS * TOKENS];
        new HeadReader(
                        capture.sites().get(layer).heads().get(head),
                        Set.of(),
                        KernelProvider.best())
                .probabilities(0, TOKENS, 0, TOKENS, cells, 0, TOKENS);
        double[] means = new double[TOKENS];
        for (int key = 0; key < TOKENS; key++) {
            for (int q = key; q < TOKENS; q++) {
                means[key] += cells[q * TOKENS + key] / (TOKENS - key);
            }
        }
        return means;
    }

    @Test
    void theMatrixTheProfileAndTheListAreThoseOfTheCells() throws InterruptedException {
        FormulaCapture capture = shown();
        for (int layer = 0; layer < 2; layer++) {
            for (int head = 0; head < 3; head++) {
                assertThat(sinks.matrixProperty().get().value(layer, head))
                        .isCloseTo(means(capture, layer, head)[0], within(1e-5));
            }
        }
        explore.selectHead(new HeadRef(1, 2));
        double[] means = means(capture, 1, 2);
        float[] profile = Objects.requireNonNull(sinks.profileProperty().get());
        sinks.thresholdProperty().set(0.02);
        sinks.minQueriesProperty().set(10);
        List<Integer> expected = new ArrayList<>();
        for (int key = 0; key < TOKENS; key++) {
            assertThat(profile[key]).isCloseTo((float) means[key], within(1e-5f));
            if (means[key] > 0.02 && TOKENS - key >= 10) {
                expected.add(key);
            }
        }
        assertThat(sinks.sinks())
                .extracting(Sink::position)
                .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(sinks.sinks())
                .isSortedAccordingTo((a, b) -> Double.compare(b.received(), a.received()));
    }

    @Test
    void anEmptyListSaysWhetherTheThresholdOrTheQueriesLeaveItEmpty() throws InterruptedException {
        sinks.show();
        explore.show(new FormulaCapture(2, 3, FormulaCapture.tokens(6)));
        turns.until(() -> sinks.state().readyProperty().get());
        float[] profile = Objects.requireNonNull(sinks.profileProperty().get());
        int above = 0;
        int most = 0;
        for (int key = 0; key < 6; key++) {
            if (profile[key] > 0.1) {
                above++;
                most = Math.max(most, 6 - key);
            }
        }
        assertThat(above).isGreaterThan(1);
        assertThat(sinks.sinks()).isEmpty();
        assertThat(sinks.noneProperty().get())
                .isEqualTo(
                        above
                                + " tokens receive more than 0.1, but from at most "
                                + most
                                + " queries; at least 8 are asked for, which can be lowered at the"
                                + " side.");
        int best = 0;
        float next = 0;
        for (int key = 1; key < 6; key++) {
            next = Math.max(next, Math.min(profile[key], profile[best]));
            best = profile[key] > profile[best] ? key : best;
        }
        double between = Math.round(100 * (profile[best] + next) / 2) / 100.0;
        sinks.thresholdProperty().set(between);
        assertThat(sinks.noneProperty().get())
                .isEqualTo(
                        "One token receives more than "
                                + NumberText.plain(between)
                                + ", but from at most "
                                + (best == 5 ? "one query" : 6 - best + " queries")
                                + "; at least 8 are asked for, which can be lowered at the side.");
        sinks.minQueriesProperty().set(1);
        assertThat(sinks.sinks()).hasSize(1);
        assertThat(sinks.noneProperty().get()).isEmpty();
        explore.show(new FormulaCapture(2, 3, FormulaCapture.tokens(70)));
        turns.until(() -> sinks.state().readyProperty().get());
        sinks.minQueriesProperty().set(8);
        sinks.thresholdProperty().set(0.9);
        assertThat(sinks.noneProperty().get())
                .isEqualTo("No token receives more than the threshold.");
    }

    @Test
    void theTokenStripIsTintedWhileTheReadingIsOnShow() throws InterruptedException {
        shown();
        float[] profile = Objects.requireNonNull(sinks.profileProperty().get());
        TokenTint tint = Objects.requireNonNull(explore.dress().tintProperty().get());
        assertThat(tint.value(0)).isEqualTo(profile[0]);
        assertThat(explore.dress().marks()).hasSize(1);
        sinks.hide();
        explore.dress().clear();
        assertThat(explore.dress().tintProperty().get()).isNull();
        explore.selectHead(new HeadRef(1, 1));
        assertThat(explore.dress().tintProperty().get()).isNull();
        sinks.show();
        assertThat(explore.dress().tintProperty().get()).isNotNull();
    }

    @Test
    void nothingIsReadBeforeTheReadingIsShown() {
        explore.show(new FormulaCapture(1, 1, FormulaCapture.tokens(9)));
        assertThat(sinks.state().workProperty().get()).isNull();
        assertThat(sinks.state().readyProperty().get()).isFalse();
        assertThat(sinks.state().emptyProperty().get()).isNotEmpty();
    }

    @Test
    void withoutAModelBothExperimentsSayWhatToOpen() throws InterruptedException {
        CalibrationViewModel calibration =
                new CalibrationViewModel(tasks, explore, Optional::empty);
        EvictionViewModel eviction = new EvictionViewModel(tasks, explore, Optional::empty);
        shown();
        calibration.chooseAll();
        calibration.run();
        assertThat(calibration.state().problemProperty().get())
                .isEqualTo(
                        "Calibration runs the model again, and what is open is no model but a"
                                + " capture or dump; open the model itself.");
        eviction.run();
        assertThat(eviction.state().problemProperty().get())
                .isEqualTo(
                        "Eviction runs the model again, and what is open is no model but a capture"
                                + " or dump; open the model itself.");
    }

    @Test
    void headsAreChosenAsThePaperDoesAndCachesSuitTheText() throws InterruptedException {
        CalibrationViewModel calibration =
                new CalibrationViewModel(tasks, explore, Optional::empty);
        EvictionViewModel eviction = new EvictionViewModel(tasks, explore, Optional::empty);
        explore.show(new FormulaCapture(5, 2, FormulaCapture.tokens(30)));
        calibration.chooseUsual();
        assertThat(calibration.heads())
                .containsExactlyInAnyOrder(
                        new HeadRef(2, 0), new HeadRef(2, 1), new HeadRef(3, 0), new HeadRef(3, 1));
        explore.selectHead(new HeadRef(4, 1));
        calibration.chooseShown();
        assertThat(calibration.heads()).containsExactly(new HeadRef(4, 1));
        calibration.chooseAll();
        assertThat(calibration.heads()).hasSize(10);
        explore.show(new FormulaCapture(2, 1, FormulaCapture.tokens(600)));
        assertThat(calibration.heads())
                .containsExactlyInAnyOrder(new HeadRef(0, 0), new HeadRef(1, 0));
        assertThat(eviction.windowProperty().get()).isEqualTo(512);
        explore.show(new FormulaCapture(2, 1, FormulaCapture.tokens(100)));
        assertThat(eviction.windowProperty().get()).isEqualTo(50);
        assertThat(eviction.firstProperty().get()).isEqualTo(4);
    }
}
