package org.headlight.viz.raster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumberTextTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "0.05, 0.05",
        "-0.05, -0.05",
        "1234, 1230",
        "0.0005, 5e-4",
        "-0.0005, -5e-4",
        "0.000123, 1.23e-4",
        "-0.000123, -1.23e-4",
        "NaN, \u2013",
        "Infinity, \u221e",
        "-Infinity, -\u221e",
    })
    void plainNumbersHaveThreeDigitsAndTheirSign(double value, String text) {
        assertThat(NumberText.plain(value)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "12.34, 12.3",
        "999.4, 999",
        "999.6, 1_000",
        "1443.7, 1_440",
        "-1443.7, -1_440",
        "1234567, 1_230_000",
    })
    void amountsHaveThinSpacesBetweenThousandsAndNoPowersOfTen(double value, String text) {
        assertThat(NumberText.amount(value)).isEqualTo(text.replace('_', NumberText.THIN_SPACE));
    }
}
