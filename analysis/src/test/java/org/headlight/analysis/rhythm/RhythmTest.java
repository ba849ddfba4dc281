package org.headlight.analysis.rhythm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

class RhythmTest {
    private static final double CLOSE = 2e-6;

    private static JsonObject vectors() throws IOException {
        Path file = Path.of("..", "..", "shared", "vectors", "analyses.json");
        Assumptions.assumeTrue(Files.exists(file), "the shared vectors are not there");
        return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    }

    private static double[][] matrix7(JsonObject all) {
        JsonArray rows = all.getAsJsonArray("matrix7_logits_rows_causal");
        double[][] map = new double[rows.size()][rows.size()];
        for (int q = 0; q < map.length; q++) {
            double sum = 0;
            for (int k = 0; k <= q; k++) {
                map[q][k] = Math.exp(rows.get(q).getAsJsonArray().get(k).getAsDouble());
                sum += map[q][k];
            }
            for (int k = 0; k <= q; k++) {
                map[q][k] /= sum;
            }
        }
        return map;
    }

    private static Rhythm measure(Capture capture, int from, RhythmSettings settings) {
        return RhythmSurvey.of(
                capture, from, null, settings, SweepOptions.standard(), Progress.NONE);
    }

    private static Rhythm measure(double[][] map, int from, RhythmSettings settings) {
        List<Token> tokens = RhythmCases.words(map.length, 3);
        return measure(
                RhythmCases.capture(
                        tokens, List.of(RhythmCases.site(0, tokens, List.<double[][]>of(map)))),
                from,
                settings);
    }

