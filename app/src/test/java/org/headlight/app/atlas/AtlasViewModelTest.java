package org.headlight.app.atlas;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.analysis.heads.HeadAtlas;
import org.headlight.analysis.heads.HeadPortrait;
import org.headlight.analysis.heads.OffsetProfile;
import org.headlight.app.explore.ExploreViewModel;
import org.headlight.app.explore.FormulaCapture;
import org.headlight.app.explore.SweepMaps;
import org.headlight.app.task.DirectTaskRunner;
import org.headlight.app.task.TaskRequest;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.viz.control.grid.HeadRef;
import org.headlight.viz.raster.MapBuilder;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

class AtlasViewModelTest {
    private final DirectTaskRunner tasks = new DirectTaskRunner();
    private final ExploreViewModel explore =
            new ExploreViewModel(tasks, new SweepMaps(MapBuilder.standard()));
    private final AtlasViewModel model =
            new AtlasViewModel(tasks, explore, Optional::empty, SweepOptions.standard());
    private final FormulaCapture capture = new FormulaCapture(2, 3, FormulaCapture.tokens(60));

    private HeadAtlas atlas() {
        return Objects.requireNonNull(model.atlasProperty().get());
    }

    @Test
    void nothingIsMeasuredBeforeItIsShown() {
        assertThat(model.state().emptyProperty().get()).isEqualTo(AtlasViewModel.EMPTY);
        explore.show(capture);
        assertThat(model.atlasProperty().get()).isNull();
        assertThat(model.state().emptyProperty().get()).isEqualTo(AtlasViewModel.MEASURE);
        model.setActive(true);
        assertThat(atlas().heads())
                .extracting(HeadPortrait::name)
                .containsExactly("L0H0", "L0H1", "L0H2", "L1H0", "L1H1", "L1H2");
        assertThat(model.state().readyProperty().get()).isTrue();
    }

    @Test
    void measuringIsOfferedWhereThereIsATextAndNothingIsBeingMeasured() {
        assertThat(model.measurableProperty().get()).isFalse();
        explore.show(capture);
        assertThat(model.measurableProperty().get()).isTrue();
        model.state().working(tasks.submit(TaskRequest.of("atlas", "", p -> "")));
        assertThat(model.measurableProperty().get()).isFalse();
        model.state().done();
        assertThat(model.measurableProperty().get()).isTrue();
    }

    @Test
    void theChartSaysWhatAnEncodersHeadGivesToKeysAhead() {
        assertThat(AtlasViewModel.ahead(new OffsetProfile.Ahead(0.5123, 0.495)))
                .isEqualTo(
                        "The chart is of keys back and the query's own: keys ahead hold another"
                                + " 51.2 % of the attention, 49.5 % if it were spread evenly.");
        assertThat(AtlasViewModel.ahead(new OffsetProfile.Ahead(0, 0))).isEmpty();
    }

    @Test
    void theHeadOnShowIsTheOneOfTheAtlasAndBack() {
        explore.show(capture);
        model.setActive(true);
        assertThat(model.shown()).isZero();
        model.choose(atlas().heads().get(4));
        assertThat(explore.viewProperty().get().head()).isEqualTo(new HeadRef(1, 1));
        assertThat(model.shown()).isEqualTo(4);
        explore.selectHead(new HeadRef(0, 2));
        assertThat(model.shown()).isEqualTo(2);
    }

    @Test
    void brushedHeadsAreBrushedInTheGridWhileItIsShown() {
        explore.show(capture);
        model.setActive(true);
        model.brush(List.of(new HeadRef(0, 1), new HeadRef(1, 2)));
        assertThat(explore.brushedHeads())
                .containsExactlyInAnyOrder(new HeadRef(0, 1), new HeadRef(1, 2));
        model.brush(List.of(new HeadRef(1, 2)));
        assertThat(explore.brushedHeads()).containsExactly(new HeadRef(1, 2));
        model.setActive(false);
        assertThat(explore.brushedHeads()).isEmpty();
        assertThat(model.brushed()).containsExactly(new HeadRef(1, 2));
        model.setActive(true);
        assertThat(explore.brushedHeads()).containsExactly(new HeadRef(1, 2));
    }

    @Test
    void theCutSaysHowManyClustersThereAre() {
        explore.show(capture);
        model.setActive(true);
        model.cutProperty().set(0);
        assertThat(Objects.requireNonNull(model.clustersProperty().get()).count()).isEqualTo(6);
        model.cutProperty().set(1);
        assertThat(Objects.requireNonNull(model.clustersProperty().get()).count()).isEqualTo(1);
    }

    @Test
    void anotherCaptureTakesNothingOfTheFirstAlong() {
        explore.show(capture);
        model.setActive(true);
        model.brush(List.of(new HeadRef(1, 2)));
        explore.show(new FormulaCapture(1, 2, FormulaCapture.tokens(20)));
        assertThat(atlas().heads()).hasSize(2);
        assertThat(model.brushed()).isEmpty();
    }

    @Test
    void aCaptureCannotBeProbedAndSaysWhatToDo() {
        explore.show(capture);
        assertThat(model.canProbe()).isFalse();
        model.runProbe();
        assertThat(model.state().problemProperty().get())
                .isEqualTo(
                        "A capture cannot be run again; open the model itself to probe its heads"
                                + " with random tokens that repeat.");
        assertThat(model.probeProperty().get()).isNull();
    }
}
