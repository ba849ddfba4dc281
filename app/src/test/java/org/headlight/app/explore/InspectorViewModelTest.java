package org.headlight.app.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.headlight.analysis.heads.HeadStatistics;
import org.headlight.analysis.heads.HeadSurvey;
import org.headlight.app.task.DirectTaskRunner;
import org.headlight.app.task.LaneTaskRunner;
import org.headlight.app.task.TurnQueue;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.headlight.viz.control.grid.HeadRef;
import org.headlight.viz.control.map.Cell;
import org.headlight.viz.raster.AttentionMap;
import org.headlight.viz.raster.MapBuilder;
import org.junit.jupiter.api.Test;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

class InspectorViewModelTest {
    private final MapFactory maps = new SweepMaps(MapBuilder.standard());
    private final ExploreViewModel explore = new ExploreViewModel(new DirectTaskRunner(), maps);
    private final InspectorViewModel inspector =
            new InspectorViewModel(new DirectTaskRunner(), explore);

    private static FormulaCapture capture(int layers, int heads, int tokens) {
        return new FormulaCapture(layers, heads, FormulaCapture.tokens(tokens));
    }

    private static List<HeadStatistics> survey(FormulaCapture capture) {
        return HeadSurvey.of(
                capture, SweepOptions.standard(), HeadSurvey.SINK_EPSILON, Progress.NONE);
    }

    /** The numbers shown, to the three digits that are shown. */
    private static void assertEqual(List<Statistic> shown, HeadStatistics wanted) {
        Map<String, Double> all =
                Map.of(
                        "entropy", wanted.entropy(),
                        "mean distance", wanted.meanDistance(),
                        "on first key", wanted.received0(),
                        "previous token", wanted.previousToken(),
                        "duplicate token", wanted.duplicateToken(),
                        "induction", wanted.induction(),
                        "locality (\u2264 4)", wanted.locality(),
                        "confidence", wanted.confidence());
        assertThat(shown)
                .extracting(Statistic::name)
                .containsExactlyInAnyOrderElementsOf(all.keySet());
        for (Statistic statistic : shown) {
            double value = Objects.requireNonNull(all.get(statistic.name()));
            String number = statistic.value().replaceAll(" .*", "");
            assertThat(Double.parseDouble(number))
                    .as(statistic.name())
                    .isCloseTo(value, within(0.006 * value));
        }
    }

    @Test
    void theStatisticsAreThoseOfTheSurveyForEveryHead() {
        FormulaCapture capture = capture(2, 2, 11);
        explore.show(capture);
        List<HeadStatistics> all = survey(capture);
        for (HeadStatistics wanted : all) {
            HeadRef ref = new HeadRef(wanted.layer(), wanted.head());
            explore.selectHead(ref);
            assertEqual(inspector.statistics(), wanted);
            assertThat(inspector.receivedProperty().get().get(ref))
                    .isCloseTo(wanted.received0(), within(1e-6));
        }
        assertThat(inspector.receivedProperty().get()).hasSize(all.size());
    }

    @Test
    void theStatisticsAreOfTheWholeMapAlsoWhenTheSinkIsDropped() {
        FormulaCapture capture = capture(1, 1, 11);
        explore.setDropSink(true);
        explore.show(capture);
        assertEqual(inspector.statistics(), survey(capture).getFirst());
    }

    @Test
    void theNumbersOfASmallerCaptureFollowThoseOfALargerOne() throws InterruptedException {
        TurnQueue turns = new TurnQueue();
        try (LaneTaskRunner tasks = new LaneTaskRunner(turns)) {
            ExploreViewModel real = new ExploreViewModel(tasks, maps);
            InspectorViewModel behind = new InspectorViewModel(tasks, real);
            real.show(capture(3, 3, 9));
            turns.until(() -> behind.receivedProperty().get().size() == 9);
            real.selectHead(new HeadRef(2, 2));
            FormulaCapture small = capture(1, 2, 7);
            real.show(small);
            turns.until(() -> behind.receivedProperty().get().size() == 2);
            assertEqual(behind.statistics(), survey(small).get(1));
        }
    }

