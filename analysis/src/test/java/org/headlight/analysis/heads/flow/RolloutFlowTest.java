package org.headlight.analysis.heads.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;

import org.headlight.analysis.heads.TestMaps;
import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.CaptureInfo;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.kernel.KernelProvider;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;

class RolloutFlowTest {

    private static LayerMaps reference(JsonObject vectors, boolean residual) {
        List<double[][]> layers = new ArrayList<>();
        for (String name : List.of("A1", "A2")) {
            double[][] map = TestMaps.rows(vectors.getAsJsonArray(name));
            layers.add(residual ? LayerMaps.withResidual(map) : map);
        }
        return new LayerMaps(layers);
    }

    private static void same(double[][] found, double[][] truth) {
        for (int q = 0; q < truth.length; q++) {
            for (int k = 0; k < truth.length; k++) {
                assertThat(found[q][k]).as("%d, %d", q, k).isCloseTo(truth[q][k], within(1e-5));
            }
        }
    }

    @Test
    void rolloutAndFlowOfTheReferenceAreTheReferenceNumbers() {
        JsonObject vectors = TestMaps.vectors().getAsJsonObject("rollout_flow");
        LayerMaps residual = reference(vectors, true);
        same(
                Rollout.whole(residual),
                TestMaps.rows(vectors.getAsJsonArray("rollout_residual_layer2")));
        same(
                Rollout.whole(reference(vectors, false)),
                TestMaps.rows(vectors.getAsJsonArray("rollout_no_residual_layer2")));
        Flow flow = new Flow(residual);
        same(
                flow.whole(false, Progress.NONE),
                TestMaps.rows(vectors.getAsJsonArray("flow_residual_raw_layer2")));
        same(
                flow.whole(true, Progress.NONE),
                TestMaps.rows(vectors.getAsJsonArray("flow_residual_normalised_layer2")));
    }

    @Test
    void flowThroughTwoLayersIsTheSumOfTheNarrowerPipes() {
        int n = 17;
        double[][] first = TestMaps.map(TestMaps.random(n, true, 1));
        double[][] second = TestMaps.map(TestMaps.random(n, true, 4));
        Flow flow = new Flow(new LayerMaps(List.of(first, second)));
        double[][] found = flow.whole(false, Progress.NONE);
        for (int q = 0; q < n; q++) {
            for (int t = 0; t < n; t++) {
                double truth = 0;
                for (int k = 0; k < n; k++) {
                    truth += Math.min(second[q][k], first[k][t]);
                }
                assertThat(found[q][t]).as("%d, %d", q, t).isCloseTo(truth, within(1e-9));
            }
        }
    }

