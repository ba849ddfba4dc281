package org.headlight.viz.control.profile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;

class DecimationTest {
    private static final int BINS = 64;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 63, 64, 65, 1000, 32_768})
    void aLonePeakSurvivesWhereverItIs(int length) {
        for (int peak = 0; peak < length; peak += Math.max(1, length / 97)) {
            float[] values = new float[length];
            Arrays.fill(values, 0.001f);
            values[peak] = 0.9f;
            float[] thin = Decimation.byMaximum(values, BINS);
            assertThat(thin).contains(0.9f);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {65, 1000})
    void maskedValuesTakeNoPart(int length) {
        float[] values = new float[length];
        Arrays.fill(values, Float.NaN);
        values[0] = 0;
        float[] thin = Decimation.byMaximum(values, BINS);
        assertThat(thin[0]).isZero();
        assertThat(thin[BINS - 1]).isNaN();
    }
}
