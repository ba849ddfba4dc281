package org.headlight.analysis.heads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;

import org.assertj.core.data.Offset;
import org.headlight.analysis.heads.Detector.Measure;
import org.headlight.analysis.heads.Detector.Options;
import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.ProbabilityHead;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.sweep.Sweep;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BiPredicate;
import java.util.stream.IntStream;

class HeadStudyTest {
    private static final int[] TOKENS = {9, 5, 6, 7, 5, 6, 6};

    private static HeadStudy study(HeadAttention head, int... ids) {
        List<Token> text = TestMaps.tokens(ids);
        SiteCapture site =
                new SiteCapture(0, SiteKind.SELF, "softmax", List.of(head), 1, 1, text, text);
        SweepOptions options = SweepOptions.standard();
        HeadStudy study = new HeadStudy(site, 0, 0, HeadStudy.index(site), null, options.kernels());
        Sweep.run(head, study.consumers(), options, Progress.NONE);
        return study;
    }

    /** The softmax of the reference logits. */
    private static double[][] reference(JsonObject vectors) {
        double[][] map = new double[7][7];
        double[][] logits = TestMaps.rows(vectors.getAsJsonArray("matrix7_logits_rows_causal"));
        for (int q = 0; q < 7; q++) {
            double sum = Arrays.stream(logits[q]).map(Math::exp).sum();
            for (int k = 0; k < logits[q].length; k++) {
                map[q][k] = Math.exp(logits[q][k]) / sum;
            }
        }
        return map;
    }

    @Test
    void theDetectorHasTheReferenceScoresForEveryMeasureAndExclusion() {
        JsonObject vectors = TestMaps.vectors();
        HeadStudy study = study(TestMaps.dumped(reference(vectors)), TOKENS);
        DetectorScores scores = study.portrait(0.3).detectors().orElseThrow();
        JsonObject all =
                vectors.getAsJsonObject("head_detector")
                        .getAsJsonObject("scores_mul_abs_on_matrix7");
        for (Detector detector : Detector.values()) {
            JsonObject truth = all.getAsJsonObject(detector.name().toLowerCase(Locale.ROOT));
            for (String name : List.of("none", "excl_current", "excl_bos", "both")) {
                boolean first = name.equals("excl_bos") || name.equals("both");
                boolean current = name.equals("excl_current") || name.equals("both");
                double[] pair = TestMaps.doubles(truth.getAsJsonArray(name));
                assertThat(scores.score(detector, new Options(Measure.MUL, first, current)))
                        .as("mul %s %s", detector, name)
                        .isCloseTo(pair[0], within(1e-5));
                assertThat(scores.score(detector, new Options(Measure.ABS, first, current)))
                        .as("abs %s %s", detector, name)
                        .isCloseTo(pair[1], within(1e-9));
            }
        }
    }

    @Test
    void theParticipationIsThatOfTheReferenceRows() {
        JsonObject vectors = TestMaps.vectors();
        HeadPortrait portrait = study(TestMaps.dumped(reference(vectors)), TOKENS).portrait(0.3);
        double[] truth =
                TestMaps.doubles(
                        vectors.getAsJsonObject("row_metrics_on_matrix7")
                                .getAsJsonArray("participation_1_over_sum_sq"));
        assertThat(portrait.participation())
                .isCloseTo(Arrays.stream(truth).average().orElseThrow(), within(1e-5));
    }

    @ParameterizedTest
    @CsvSource({
        "1, true",
        "2, true",
        "63, true",
        "64, true",
        "65, false",
        "300, true",
        "1000, true"
    })
    void everySumIsItsFormula(int n, boolean causal) {
        QkHead head = TestMaps.random(n, causal, n);
        double[][] a = TestMaps.map(head);
        int[] ids = TestMaps.anyIds(n);
        HeadStudy study = study(head, ids);
        MapSums sums = study.sums();
        for (int d = -n; d <= n; d += n > 100 ? 7 : 1) {
            double truth = 0;
            for (int q = Math.max(0, d); q < Math.min(n, n + d); q++) {
                truth += a[q][q - d];
            }
            assertThat(sums.diagonal(d)).as("diagonal %d", d).isCloseTo(truth, close(truth));
        }
        for (int k = 0; k < n; k++) {
            double truth = 0;
            for (int q = 0; q < n; q++) {
                truth += a[q][k];
            }
            assertThat(sums.column(k)).as("column %d", k).isCloseTo(truth, close(truth));
        }
        everyNumber(study.portrait(0.3), a, ids);
    }

    private static void everyNumber(HeadPortrait portrait, double[][] a, int[] ids) {
        int n = a.length;
        double participation = 0;
        double support = 0;
        double evenness = 0;
        int spread = 0;
        for (double[] row : a) {
            double squares = 0;
            double entropy = 0;
            int seen = 0;
            for (double p : row) {
                squares += p * p;
                entropy -= p > 0 ? p * Math.log(p) : 0;
                seen += p > 0 ? 1 : 0;
            }
            participation += 1 / squares;
            support += Math.exp(entropy);
            spread += seen > 1 ? 1 : 0;
            evenness += seen > 1 ? entropy / Math.log(seen) : 0;
        }
        assertThat(portrait.participation()).isCloseTo(participation / n, close(participation / n));
        assertThat(portrait.support()).isCloseTo(support / n, close(support / n));
        near(portrait.evenness(), spread > 0 ? evenness / spread : Double.NaN);
        repeats(portrait.shares().orElseThrow(), a, ids);
        wholeRows(portrait, a);
        near(portrait.kurtosis(), kurtosis(a));
    }

