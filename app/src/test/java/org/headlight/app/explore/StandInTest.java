package org.headlight.app.explore;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.app.task.LaneTaskRunner;
import org.headlight.app.task.TurnQueue;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.task.Progress;
import org.headlight.viz.control.grid.HeadRef;
import org.headlight.viz.raster.AttentionMap;
import org.headlight.viz.raster.MapBuilder;
import org.junit.jupiter.api.Test;

import java.util.concurrent.CountDownLatch;

class StandInTest {
    /** Makes the map of head 1 only when it is told to. */
    private static final class Held implements MapFactory {
        private final MapFactory maps = new SweepMaps(MapBuilder.standard());
        private final CountDownLatch told = new CountDownLatch(1);

        @Override
        public boolean slow(HeadAttention head) {
            return false;
        }

        @Override
        public AttentionMap preview(HeadAttention head, boolean dropSink, Progress progress) {
            throw new AssertionError("no head is slow");
        }

        @Override
        public HeadView exact(SiteCapture site, int head, boolean dropSink, Progress progress) {
            try {
                if (head == 1) {
                    told.await();
                }
            } catch (InterruptedException e) {
                throw new AssertionError("nobody interrupts work", e);
            }
            return maps.exact(site, head, dropSink, progress);
        }
    }

    @Test
    void theMapOfTheFormerHeadIsNamedAsSuchUntilTheChosenOnesIsThere() throws Exception {
        TurnQueue turns = new TurnQueue();
        Held maps = new Held();
        try (LaneTaskRunner tasks = new LaneTaskRunner(turns)) {
            ExploreViewModel explore = new ExploreViewModel(tasks, maps);
            StandIn standIn = new StandIn(explore);
            explore.show(new FormulaCapture(1, 2, FormulaCapture.tokens(9)));
            assertThat(standIn.wordsProperty().get()).isEmpty();
            turns.until(() -> explore.mapProperty().get() != null);
            assertThat(standIn.wordsProperty().get()).isEmpty();
            explore.selectHead(new HeadRef(0, 1));
            assertThat(standIn.wordsProperty().get())
                    .isEqualTo("still L0H0, computing L0H1 \u2026");
            explore.selectHead(new HeadRef(0, 0));
            assertThat(standIn.wordsProperty().get()).isEmpty();
            explore.selectHead(new HeadRef(0, 1));
            assertThat(standIn.wordsProperty().get()).isNotEmpty();
            maps.told.countDown();
            turns.until(() -> !explore.computingProperty().get());
            assertThat(explore.headName()).isEqualTo("L0H1");
            assertThat(standIn.wordsProperty().get()).isEmpty();
        }
    }
}
