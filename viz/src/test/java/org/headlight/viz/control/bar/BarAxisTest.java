package org.headlight.viz.control.bar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.headlight.viz.raster.Scale;
import org.junit.jupiter.api.Test;

class BarAxisTest {

    private static Scale log(double low, double high) {
        return new Scale(Scale.Kind.LOG, (float) low, (float) high);
    }

    @Test
    void aLogarithmicAxisBeginsOneDecadeBelowTheUsualLowerEnd() {
        Scale range = BarAxis.of(log(1e-5, 1), 1e-9f, 1).range();
        assertThat(range.low()).isCloseTo(1e-6f, within(1e-12f));
        assertThat(range.high()).isEqualTo(1);
    }

    @Test
    void aRaisedLowerEndLeavesTheAxisAsItIs() {
        assertThat(BarAxis.of(log(1e-2, 1), 1e-9f, 1))
                .isEqualTo(BarAxis.of(log(1e-5, 1), 1e-9f, 1));
    }

    @Test
    void theAxisGoesOnDownwardsByADecadeAtATimeAsFarAsTheMapHasValues() {
        assertThat(BarAxis.of(log(1e-6, 1), 1e-9f, 1).range().low())
                .isCloseTo(1e-7f, within(1e-13f));
        assertThat(BarAxis.of(log(1e-9, 1), 1e-12f, 1).range().low()).isEqualTo(BarAxis.LEAST);
        assertThat(BarAxis.of(log(2e-6, 1), 2e-6f, 1).range().low()).isEqualTo(2e-6f);
    }

    @Test
    void aMapWithoutSmallValuesHasNoAxisBelowThem() {
        assertThat(BarAxis.of(log(0.003, 1), 0.003f, 1).range()).isEqualTo(log(0.003, 1));
    }

    @Test
    void aLinearAxisBeginsAtZeroAndEndsAtTheLargest() {
        Scale narrow = new Scale(Scale.Kind.LINEAR, 0.2f, 0.3f);
        assertThat(BarAxis.of(narrow, 1e-9f, 0.8f).range())
                .isEqualTo(new Scale(Scale.Kind.LINEAR, 0, 0.8f));
    }

    @Test
    void anEndNeverPassesTheOther() {
        Scale colors = new Scale(Scale.Kind.LINEAR, 0.2f, 0.6f);
        BarAxis axis = BarAxis.of(colors, 0, 1);
        assertThat(axis.moved(colors, true, 0).high()).isCloseTo(0.22f, within(1e-6f));
        assertThat(axis.moved(colors, false, 1).low()).isCloseTo(0.58f, within(1e-6f));
        assertThat(axis.moved(colors, true, 7)).isEqualTo(new Scale(Scale.Kind.LINEAR, 0.2f, 1));
        assertThat(axis.moved(colors, false, -7)).isEqualTo(new Scale(Scale.Kind.LINEAR, 0, 0.6f));
    }
}
