package org.headlight.app.explore;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.app.task.DirectTaskRunner;
import org.headlight.app.task.LaneTaskRunner;
import org.headlight.app.task.TurnQueue;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;
import org.headlight.viz.control.grid.HeadRef;
import org.headlight.viz.raster.AttentionMap;
import org.headlight.viz.raster.ColorMap;
import org.headlight.viz.raster.MapBuilder;
import org.headlight.viz.raster.Pooling;
import org.headlight.viz.raster.Scale;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

class ExploreViewModelTest {
    private final MapFactory maps = new SweepMaps(MapBuilder.standard());
    private final ExploreViewModel explore = new ExploreViewModel(new DirectTaskRunner(), maps);

    private static FormulaCapture capture(int layers, int heads, int tokens) {
        return new FormulaCapture(layers, heads, FormulaCapture.tokens(tokens));
    }

    private ViewState view() {
        return explore.viewProperty().get();
    }

    private AttentionMap map() {
        AttentionMap map = explore.mapProperty().get();
        assertThat(map).isNotNull();
        return java.util.Objects.requireNonNull(map);
    }

    private void assertShows(int layer, int head) {
        assertThat(explore.headName()).isEqualTo("L" + layer + "H" + head);
        double[] wanted = FormulaCapture.row(layer, head, 5);
        for (int col = 0; col < wanted.length; col++) {
            assertThat(map().read(5, col).probability()).isCloseTo((float) wanted[col], within());
        }
    }

    private static org.assertj.core.data.Offset<Float> within() {
        return org.assertj.core.api.Assertions.within(2e-6f);
    }

    @Test
    void switchingHeadsKeepsTheParametersAndShowsTheOtherHeadsNumbers() {
        explore.show(capture(2, 3, 7));
        explore.setScale(Scale.Kind.PERCENTILE);
        explore.setColorMap(ColorMap.MAGMA);
        explore.setPooling(Pooling.MEAN);
        assertShows(0, 0);
        explore.selectHead(new HeadRef(1, 2));
        assertShows(1, 2);
        explore.selectHead(new HeadRef(0, 0));
        assertShows(0, 0);
        assertThat(view())
                .isEqualTo(
                        new ViewState(
                                new HeadRef(0, 0),
                                Scale.Kind.PERCENTILE,
                                Optional.empty(),
                                ColorMap.MAGMA,
                                Pooling.MEAN,
                                false));
    }

    @Test
    void everyStepIsUndoneAndRedoneWithZerosAndOffAmongThem() {
        explore.show(capture(2, 2, 7));
        explore.selectHead(new HeadRef(1, 1));
        List<ViewState> states = new ArrayList<>(List.of(view()));
        List<Runnable> steps =
                List.of(
                        explore::togglePooling,
                        explore::nextScale,
                        explore::nextColorMap,
                        explore::toggleSink,
                        () -> explore.selectHead(new HeadRef(1, 0)),
                        () -> explore.selectHead(new HeadRef(0, 0)),
                        () -> explore.setRange(new Scale(Scale.Kind.PERCENTILE, 0, 0.5f)),
                        explore::fitRange,
                        explore::toggleSink,
                        explore::togglePooling);
        for (Runnable step : steps) {
            step.run();
            assertThat(view()).isNotEqualTo(states.getLast());
            states.add(view());
        }
        for (int i = states.size() - 2; i >= 0; i--) {
            explore.undo();
            assertThat(view()).isEqualTo(states.get(i));
            assertThat(map().droppedMass() > 0).isEqualTo(view().dropSink());
        }
        assertShows(1, 1);
        explore.undo();
        assertThat(view().head()).isEqualTo(new HeadRef(0, 0));
        assertThat(explore.canUndoProperty().get()).isFalse();
        explore.redo();
        for (int i = 1; i < states.size(); i++) {
            explore.redo();
            assertThat(view()).isEqualTo(states.get(i));
        }
        assertThat(explore.canRedoProperty().get()).isFalse();
        assertShows(0, 0);
    }

    @Test
    void aRangeSetByHandHoldsUntilTheHeadChanges() {
        explore.show(capture(1, 2, 7));
        Scale fitted = explore.scaleProperty().get();
        Scale mine = new Scale(Scale.Kind.LOG, 0.01f, 0.5f);
        explore.setRange(mine);
        explore.nextColorMap();
        assertThat(explore.scaleProperty().get()).isEqualTo(mine);
        explore.selectHead(new HeadRef(0, 1));
        assertThat(explore.scaleProperty().get().high()).isEqualTo(map().range()[1]);
        explore.selectHead(new HeadRef(0, 0));
        assertThat(explore.scaleProperty().get()).isEqualTo(fitted);
    }

    private static Scale range(double high) {
        return new Scale(Scale.Kind.LOG, 0.01f, (float) high);
    }

    private void drag(double... highs) {
        explore.setRangeDragging(true);
        for (double high : highs) {
            explore.setRange(range(high));
        }
        explore.setRangeDragging(false);
    }

