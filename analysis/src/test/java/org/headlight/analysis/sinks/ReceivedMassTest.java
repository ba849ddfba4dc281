package org.headlight.analysis.sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;

import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.matrix.ArrayMatrix;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.List;

class ReceivedMassTest {
    @Test
    void theReferenceMatrixHasTheReferenceAlphasAndIndicators() throws IOException {
        JsonObject all = Maps.vectors();
        QkHead head = Maps.ofLogits(all.getAsJsonArray("matrix7_logits_rows_causal"));
        JsonObject expected = all.getAsJsonObject("sink_metric");
        double[] alpha = Maps.numbers(expected.getAsJsonArray("alpha_k"));
        double[] indicator = Maps.numbers(expected.getAsJsonArray("indicator"));
        try (Capture capture = Maps.capture(head)) {
            SinkReport report = SinkSurvey.of(capture, SweepOptions.standard(), Progress.NONE);
            ReceivedMass received = report.heads().getFirst().received();
            for (int key = 0; key < 7; key++) {
                assertThat(received.of(key)).isCloseTo(alpha[key], within(1e-5));
                assertThat(received.queries(key)).isEqualTo(7 - key);
            }
            assertThat(report.rate(0.3)).containsExactly(indicator);
        }
    }

    private static double[] naive(double[][] map, int offset, boolean causal, boolean[] live) {
        double[] mean = new double[map[0].length];
        for (int key = 0; key < mean.length; key++) {
            int count = 0;
            for (int row = 0; row < map.length; row++) {
                if (live[row] && (!causal || row + offset >= key)) {
                    mean[key] += map[row][key];
                    count++;
                }
            }
            mean[key] = count == 0 ? 0 : mean[key] / count;
        }
        return mean;
    }

    private static void compare(QkHead head, boolean causal) {
        double[][] map = Maps.naive(head);
        boolean[] live = new boolean[map.length];
        for (int row = 0; row < map.length; row++) {
            for (double p : map[row]) {
                live[row] |= p > 0;
            }
        }
        double[] expected = naive(map, head.cols() - head.rows(), causal, live);
        for (int threads : new int[] {1, 3}) {
            ReceivedMass received = Maps.received(head, true, threads);
            for (int key = 0; key < expected.length; key++) {
                assertThat(received.of(key))
                        .as("key %d of %d", key, expected.length)
                        .isCloseTo(expected[key], within(2e-6));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 63, 64, 65, 1000})
    void randomMapsAgreeWithTheDefinitionInDouble(int n) {
        compare(Maps.random(n, n, n, AttentionMask.causal(0)), true);
        compare(Maps.random(n + 1, n, n, AttentionMask.window(0, 9)), true);
        compare(Maps.random(n + 2, n, n + 5, AttentionMask.causal(5)), true);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 64, 65})
    void aMapThatLooksBothWaysIsOverAllQueries(int n) {
        compare(Maps.random(n, n, n, AttentionMask.full(n)), false);
    }

    /** Left padding: the first rows see nothing, and nobody sees the first keys. */
    @Test
    void paddingCountsOnNeitherAxis() {
        AttentionMask padded =
                new AttentionMask() {
                    @Override
                    public int firstKey(int row) {
                        return 3;
                    }

                    @Override
                    public int endKey(int row) {
                        return row + 1;
                    }

                    @Override
                    public boolean unbiased() {
                        return true;
                    }

                    @Override
                    public float bias(int row, int col) {
                        return col >= 3 && col <= row ? 0 : MASKED;
                    }

                    @Override
                    public boolean causal() {
                        return true;
                    }
                };
        QkHead head = Maps.random(4, 70, 70, padded);
        compare(head, true);
        ReceivedMass received = Maps.received(head);
        assertThat(received.of(0)).isZero();
        assertThat(received.queries(3)).isEqualTo(67);
    }

    /** alpha_0 of a uniform causal map is H_T / T; 0.07412 at the paper's T of 64. */
    @Test
    void aUniformHeadReceivesTheHarmonicMean() {
        int n = 64;
        QkHead head =
                new QkHead(
                        new ArrayMatrix(new float[n], n, 1),
                        new ArrayMatrix(new float[n], n, 1),
                        null,
                        1,
                        AttentionMask.causal(0));
        double harmonic = 0;
        for (int i = 1; i <= n; i++) {
            harmonic += 1.0 / i;
        }
        ReceivedMass received = Maps.received(head);
        assertThat(received.of(0)).isCloseTo(harmonic / n, within(1e-6));
        assertThat(received.of(0)).isCloseTo(0.07412, within(5e-6));
        assertThat(received.of(n - 1)).isCloseTo(1.0 / n, within(1e-7));
    }