    /** The least number of keys that hold 0.9, and the share of cells below 0.001. */
    private static void wholeRows(HeadPortrait portrait, double[][] a) {
        int n = a.length;
        int kept = Math.min(64, n);
        double top = 0;
        double below = 0;
        for (int i = 1; i <= kept; i++) {
            double[] row = a[i * n / kept - 1];
            double[] seen = Arrays.stream(row).filter(p -> p > 0).sorted().toArray();
            double held = 0;
            int count = 0;
            while (held < 0.9) {
                held += seen[seen.length - 1 - count];
                count++;
            }
            top += count;
            below += Arrays.stream(seen).filter(p -> p < 1e-3).count() / (double) seen.length;
        }
        assertThat(portrait.topSupport()).isCloseTo(top / kept, within(1e-9));
        assertThat(portrait.sparsity()).isCloseTo(below / kept, within(1e-9));
    }

    private static double kurtosis(double[][] a) {
        int n = a.length;
        double[] received = new double[n];
        for (double[] row : a) {
            for (int k = 0; k < n; k++) {
                received[k] += row[k];
            }
        }
        double mean = Arrays.stream(received).sum() / n;
        double second = Arrays.stream(received).map(r -> Math.pow(r - mean, 2)).sum() / n;
        double fourth = Arrays.stream(received).map(r -> Math.pow(r - mean, 4)).sum() / n;
        return n == 1 ? Double.NaN : fourth / (second * second) - 3;
    }

    @Test
    void keysThatHoldNineTenthsAreCounted() {
        double[][] map = {
            {1, 0, 0, 0}, {0.95, 0.05, 0, 0}, {0.5, 0.45, 0.05, 0}, {0.4, 0.3, 0.2, 0.1}
        };
        HeadPortrait portrait = study(TestMaps.dumped(map), 1, 2, 3, 4).portrait(0.3);
        assertThat(portrait.topSupport()).isCloseTo((1 + 1 + 2 + 3) / 4.0, within(1e-9));
        assertThat(portrait.sparsity()).isZero();
    }

    private static void repeats(RowShares shares, double[][] a, int[] ids) {
        double same = 0;
        double after = 0;
        int repeated = 0;
        for (int q = 0; q < a.length; q++) {
            boolean repeats = false;
            for (int k = 0; k <= q; k++) {
                boolean copy = k < q && ids[k] == ids[q];
                repeats |= copy;
                same += copy ? a[q][k] : 0;
                after += k >= 1 && ids[k - 1] == ids[q] ? a[q][k] : 0;
            }
            repeated += repeats ? 1 : 0;
        }
        near(shares.duplicate(), repeated > 0 ? same / repeated : Double.NaN);
        near(shares.induction(), repeated > 0 ? after / repeated : Double.NaN);
    }

    private static void near(double found, double truth) {
        if (Double.isNaN(truth)) {
            assertThat(found).isNaN();
        } else {
            assertThat(found).isCloseTo(truth, close(truth));
        }
    }

    private static Offset<Double> close(double truth) {
        return within(2e-5 * (1 + Math.abs(truth)));
    }