    @Test
    void aDragOfTheRangeIsOneStep() {
        explore.show(capture(1, 2, 7));
        Scale fitted = explore.scaleProperty().get();
        drag(0.5, 0.4, 0.3, 0.2);
        drag(0.25, 0.3);
        explore.setRange(range(0.6));
        explore.setRange(range(0.7));
        for (double high : new double[] {0.6, 0.3, 0.2}) {
            explore.undo();
            assertThat(explore.scaleProperty().get()).isEqualTo(range(high));
        }
        explore.undo();
        assertThat(explore.scaleProperty().get()).isEqualTo(fitted);
        assertThat(explore.canUndoProperty().get()).isFalse();
        explore.redo();
        assertThat(explore.scaleProperty().get()).isEqualTo(range(0.2));
    }

    @Test
    void anotherStepDuringADragIsKeptByItself() {
        explore.show(capture(1, 2, 7));
        explore.setRangeDragging(true);
        explore.setRange(range(0.5));
        explore.setRange(range(0.4));
        explore.selectHead(new HeadRef(0, 1));
        explore.setRange(range(0.3));
        explore.setRange(range(0.2));
        explore.undo();
        assertThat(view().head()).isEqualTo(new HeadRef(0, 1));
        assertThat(view().range()).isEmpty();
        explore.undo();
        assertThat(view().head()).isEqualTo(new HeadRef(0, 0));
        assertThat(view().range()).contains(range(0.4));
        explore.undo();
        assertThat(view().range()).isEmpty();
        assertThat(explore.canUndoProperty().get()).isFalse();
    }

    @Test
    void aHoveredHeadIsShownAndLeavesNoTrace() {
        explore.show(capture(2, 2, 7));
        explore.hoverHead(new HeadRef(1, 0));
        assertShows(1, 0);
        assertThat(view().head()).isEqualTo(new HeadRef(0, 0));
        assertThat(explore.canUndoProperty().get()).isFalse();
        explore.hoverHead(null);
        assertShows(0, 0);
    }

    @Test
    void movingStaysWithinTheModel() {
        explore.show(capture(2, 3, 7));
        explore.moveHead(-1, -1);
        assertThat(view().head()).isEqualTo(new HeadRef(0, 0));
        explore.moveHead(5, 5);
        assertThat(view().head()).isEqualTo(new HeadRef(1, 2));
    }

    @Test
    void aSmallerCaptureTakesOverWithTheNearestHeadAndClosesTheFormerOne() {
        FormulaCapture large = capture(3, 4, 9);
        explore.show(large);
        explore.selectHead(new HeadRef(2, 3));
        explore.captureProperty().addListener((property, old, now) -> explore.headName());
        explore.show(capture(1, 2, 7));
        assertThat(view().head()).isEqualTo(new HeadRef(0, 1));
        assertShows(0, 1);
        assertThat(explore.title()).isEqualTo("L0H1 \u00b7 query \u2192 key \u00b7 7 \u00d7 7");
        assertThat(large.closed()).isTrue();
    }

    @Test
    void aNewCaptureIsShownAlthoughTheFormerMapWasStillBeingMade() throws InterruptedException {
        TurnQueue turns = new TurnQueue();
        try (LaneTaskRunner tasks = new LaneTaskRunner(turns)) {
            ExploreViewModel busy = new ExploreViewModel(tasks, maps);
            busy.show(capture(1, 1, 9));
            busy.show(capture(1, 1, 7));
            turns.until(() -> !busy.computingProperty().get());
            AttentionMap map = busy.mapProperty().get();
            assertThat(java.util.Objects.requireNonNull(map).rows()).isEqualTo(7);
        }
    }

    @Test
    void aHeadThatFailsSaysOneSentenceUntilAnotherIsShown() {
        String sentence = "L0H1 cannot be drawn: its keys are not finite.";
        ExploreViewModel failing =
                new ExploreViewModel(
                        new DirectTaskRunner(),
                        new MapFactory() {
                            @Override
                            public boolean slow(HeadAttention head) {
                                return false;
                            }

                            @Override
                            public AttentionMap preview(
                                    HeadAttention head, boolean dropSink, Progress progress) {
                                return maps.preview(head, dropSink, progress);
                            }

                            @Override
                            public HeadView exact(
                                    SiteCapture site,
                                    int head,
                                    boolean dropSink,
                                    Progress progress) {
                                if (head == 1) {
                                    throw new BadInputException(sentence);
                                }
                                return maps.exact(site, head, dropSink, progress);
                            }
                        });
        failing.show(capture(1, 2, 7));
        failing.selectHead(new HeadRef(0, 1));
        assertThat(failing.problemProperty().get()).isEqualTo(sentence);
        assertThat(failing.computingProperty().get()).isFalse();
        failing.selectHead(new HeadRef(0, 0));
        assertThat(failing.problemProperty().get()).isEmpty();
    }
}
