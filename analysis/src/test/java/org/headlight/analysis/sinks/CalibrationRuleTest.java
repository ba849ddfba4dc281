package org.headlight.analysis.sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

import org.headlight.engine.attend.Attention;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.AttentionOutput;
import org.headlight.engine.attend.HeadArray;
import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.cut.HeadAddress;
import org.headlight.engine.cut.SeamAttention;
import org.headlight.engine.cut.SeamHooks;
import org.headlight.engine.kernel.KernelProvider;
import org.headlight.engine.matrix.Matrix;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class CalibrationRuleTest {
    private static final HeadAddress HEAD = HeadAddress.self(4, 0);

    private static HeadArray array(Matrix matrix) {
        float[] values = new float[matrix.rows() * matrix.cols()];
        matrix.copyRows(0, matrix.rows(), values, 0);
        return HeadArray.headsFirst(values, 1, matrix.rows(), matrix.cols());
    }

    /** With values that are the identity, what a head gives is its map. */
    private static double[][] calibrated(QkHead head, ActHook hook) {
        int n = head.rows();
        float[] identity = new float[n * n];
        for (int i = 0; i < n; i++) {
            identity[i * n + i] = 1;
        }
        AttentionInput input =
                AttentionInput.of(
                        array(head.q()),
                        array(head.k()),
                        HeadArray.headsFirst(identity, 1, n, n),
                        head.scale(),
                        head.mask());
        AttentionOutput output = AttentionOutput.allocate(1, n, n);
        try (SeamAttention seam =
                new SeamAttention(new Attention(KernelProvider.flashScalar(), 1))) {
            seam.run(
                    HEAD.layer(),
                    SiteKind.SELF,
                    input,
                    SeamHooks.NONE.with(HEAD, hook),
                    output,
                    Progress.NONE);
        }
        double[][] map = new double[n][n];
        for (int r = 0; r < n; r++) {
            for (int c = 0; c < n; c++) {
                map[r][c] = output.out().values()[output.out().at(0, r) + c];
            }
        }
        return map;
    }

    @Test
    void theReferenceMatrixIsCalibratedAsByThePublishedFunction() throws IOException {
        JsonObject all = Maps.vectors();
        JsonObject act = all.getAsJsonObject("act");
        QkHead head = Maps.ofLogits(all.getAsJsonArray("matrix7_logits_rows_causal"));
        double[] received = Maps.numbers(act.getAsJsonArray("received_mean"));
        ReceivedMass mass = Maps.received(head);
        for (int key = 0; key < received.length; key++) {
            assertThat(mass.of(key)).isCloseTo(received[key], within(1e-5));
        }
        ActSettings settings =
                new ActSettings(
                        ActRule.CODE,
                        act.get("threshold").getAsDouble(),
                        act.get("beta").getAsDouble());
        ActHook hook = new ActHook(settings, SweepOptions.standard());
        double[][] mine = calibrated(head, hook);
        JsonArray rows = act.getAsJsonArray("output");
        for (int r = 0; r < rows.size(); r++) {
            double[] expected = Maps.numbers(rows.get(r).getAsJsonArray());
            for (int c = 0; c < expected.length; c++) {
                assertThat(mine[r][c]).as("%d, %d", r, c).isCloseTo(expected[c], within(1e-5));
            }
        }
        assertThat(hook.chosen()).containsExactly(Map.entry(HEAD, List.of(3)));
    }

    /** Step by step as the published function does it, in double precision. */
    private static double[][] published(double[][] a, double threshold, double beta) {
        int n = a.length;
        List<Integer> sinks = new ArrayList<>();
        for (int j = 0; j < n; j++) {
            double sum = 0;
            for (int q = 0; q < n; q++) {
                sum += a[q][j];
            }
            if (sum / (n - j) > threshold) {
                sinks.add(j);
            }
        }
        if (!sinks.isEmpty()) {
            sinks.removeFirst();
        }
        double[][] out = new double[n][n];
        for (int q = 0; q < n; q++) {
            double available = 0;
            double others = 0;
            for (int j = 0; j < n; j++) {
                boolean sink = sinks.contains(j);
                available += sink ? (1 - beta) * a[q][j] : 0;
                others += sink ? 0 : a[q][j];
            }
            for (int j = 0; j < n; j++) {
                boolean sink = sinks.contains(j);
                out[q][j] = sink ? beta * a[q][j] : a[q][j] + available * a[q][j] / others;
            }
        }
        return out;
    }

    @Test
    void randomMapsAreCalibratedAsTheStepsOfTheCodeSay() {
        for (int n : new int[] {2, 7, 63, 64, 65, 130}) {
            QkHead head = Maps.random(n, n, n, AttentionMask.causal(0));
            double threshold = n < 20 ? 0.1 : 0.06;
            ActHook hook =
                    new ActHook(
                            new ActSettings(ActRule.CODE, threshold, 0.25),
                            SweepOptions.standard());
            double[][] mine = calibrated(head, hook);
            double[][] expected = published(Maps.naive(head), threshold, 0.25);
            for (int q = 0; q < n; q++) {
                double sum = 0;
                for (int j = 0; j < n; j++) {
                    assertThat(mine[q][j])
                            .as("%d, %d", q, j)
                            .isCloseTo(expected[q][j], within(1e-5));
                    sum += mine[q][j];
                }
                assertThat(sum).isCloseTo(1, within(1e-5));
            }
        }
    }

    @Test
    void thePaperTakesAlphaOverNAndSparesTokenZeroOnly() throws IOException {
        QkHead head = Maps.ofLogits(Maps.vectors().getAsJsonArray("matrix7_logits_rows_causal"));
        ReceivedMass mass = Maps.received(head);
        // Received: .560 .097 .072 .461 .040 .048 .079; N = 7.
        assertThat(ActRule.PAPER.chosen(mass, 5)).isEmpty();
        assertThat(ActRule.PAPER.chosen(mass, 3)).containsExactly(3);
        assertThat(ActRule.PAPER.chosen(mass, 0.6)).containsExactly(1, 3);
        assertThat(ActRule.CODE.chosen(mass, 0.09)).containsExactly(1, 3);
    }

    /** Where token 0 is no sink the code spares a real one. */
    @Test
    void theCodeSparesTheFirstSinkWhicheverItIs() {
        int n = 40;
        JsonArray rows = new JsonArray();
        for (int q = 0; q < n; q++) {
            JsonArray row = new JsonArray();
            for (int k = 0; k <= q; k++) {
                row.add(k == 5 || k == 9 ? 9 : 0);
            }
            rows.add(row);
        }
        ReceivedMass mass = Maps.received(Maps.ofLogits(rows));
        assertThat(mass.of(0)).isGreaterThan(0.05);
        assertThat(ActRule.CODE.chosen(mass, 0.2)).containsExactly(9);
        assertThat(ActRule.PAPER.chosen(mass, 8)).containsExactly(5, 9);
    }

    @Test
    void numbersOutsideTheirRangeAreRefusedInOneSentence() {
        assertThatThrownBy(() -> new ActSettings(ActRule.CODE, 0.1, 1.5))
                .hasMessage("Beta is 1.5; expected what is left of a sink, from 0 to 1.");
        assertThatThrownBy(() -> new ActSettings(ActRule.CODE, 5, 0.4))
                .hasMessage(
                        "The threshold of the calibration is 5.0; expected a share between 0 and"
                                + " 1, such as 0.1.");
        assertThatThrownBy(() -> new ActSettings(ActRule.PAPER, 0, 0.4))
                .hasMessage(
                        "The alpha of the calibration is 0.0; expected a number above 0, such as"
                                + " 5.");
    }
}