    @Test
    void sinksAreAboveTheThresholdAndOfEnoughQueries() throws IOException {
        JsonObject all = Maps.vectors();
        QkHead head = Maps.ofLogits(all.getAsJsonArray("matrix7_logits_rows_causal"));
        try (Capture capture = Maps.capture(head)) {
            HeadReceived found =
                    SinkSurvey.of(capture, SweepOptions.standard(), Progress.NONE)
                            .heads()
                            .getFirst();
            assertThat(found.name()).isEqualTo("L3H0");
            assertThat(positions(found, 0.1, 1)).containsExactly(0, 3);
            assertThat(positions(found, 0.07, 1)).containsExactly(0, 1, 2, 3, 6);
            assertThat(positions(found, 0.07, 2)).containsExactly(0, 1, 2, 3);
            assertThat(found.strongestBeyondFirst(1)).isEqualTo(3);
            assertThat(found.strongestBeyondFirst(5)).isEqualTo(1);
            assertThat(found.sinks(SinkThresholds.STANDARD).get(1).token().text()).isEqualTo("t3");
        }
    }

    private static List<Integer> positions(HeadReceived head, double threshold, int queries) {
        return head.sinks(new SinkThresholds(0.3, threshold, queries)).stream()
                .map(Sink::position)
                .toList();
    }

    @Test
    void theRateOverPromptsIsTheMeanOfTheIndicators() throws IOException {
        QkHead sink = Maps.ofLogits(Maps.vectors().getAsJsonArray("matrix7_logits_rows_causal"));
        QkHead plain = Maps.random(3, 7, 7, AttentionMask.causal(0));
        double plain0 = Maps.received(plain).of(0);
        PromptRate rate = new PromptRate(7, 0.5);
        for (int i = 0; i < 3; i++) {
            try (Capture capture =
                    i == 0 ? Maps.capture(plain, plain) : Maps.capture(sink, plain)) {
                rate.add(SinkSurvey.of(capture, SweepOptions.standard(), Progress.NONE));
            }
        }
        rate.skip();
        double other = plain0 > 0.5 ? 1 : 0;
        assertThat(rate.rate()[0]).isCloseTo((2 + 4 * other) / 6, within(1e-12));
        assertThat(rate.rate()[3]).isBetween(0.0, 1.0);
        assertThat(rate.used()).isEqualTo(3);
        assertThat(rate.tooShort()).isEqualTo(1);
        assertThat(rate.heads().getFirst().rate()).isCloseTo((2 + other) / 3, within(1e-12));
        assertThat(rate.heads().getFirst().received())
                .isCloseTo((2 * 0.56004 + plain0) / 3, within(1e-5));
    }

    @Test
    void promptsThatAreAllTooShortAreSaidInOneSentence() {
        PromptRate rate = new PromptRate(64, 0.3);
        rate.skip();
        rate.skip();
        assertThatThrownBy(rate::rate)
                .isInstanceOf(BadInputException.class)
                .hasMessage(
                        "None of the 2 prompts has 64 tokens, the length at which their sinks are"
                                + " compared; give longer prompts, or a shorter length.");
    }

    @Test
    void thresholdsOutsideTheirRangeAreRefusedInOneSentence() {
        assertThatThrownBy(() -> new SinkThresholds(1, 0.1, 1))
                .hasMessage(
                        "The epsilon of the sink rate is 1.0; expected a share from 0 to below 1,"
                                + " such as 0.3.");
        assertThatThrownBy(() -> new SinkThresholds(0.3, Double.NaN, 1))
                .hasMessage(
                        "The threshold of sinks is NaN; expected a share from 0 to below 1, such"
                                + " as 0.3.");
        assertThatThrownBy(() -> new SinkThresholds(0.3, 0.1, 0))
                .hasMessage("The least number of queries is 0; expected at least 1.");
    }
}