    /** Fails for some heads and counts how often each was asked for. */
    private static final class Failing implements MapFactory {
        private final MapFactory maps;
        private final Set<HeadRef> broken;
        private final Map<HeadRef, Integer> asked =
                new TreeMap<>(Comparator.comparing(HeadRef::toString));

        Failing(MapFactory maps, HeadRef... broken) {
            this.maps = maps;
            this.broken = Set.of(broken);
        }

        @Override
        public boolean slow(HeadAttention head) {
            return true;
        }

        @Override
        public AttentionMap preview(HeadAttention head, boolean dropSink, Progress progress) {
            return maps.preview(head, dropSink, progress);
        }

        @Override
        public HeadView exact(SiteCapture site, int head, boolean dropSink, Progress progress) {
            HeadRef ref = new HeadRef(site.layer(), head);
            asked.merge(ref, 1, Integer::sum);
            if (broken.contains(ref)) {
                throw new BadInputException("its keys are not finite");
            }
            return maps.exact(site, head, dropSink, progress);
        }
    }

    @Test
    void theNumbersOfTheOtherHeadsComeWhenThoseOfSomeFail() {
        HeadRef first = new HeadRef(0, 0);
        HeadRef middle = new HeadRef(1, 0);
        Failing failing = new Failing(maps, first, middle);
        ExploreViewModel view = new ExploreViewModel(new DirectTaskRunner(), failing);
        InspectorViewModel behind = new InspectorViewModel(new DirectTaskRunner(), view);
        FormulaCapture capture = capture(2, 2, 9);
        view.show(capture);
        assertThat(behind.receivedProperty().get().keySet())
                .containsExactlyInAnyOrder(new HeadRef(0, 1), new HeadRef(1, 1));
        assertThat(failing.asked).hasSize(4).containsEntry(middle, 1);
        assertThat(behind.statistics()).isEmpty();
        view.selectHead(new HeadRef(1, 1));
        assertEqual(behind.statistics(), survey(capture).get(3));
        view.show(capture(1, 1, 9));
        assertThat(behind.receivedProperty().get()).isEmpty();
    }

    @Test
    void aCellIsReadWithItsTokensItsRankAndItsShareOfTheRow() {
        explore.show(capture(2, 2, 8));
        explore.selectHead(new HeadRef(1, 1));
        double[] row = FormulaCapture.row(1, 1, 6);
        for (int col = 0; col <= 6; col++) {
            inspector.look(new Cell(6, col));
            Reading reading = Objects.requireNonNull(inspector.readingProperty().get());
            int larger = 0;
            double cumulative = row[col];
            for (double p : row) {
                if (p > row[col]) {
                    larger++;
                    cumulative += p;
                }
            }
            assertThat((double) reading.cell().probability()).isCloseTo(row[col], within(2e-6));
            assertThat(reading.cell().rank()).isEqualTo(larger + 1);
            assertThat(reading.cell().visible()).isEqualTo(7);
            assertThat(reading.cumulative()).isCloseTo(cumulative, within(5e-6));
            assertThat(reading.query().position()).isEqualTo(6);
            assertThat(reading.key().position()).isEqualTo(col);
            assertThat(reading.distance()).isEqualTo(6 - col);
        }
    }

    @Test
    void theReadingFollowsTheHeadAndGoesWithTheCell() {
        explore.show(capture(1, 2, 8));
        inspector.look(new Cell(0, 0));
        inspector.look(new Cell(5, 2));
        explore.selectHead(new HeadRef(0, 1));
        assertThat(
                        (double)
                                Objects.requireNonNull(inspector.readingProperty().get())
                                        .cell()
                                        .probability())
                .isCloseTo(FormulaCapture.row(0, 1, 5)[2], within(2e-6));
        float[] column = Objects.requireNonNull(inspector.profilesProperty().get()).column();
        assertThat(column).hasSize(8);
        assertThat(column[1]).isNaN();
        assertThat((double) column[7]).isCloseTo(FormulaCapture.row(0, 1, 7)[2], within(2e-6));
        inspector.look(new Cell(8, 0));
        assertThat(inspector.readingProperty().get()).isNull();
        inspector.look(new Cell(7, 7));
        inspector.look(null);
        assertThat(inspector.readingProperty().get()).isNull();
        assertThat(inspector.profilesProperty().get()).isNull();
    }
}
