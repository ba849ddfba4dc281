package org.headlight.viz.raster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

class TicksTest {

    @Test
    void linearTicksAreRound() {
        assertThat(labels(Ticks.linear(0, 1, 6)))
                .containsExactly("0", "0.2", "0.4", "0.6", "0.8", "1");
        assertThat(labels(Ticks.linear(0, 0.731, 6))).containsExactly("0", "0.2", "0.4", "0.6");
        assertThat(labels(Ticks.linear(0.013, 0.047, 6))).containsExactly("0.02", "0.03", "0.04");
        assertThat(labels(Ticks.linear(0, 0.0004, 5)))
                .containsExactly("0", "1e-4", "2e-4", "3e-4", "4e-4");
    }

    @Test
    void logarithmicTicksArePowersOfTen() {
        assertThat(labels(Ticks.log(1e-6, 1, 8)))
                .containsExactly("1e-6", "1e-5", "1e-4", "0.001", "0.01", "0.1", "1");
        assertThat(labels(Ticks.log(1e-6, 1, 4))).containsExactly("1e-6", "1e-4", "0.01", "1");
        assertThat(labels(Ticks.log(0.004, 0.9, 9)))
                .containsExactly("0.005", "0.01", "0.02", "0.05", "0.1", "0.2", "0.5");
    }

    @Test
    void ticksStayWithinTheScale() {
        for (Scale scale :
                List.of(
                        new Scale(Scale.Kind.LOG, 3.1e-5f, 0.042f),
                        new Scale(Scale.Kind.LINEAR, 0, 0.9731f),
                        new Scale(Scale.Kind.PERCENTILE, 1.3e-5f, 0.0042f))) {
            assertThat(Ticks.of(scale, 7))
                    .isNotEmpty()
                    .allSatisfy(tick ->
                            assertThat(tick.value())
                                    .isBetween((double) scale.low(), scale.high() * (1 + 1e-7)));
        }
    }

    @Test
    void positionsAreRoundAndGrouped() {
        assertThat(labels(Ticks.positions(0, 512, 6)))
                .containsExactly("0", "100", "200", "300", "400", "500");
        assertThat(labels(Ticks.positions(0, 32768, 4)))
                .containsExactly("0", "10\u2009000", "20\u2009000", "30\u2009000");
        assertThat(labels(Ticks.positions(37, 44, 20)))
                .containsExactly("37", "38", "39", "40", "41", "42", "43");
        assertThat(labels(Ticks.positions(0, 1, 5))).containsExactly("0");
    }

    @ParameterizedTest
    @CsvSource({
        "0.0421, 0.0421",
        "0.42134, 0.421",
        "0.001, 0.00100",
        "0.00099951, 1.0e-3",
        "0.000042, 4.2e-5",
        "0, 0",
        "1, 1",
        "0.99999, 1.00",
        "NaN, masked",
    })
    void probabilitiesHaveThreeDigitsOrAnExponent(double value, String text) {
        assertThat(NumberText.probability(value)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "999, 999", "1024, 1\u2009024", "-12345678, -12\u2009345\u2009678"})
    void thousandsHaveThinSpaces(long value, String text) {
        assertThat(NumberText.count(value)).isEqualTo(text);
    }

    @Test
    void scalesFollowTheMap() {
        FormulaMap map = new FormulaMap(10, 10, false, (row, col) -> (row * 10 + col) / 100.0);
        assertThat(Scales.linear(map)).isEqualTo(new Scale(Scale.Kind.LINEAR, 0, 0.99f));
        assertThat(Scales.log(map)).isEqualTo(new Scale(Scale.Kind.LOG, 0.01f, 0.99f));
        assertThat(Scales.percentile(map, Pooling.MAX, 0.1, 0.9))
                .isEqualTo(new Scale(Scale.Kind.PERCENTILE, 0.1f, 0.9f));
        FormulaMap spread =
                new FormulaMap(10, 10, false, (row, col) -> row < 5 ? 1e-12 : (row + col) / 40.0);
        assertThat(Scales.percentile(spread, Pooling.MAX, 0.01, 0.99).low()).isZero();
        FormulaMap tiny = new FormulaMap(2, 2, false, (row, col) -> row == 0 ? 1e-9 : 0.5);
        assertThat(Scales.log(tiny).low()).isEqualTo(Scales.LOG_FLOOR);
        assertThatThrownBy(() -> Scales.percentile(map, Pooling.MAX, 0.9, 0.1))
                .hasMessage("percentiles are fractions in order, not 0.9 and 0.1");
    }

    @Test
    void aMapWithoutValuesStillHasAScale() {
        FormulaMap empty = new FormulaMap(3, 3, false, (row, col) -> 0);
        for (Scale.Kind kind : Scale.Kind.values()) {
            Scale scale = Scales.of(kind, empty, Pooling.MAX);
            assertThat(scale.high()).isGreaterThan(scale.low());
        }
    }

    private static List<String> labels(List<Tick> ticks) {
        return ticks.stream().filter(Tick::major).map(Tick::label).toList();
    }
}
