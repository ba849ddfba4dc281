package org.headlight.app.atlas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.headlight.analysis.heads.flow.Followed;
import org.headlight.app.explore.ExploreViewModel;
import org.headlight.app.explore.FormulaCapture;
import org.headlight.app.explore.SweepMaps;
import org.headlight.app.task.DirectTaskRunner;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.viz.control.map.Cell;
import org.headlight.viz.raster.MapBuilder;
import org.headlight.viz.raster.ValueGrid;
import org.junit.jupiter.api.Test;

import java.util.Objects;

class RolloutViewModelTest {
    private final DirectTaskRunner tasks = new DirectTaskRunner();
    private final ExploreViewModel explore =
            new ExploreViewModel(tasks, new SweepMaps(MapBuilder.standard()));
    private final RolloutViewModel model =
            new RolloutViewModel(tasks, explore, SweepOptions.standard());

    private void show(int layers, int tokens) {
        explore.show(new FormulaCapture(layers, 2, FormulaCapture.tokens(tokens)));
        model.setActive(true);
    }

    private Followed followed() {
        return Objects.requireNonNull(model.followedProperty().get());
    }

    @Test
    void theLastTokenIsFollowedUntilAQueryIsLocked() {
        show(3, 40);
        assertThat(followed().way())
                .isEqualTo(new Followed.Way(Followed.Measure.ROLLOUT, 2, 39, true));
        explore.selectedCellProperty().set(new Cell(25, 3));
        assertThat(followed().way().position()).isEqualTo(25);
        double sum = 0;
        for (int token = 0; token < 40; token++) {
            sum += followed().share(token);
            assertThat(token <= 25 || followed().share(token) == 0).isTrue();
        }
        assertThat(sum).isCloseTo(1, within(1e-5));
    }

    @Test
    void theMapHasTheFollowedRow() {
        show(2, 30);
        explore.selectedCellProperty().set(new Cell(17, 3));
        ValueGrid grid = model.gridProperty().get();
        assertThat(grid.rows()).isEqualTo(30);
        for (int token = 0; token <= 17; token++) {
            assertThat(grid.value(17, token)).isCloseTo(followed().share(token), within(1e-5));
        }
        assertThat(grid.value(17, 18)).isNaN();
    }

    @Test
    void fewerLayersAndNoResidualStreamAreFollowedAnew() {
        show(3, 30);
        double deep = followed().share(29);
        model.layerProperty().set(0);
        assertThat(followed().layers()).containsExactly(0);
        assertThat(followed().share(29)).isGreaterThan(deep);
        model.residualProperty().set(false);
        assertThat(followed().way().residual()).isFalse();
        assertThat(followed().share(29)).isLessThan(0.5);
    }

    @Test
    void ofALongTextThePlacesBeforeEachLayerAreDrawn() {
        show(2, 300);
        ValueGrid grid = model.gridProperty().get();
        assertThat(grid.rows()).isEqualTo(2);
        assertThat(grid.columns()).isEqualTo(32);
        assertThat(grid.name(0, 0)).isEqualTo("before L1, token 0");
        for (int row = 0; row < 2; row++) {
            double sum = 0;
            for (int column = 0; column < 32; column++) {
                sum += grid.value(row, column);
            }
            assertThat(sum).isCloseTo(1, within(1e-4));
        }
    }

    @Test
    void flowOfALongTextIsRefusedInPlace() {
        show(2, 65);
        model.measureProperty().set(Followed.Measure.FLOW);
        assertThat(model.state().problemProperty().get())
                .isEqualTo(
                        "Attention flow takes a maximum flow for each two tokens and the text has"
                                + " 65; take at most 64 tokens, or use rollout.");
        show(2, 20);
        assertThat(followed().way().measure()).isEqualTo(Followed.Measure.FLOW);
        assertThat(model.state().problemProperty().get()).isEmpty();
    }

    @Test
    void theTokensAreTintedWhileItIsShown() {
        show(2, 20);
        assertThat(Objects.requireNonNull(explore.dress().tintProperty().get()).name())
                .isEqualTo("rollout to 19");
        model.setActive(false);
        assertThat(explore.dress().tintProperty().get()).isNull();
    }
}