    @Test
    void anEvenHeadLooksAtEveryDistanceAsItWouldBeExpectedTo() {
        double[][] even = new double[200][200];
        for (int q = 0; q < 200; q++) {
            Arrays.fill(even[q], 0, q + 1, 1.0 / (q + 1));
        }
        HeadPortrait portrait = study(TestMaps.dumped(even), TestMaps.anyIds(200)).portrait(0.3);
        OffsetProfile profile = portrait.profile().orElseThrow();
        for (int d = 0; d < 200; d++) {
            assertThat(profile.ratio(d)).as("distance %d", d).isCloseTo(1, within(1e-5));
        }
        assertThat(profile.ranges())
                .allSatisfy(r -> assertThat(r.ratio()).isCloseTo(1, within(1e-5)));
        assertThat(profile.ranges().stream().mapToDouble(OffsetProfile.Range::share).sum())
                .isCloseTo(1, within(1e-5));
        assertThat(portrait.kind()).isEqualTo(HeadKind.EVEN);
        assertThat(portrait.evenness()).isCloseTo(1, within(1e-5));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 63, 64, 65, 130})
    void theDistancesOfAnEncodersHeadAreSharesOfAllThatItGives(int n) {
        QkHead head = TestMaps.random(n, false, 11);
        distances(TestMaps.map(head), head, (q, k) -> true);
    }

    @Test
    void keysThatAMaskHidesBetweenOthersAreNoPartOfAnEvenSpread() {
        // Every third key is padding, for all queries alike.
        QkHead like = TestMaps.random(40, false, 5);
        AttentionMask holes = new Holes(40);
        QkHead head = new QkHead(like.q(), like.k(), like.v(), like.scale(), holes);
        double[][] map = TestMaps.map(head);
        for (double[] row : map) {
            double seen = 0;
            for (int k = 0; k < row.length; k++) {
                row[k] = k % 3 == 2 ? 0 : row[k];
                seen += row[k];
            }
            for (int k = 0; k < row.length; k++) {
                row[k] /= seen;
            }
        }
        distances(map, head, (q, k) -> k % 3 != 2);
    }

    /** Holds a profile against plain loops over a map. */
    private static void distances(
            double[][] map, HeadAttention head, BiPredicate<Integer, Integer> sees) {
        int n = map.length;
        HeadPortrait portrait = study(head, TestMaps.anyIds(n)).portrait(0.3);
        OffsetProfile profile = portrait.profile().orElseThrow();
        double[] share = new double[n + 1];
        double[] even = new double[n + 1];
        for (int q = 0; q < n; q++) {
            int row = q;
            long seen = IntStream.range(0, n).filter(k -> sees.test(row, k)).count();
            for (int k = 0; k < n; k++) {
                int at = k > q ? n : q - k;
                share[at] += map[q][k] / n;
                even[at] += sees.test(q, k) ? 1.0 / seen / n : 0;
            }
        }
        double all = 0;
        double allEven = 0;
        for (OffsetProfile.Range range : profile.ranges()) {
            double own = 0;
            double fair = 0;
            for (int d = range.from(); d <= range.to(); d++) {
                own += share[d];
                fair += even[d];
            }
            near(range.share(), own);
            near(range.expected(), fair);
            assertThat(range.ratio()).isCloseTo(own / fair, within(1e-4 * own / fair));
            all += range.share();
            allEven += range.expected();
        }
        near(profile.ahead().share(), share[n]);
        near(profile.ahead().expected(), even[n]);
        assertThat(profile.ahead().seen()).isEqualTo(even[n] > 0);
        assertThat(all + profile.ahead().share()).isCloseTo(1, within(1e-5));
        assertThat(allEven + profile.ahead().expected()).isCloseTo(1, within(1e-9));
    }

    @Test
    void aHeadThatLooksEvenlyBothWaysIsNoNearerThanExpectedAtAnyDistance() {
        double[][] even = new double[100][100];
        for (double[] row : even) {
            Arrays.fill(row, 0.01);
        }
        HeadAttention head = new ProbabilityHead(TestMaps.matrix(even), AttentionMask.full(100));
        OffsetProfile profile =
                study(head, TestMaps.anyIds(100)).portrait(0.3).profile().orElseThrow();
        assertThat(profile.ranges()).allSatisfy(r -> near(r.share(), r.expected()));
        // Of 100 x 100 cells 100 x 99 / 2 lie ahead.
        near(profile.ahead().share(), 0.495);
        near(profile.ahead().expected(), 0.495);
    }

    @Test
    void nothingLiesAheadInADecodersHead() {
        OffsetProfile profile =
                study(TestMaps.random(65, true, 2), TestMaps.anyIds(65))
                        .portrait(0.3)
                        .profile()
                        .orElseThrow();
        assertThat(profile.ahead()).isEqualTo(new OffsetProfile.Ahead(0, 0));
        assertThat(profile.ahead().seen()).isFalse();
    }

    /** All keys but every third. */
    private record Holes(int keys) implements AttentionMask {
        @Override
        public int firstKey(int row) {
            return 0;
        }

        @Override
        public int endKey(int row) {
            return keys;
        }

        @Override
        public boolean unbiased() {
            return false;
        }

        @Override
        public float bias(int row, int col) {
            return col % 3 == 2 ? MASKED : 0;
        }

        @Override
        public boolean causal() {
            return false;
        }
    }

    @Test
    void aKeyWhoseValueIsShortReceivesNothingThatIsWeighedByValues() {
        int n = 130;
        double[][] values = TestMaps.gaussian(n, 5);
        Arrays.fill(values[0], 0);
        QkHead like = TestMaps.random(n, true, 3);
        QkHead head =
                new QkHead(like.q(), like.k(), TestMaps.matrix(values), like.scale(), like.mask());
        double[][] a = TestMaps.map(head);
        double all = 0;
        double third = 0;
        for (int q = 0; q < n; q++) {
            for (int k = 0; k < n; k++) {
                double length = Math.sqrt(Arrays.stream(values[k]).map(v -> v * v).sum());
                all += a[q][k] * length;
                third += k == 3 ? a[q][k] * length : 0;
            }
        }
        HeadStudy study = study(head, TestMaps.anyIds(n));
        ValueWeights weights = ValueWeights.of(head, study.sums()).orElseThrow();
        assertThat(weights.share(0)).isZero();
        assertThat(weights.share(3)).isCloseTo(third / all, within(1e-5));
        assertThat(study.portrait(0.3).valueFirst()).isZero();
        assertThat(ValueWeights.of(TestMaps.dumped(a), study.sums())).isEmpty();
    }
}