    @Test
    void theReferenceMatrixHasTheReferenceWaadAndFai() throws IOException {
        JsonObject all = vectors();
        JsonObject rows = all.getAsJsonObject("row_metrics_on_matrix7");
        double[][] map = matrix7(all);
        Rhythm whole = measure(map, 0, RhythmSettings.defaults().withWindow(2));
        JsonArray waad = rows.getAsJsonArray("waad_W2");
        JsonArray entropy = rows.getAsJsonArray("entropy_nats");
        for (int t = 0; t < 7; t++) {
            RhythmToken token = whole.tokens().get(t);
            assertThat(token.waad()).isCloseTo(waad.get(t).getAsDouble(), within(1e-5));
            assertThat(token.attentionEntropy())
                    .isCloseTo(entropy.get(t).getAsDouble(), within(1e-5));
        }
        assertThat(whole.heads().getFirst().distance())
                .isCloseTo(rows.get("mean_over_rows").getAsDouble(), within(1e-4));
        Rhythm response = measure(map, 2, RhythmSettings.defaults().withHorizon(new Horizon(1, 3)));
        JsonArray fai = rows.getAsJsonArray("fai_R_2_to_6_lo1_hi3");
        for (int s = 2; s < 6; s++) {
            assertThat(response.tokens().get(s).fai())
                    .isCloseTo(fai.get(s - 2).getAsDouble(), within(1e-5));
        }
        assertThat(fai.get(4).isJsonNull()).isTrue();
        assertThat(response.tokens().get(6).fai()).isNaN();
        assertThat(response.tokens().get(1).waad()).isNaN();
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0, 0, 2147483647",
        "2, 1, 1, 1",
        "63, 0, 10, 50",
        "64, 5, 0, 2147483647",
        "65, 64, 0, 3",
        "65, 1, 2, 2",
        "200, 70, 10, 50",
        "1000, 130, 10, 50",
        "1000, 0, 0, 2147483647"
    })
    void everyNumberIsThatOfTheFormulas(int n, int from, int lo, int hi) {
        Random random = new Random(n * 31L + from);
        List<Token> tokens = RhythmCases.words(n, 7);
        List<List<double[][]>> layers = new ArrayList<>();
        List<SiteCapture> sites = new ArrayList<>();
        int perLayer = n > 500 ? 2 : 4;
        for (int layer = 0; layer < 2; layer++) {
            List<double[][]> maps = new ArrayList<>();
            for (int h = 0; h < perLayer; h++) {
                maps.add(RhythmCases.random(n, random));
            }
            layers.add(maps);
            sites.add(RhythmCases.site(layer, tokens, maps));
        }
        RhythmSettings settings =
                RhythmSettings.defaults().withWindow(10).withHorizon(new Horizon(lo, hi));
        Rhythm rhythm = measure(RhythmCases.capture(tokens, sites), from, settings);
        List<double[][]> all = layers.stream().flatMap(List::stream).toList();
        List<Double> distances = all.stream().map(map -> NaiveRhythm.distance(map, from)).toList();
        for (int h = 0; h < all.size(); h++) {
            assertThat(rhythm.heads().get(h).distance())
                    .isCloseTo(distances.get(h), within(4e-6 * n));
        }
        List<Integer> order =
                IntStream.range(0, all.size())
                        .boxed()
                        .sorted(Comparator.comparingDouble(distances::get))
                        .toList();
        int size = Math.max(1, (int) (0.3 * all.size()));
        double[][] local = NaiveRhythm.mean(order.subList(0, size).stream().map(all::get).toList());
        double[][] global =
                NaiveRhythm.mean(
                        order.subList(all.size() - size, all.size()).stream()
                                .map(all::get)
                                .toList());
        for (int t = 0; t < n; t++) {
            RhythmToken token = rhythm.tokens().get(t);
            assertThat(token.fai())
                    .isCloseTo(NaiveRhythm.fai(global, t, from, lo, hi), within(CLOSE));
            if (t < from) {
                assertThat(token.waad()).isNaN();
            } else {
                assertThat(token.waad())
                        .isCloseTo(NaiveRhythm.waad(local, t, 10), within(10 * CLOSE));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"130, 0, 7, 4", "130, 33, 5, 4", "1000, 40, 13, 4", "90, 0, 8, 1"})
    void receiverHeadsAreThoseOfTheSentenceMatrix(int n, int from, int sentence, int near) {
        Random random = new Random(n);
        List<Token> tokens = RhythmCases.words(n, sentence);
        List<double[][]> maps = new ArrayList<>();
        for (int h = 0; h < 4; h++) {
            maps.add(RhythmCases.random(n, random));
        }
        Rhythm rhythm =
                measure(
                        RhythmCases.capture(tokens, List.of(RhythmCases.site(0, tokens, maps))),
                        from,
                        RhythmSettings.defaults().withReceivers(new ReceiverRule(1, near)));
        Sentences sentences = Sentences.of(tokens, from);
        assertThat(rhythm.sentences()).isEqualTo(sentences.count());
        int best = 0;
        double[] naive = new double[4];
        for (int h = 0; h < 4; h++) {
            naive[h] = NaiveRhythm.kurtosis(maps.get(h), sentences, near);
            assertThat(rhythm.heads().get(h).kurtosis()).isCloseTo(naive[h], within(1e-3));
            best = naive[h] > naive[best] ? h : best;
        }
        assertThat(rhythm.receivers()).extracting(RhythmHead::name).containsExactly("L0H" + best);
        double[][] receiver = maps.get(best);
        for (RhythmToken token : rhythm.tokens()) {
            assertThat(token.receiverFai())
                    .isCloseTo(
                            NaiveRhythm.fai(receiver, token.position(), from, 10, 50),
                            within(CLOSE));
        }
    }

    @Test
    void aSinkHeadIsFarWithTheFirstKeyAndNearWithoutIt() {
        int n = 100;
        double[][] sink = new double[n][n];
        double[][] middling = new double[n][n];
        for (int t = 0; t < n; t++) {
            sink[t][0] += 0.9;
            sink[t][t] += 0.1;
            middling[t][t / 2] = 1;
        }
        List<Token> tokens = RhythmCases.words(n, 9);
        Capture capture =
                RhythmCases.capture(
                        tokens, List.of(RhythmCases.site(0, tokens, List.of(sink, middling))));
        Rhythm with = measure(capture, 10, RhythmSettings.defaults());
        Rhythm without =
                measure(
                        capture,
                        10,
                        RhythmSettings.defaults()
                                .withHeads(new HeadRule(0.3, HeadRule.Layers.ALL, true)));
        assertThat(with.global()).extracting(RhythmHead::name).containsExactly("L0H0");
        assertThat(without.global()).extracting(RhythmHead::name).containsExactly("L0H1");
        for (int h = 0; h < 2; h++) {
            double[][] map = h == 0 ? sink : middling;
            assertThat(without.heads().get(h).distance())
                    .isCloseTo(NaiveRhythm.distanceWithoutFirst(map, 10), within(1e-4));
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "4, 1-2", "6, 2-3-4", "12, 4-5-6-7-8", "36, 12-15-18-21-24"})
    void theMiddleIsFiveLayersBetweenOneAndTwoThirds(int layers, String expected) {
        List<Token> tokens = RhythmCases.words(4, 2);
        double[][] map = RhythmCases.random(4, new Random(1));
        List<SiteCapture> sites =
                IntStream.range(0, layers)
                        .mapToObj(
                                layer -> RhythmCases.site(layer, tokens, List.<double[][]>of(map)))
                        .toList();
        Rhythm rhythm =
                measure(
                        RhythmCases.capture(tokens, sites),
                        0,
                        RhythmSettings.defaults()
                                .withHeads(new HeadRule(0.3, HeadRule.Layers.MIDDLE, false)));
        String found =
                String.join(
                        "-", rhythm.heads().stream().map(h -> String.valueOf(h.layer())).toList());
        assertThat(found).isEqualTo(expected);
    }

    @Test
    void equalHeadsAreTakenFromTheFrontAndSetsHaveFloorOfTheShare() {
        List<Token> tokens = RhythmCases.words(5, 2);
        double[][] map = RhythmCases.random(5, new Random(1));
        List<double[][]> ten = IntStream.range(0, 10).mapToObj(i -> map).toList();
        Rhythm rhythm =
                measure(
                        RhythmCases.capture(tokens, List.of(RhythmCases.site(0, tokens, ten))),
                        0,
                        RhythmSettings.defaults());
        assertThat(rhythm.local())
                .extracting(RhythmHead::name)
                .containsExactly("L0H0", "L0H1", "L0H2");
        assertThat(rhythm.global())
                .extracting(RhythmHead::name)
                .containsExactly("L0H0", "L0H1", "L0H2");
    }

    @Test
    void aResponseShorterThanTheHorizonSaysSoAndHasNoFai() {
        Rhythm rhythm =
                measure(RhythmCases.random(12, new Random(3)), 2, RhythmSettings.defaults());
        assertThat(rhythm.response()).allSatisfy(t -> assertThat(t.fai()).isNaN());
        assertThat(rhythm.response()).noneMatch(t -> t.marks().anchor());
        assertThat(rhythm.notes().getFirst())
                .isEqualTo(
                        "The response has 10 tokens and the horizon 10:50 begins after 10, so no"
                                + " token of it has an FAI; take a longer response or a nearer"
                                + " horizon.");
        assertThat(rhythm.tokens().get(0).fai()).isNotNaN();
    }

    @Test
    void aTextOfOneTokenLooksBackNowhere() {
        Rhythm rhythm = measure(new double[][] {{1}}, 0, RhythmSettings.defaults());
        assertThat(rhythm.tokens()).hasSize(1);
        assertThat(rhythm.tokens().getFirst().waad()).isZero();
        assertThat(rhythm.tokens().getFirst().fai()).isNaN();
        assertThat(rhythm.notes()).first().asString().startsWith("The response has 1 token and");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void anEncoderIsRefusedInOneSentence(int length) {
        List<Token> tokens = RhythmCases.words(length, 2);
        double[][] map = new double[length][length];
        SiteCapture site =
                new SiteCapture(
                        0,
                        SiteKind.SELF,
                        "site",
                        List.of(RhythmCases.head(map, AttentionMask.full(length))),
                        1,
                        0,
                        tokens,
                        tokens);
        Capture capture = RhythmCases.capture(tokens, List.of(site));
        assertThatThrownBy(() -> measure(capture, 0, RhythmSettings.defaults()))
                .isInstanceOf(BadInputException.class)
                .hasMessage(
                        "maps has no causal self-attention, and without it no token has a future;"
                                + " preplan and anchor needs a decoder.");
    }

    @ParameterizedTest
    @CsvSource({"-1", "4", "5"})
    void aResponseOutsideTheTextIsRefused(int from) {
        double[][] map = RhythmCases.random(4, new Random(3));
        assertThatThrownBy(() -> measure(map, from, RhythmSettings.defaults()))
                .isInstanceOf(BadInputException.class)
                .hasMessage(
                        "The response is to begin at token "
                                + from
                                + ", but the text has tokens 0 to 3; name one of them as the first"
                                + " of the response.");
    }
}