    @Test
    void flowGivesBackWhatAnEarlierWayTookInTheWrongPlace() {
        // The first way takes 0, 0, 0, 0; the second comes to 0 of layer 1 by its only pipe, and
        // the first must leave it for 1.
        double[][] top = {{1, 1}, {0, 1}};
        double[][] middle = {{1, 1}, {1, 0}};
        double[][] bottom = {{1, 0}, {1, 0}};
        LayerMaps three = new LayerMaps(List.of(bottom, middle, top));
        double[][] found = new Flow(three).whole(false, Progress.NONE);
        assertThat(found[0][0]).isCloseTo(2, within(1e-9));
        assertThat(found[1][0]).isCloseTo(1, within(1e-9));
        assertThat(found[0][1]).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 63, 64, 65, 200})
    void rolloutToOnePositionIsThatRowOfTheWhole(int n) {
        List<Token> text = TestMaps.tokens(TestMaps.anyIds(n));
        List<SiteCapture> sites = new ArrayList<>();
        for (int layer = 0; layer < 3; layer++) {
            sites.add(
                    new SiteCapture(
                            layer,
                            SiteKind.SELF,
                            "softmax",
                            List.of(
                                    TestMaps.random(n, true, layer),
                                    TestMaps.random(n, true, 10 + layer)),
                            1,
                            7,
                            text,
                            text));
        }
        for (boolean residual : new boolean[] {true, false}) {
            double[][] whole =
                    Rollout.whole(
                            LayerMaps.of(sites, residual, KernelProvider.scalar(), Progress.NONE));
            double[] row =
                    Rollout.from(
                            new Sites(sites, text),
                            n - 1,
                            residual,
                            SweepOptions.standard(),
                            Progress.NONE);
            double sum = 0;
            for (int k = 0; k < n; k++) {
                assertThat(row[k]).as("token %d", k).isCloseTo(whole[n - 1][k], within(1e-5));
                sum += row[k];
            }
            assertThat(sum).isCloseTo(1, within(1e-4));
        }
    }

    @Test
    void onTheWayDownStandsWhatIsTakenBeforeEachLayer() {
        int n = 40;
        List<Token> text = TestMaps.tokens(TestMaps.anyIds(n));
        List<SiteCapture> sites = new ArrayList<>();
        for (int layer = 0; layer < 3; layer++) {
            sites.add(
                    new SiteCapture(
                            layer,
                            SiteKind.SELF,
                            "softmax",
                            List.of(TestMaps.random(n, true, layer)),
                            1,
                            7,
                            text,
                            text));
        }
        List<double[]> down = Rollout.down(sites, 25, true, SweepOptions.standard(), Progress.NONE);
        assertThat(down).hasSize(3);
        for (int from = 0; from < 3; from++) {
            double[][] truth =
                    Rollout.whole(
                            LayerMaps.of(
                                    sites.subList(from, 3),
                                    true,
                                    KernelProvider.scalar(),
                                    Progress.NONE));
            for (int k = 0; k < n; k++) {
                assertThat(down.get(from)[k]).isCloseTo(truth[25][k], within(1e-5));
            }
        }
        assertThatThrownBy(
                        () -> Rollout.down(sites, n, true, SweepOptions.standard(), Progress.NONE))
                .isInstanceOf(BadInputException.class)
                .hasMessage("There is no position 40 to follow; the text has tokens 0 to 39.");
    }

    @Test
    void onlyLayersOverTheTextOfTheLastOneAreFollowed() {
        List<Token> source = TestMaps.tokens(TestMaps.anyIds(5));
        List<Token> text = TestMaps.tokens(1, 2, 3, 4, 60);
        SiteCapture encoder = site(SiteKind.SELF, source, source);
        SiteCapture cross = site(SiteKind.CROSS, text, source);
        SiteCapture decoder = site(SiteKind.SELF, text, text);
        assertThat(Rollout.sites(new Sites(List.of(encoder, decoder, cross), text)))
                .containsExactly(decoder);
        assertThatThrownBy(() -> Rollout.sites(new Sites(List.of(cross), text)))
                .hasMessage("test has no self-attention to follow.");
    }

    private static SiteCapture site(SiteKind kind, List<Token> queries, List<Token> keys) {
        return new SiteCapture(
                0, kind, "softmax", List.of(TestMaps.random(5, true, 3)), 1, 7, queries, keys);
    }

    @Test
    void aTextThatIsTooLongForFlowIsRefusedWithWhatToDo() {
        double[][] map = new double[65][65];
        LayerMaps layers = new LayerMaps(List.<double[][]>of(map));
        assertThatThrownBy(() -> new Flow(layers))
                .isInstanceOf(BadInputException.class)
                .hasMessage(
                        "Attention flow takes a maximum flow for each two tokens and the text has"
                                + " 65; take at most 64 tokens, or use rollout.");
    }

    private record Sites(List<SiteCapture> sites, List<Token> tokens) implements Capture {
        @Override
        public CaptureInfo info() {
            return new CaptureInfo("test", "", "dump", "", 0);
        }

        @Override
        public long bytes() {
            return 0;
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
