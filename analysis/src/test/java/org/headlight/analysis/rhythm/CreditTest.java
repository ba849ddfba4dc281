package org.headlight.analysis.rhythm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.headlight.engine.matrix.ArrayMatrix;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.token.Token;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.List;

class CreditTest {
    private static final double NONE = Double.NaN;

    /*
     * token   0    1    2    3    4    5    6    7    8    9
     * WAAD    5    1    1    6    2    2    2    7    3    3
     * step    4    0    5    4    0    0    5    4    0    0
     * FAI    .1   .9   .2   .1   .8   .1   .7   .1   .6   -
     */
    private static final double[] WAAD = {5, 1, 1, 6, 2, 2, 2, 7, 3, 3};
    private static final double[] FAI = {.1, .9, .2, .1, .8, .1, .7, .1, .6, NONE};

    private static List<Integer> indices(boolean[] set) {
        List<Integer> found = new ArrayList<>();
        for (int i = 0; i < set.length; i++) {
            if (set[i]) {
                found.add(i);
            }
        }
        return found;
    }

    @Test
    void preplanTokensHaveTheLargestStepsAndAnchorsTheLargestInfluence() {
        Credit credit = new Credit(WAAD, FAI, CreditRule.defaults());
        assertThat(credit.step).containsExactly(4, 0, 5, 4, 0, 0, 5, 4, 0, 0);
        // floor(0.4 x 10) = 4: two fives, then the first two of three fours.
        assertThat(indices(credit.preplan)).containsExactly(0, 2, 3, 6);
        // Nine values: floor(3.6) = 3.
        assertThat(indices(credit.anchor)).containsExactly(1, 4, 6);
    }

    @Test
    void anAnchorIsPreparedByTheLargestStepOfTheTokensBeforeIt() {
        Credit credit = new Credit(WAAD, FAI, CreditRule.defaults());
        assertThat(credit.tauWaad).isEqualTo(2.5);
        assertThat(credit.tauStep).isEqualTo(2);
        // Anchor 1 (WAAD 1) by token 0; anchor 4 (WAAD 2) by 2 among 1, 2, 3; anchor 6 (WAAD 2)
        // by 3 among 3, 4, 5.
        assertThat(indices(credit.prepared)).containsExactly(1, 4, 6);
        assertThat(indices(credit.introduces)).containsExactly(0, 2, 3);
        Credit near = new Credit(WAAD, FAI, CreditRule.defaults().withLookBack(1));
        // With one token before: 0 prepares 1, 3 prepares 4, and 5 has no step for 6.
        assertThat(indices(near.prepared)).containsExactly(1, 4);
        assertThat(indices(near.introduces)).containsExactly(0, 3);
    }

    @Test
    void anAnchorAboveTheMedianOfWaadIsNotPrepared() {
        double[] fai = FAI.clone();
        fai[3] = 2;
        Credit credit = new Credit(WAAD, fai, CreditRule.defaults());
        assertThat(indices(credit.anchor)).containsExactly(1, 3, 4);
        assertThat(indices(credit.prepared)).containsExactly(1, 4);
    }

    @Test
    void weightsOfTheThreeStrategiesAreThoseOfTheFormulas() {
        double[] fai = FAI.clone();
        fai[3] = 2;
        Credit credit = new Credit(WAAD, fai, CreditRule.defaults().withAlpha(0.25));
        // Anchors 1, 3, 4; prepared 1 (by 0) and 4 (by 2).
        assertThat(credit.weights(0)).isEqualTo(new RhythmToken.Weights(1.5, 1, 1.125));
        assertThat(credit.weights(1)).isEqualTo(new RhythmToken.Weights(1, 1.5, 1.375));
        assertThat(credit.weights(2)).isEqualTo(new RhythmToken.Weights(1.5, 1, 1.125));
        assertThat(credit.weights(3)).isEqualTo(new RhythmToken.Weights(1.5, 1.5, 1.5));
        assertThat(credit.weights(9)).isEqualTo(new RhythmToken.Weights(1, 1, 1));
    }

    @Test
    void anAnchorThatIntroducesGetsBothOrTheIntroductionAlone() {
        double[] waad = {5, 1, 9, 2, 2, 2};
        double[] fai = {0, .9, .8, 0, .7, 0};
        // Steps 4, 8, 7, 0, 0, 0. Half of six: anchors 1, 2, 4. tauWaad 2, tauStep 2.
        CreditRule rule = CreditRule.defaults().withTopShare(0.5).withLookBack(3);
        Credit add = new Credit(waad, fai, rule);
        assertThat(indices(add.anchor)).containsExactly(1, 2, 4);
        assertThat(indices(add.prepared)).containsExactly(1, 4);
        assertThat(indices(add.introduces)).containsExactly(0, 1);
        // Token 1 is a prepared anchor (half) and introduces 4 (the other half).
        assertThat(add.weights(1).coupled()).isEqualTo(1.5);
        Credit over = new Credit(waad, fai, rule.withOverlap(CreditRule.Overlap.OVERWRITE));
        assertThat(over.weights(1).coupled()).isEqualTo(1.25);
        assertThat(over.weights(0).coupled()).isEqualTo(1.25);
        assertThat(over.weights(2).coupled()).isEqualTo(1.5);
    }

    @Test
    void peaksAreStrictMaximaAboveTheMedianAndNeverBesideAGap() {
        double[] values = {9, 1, 3, 2, 2, 8, 8, 1, 7, NONE, 9, 1, 2, 1, 5};
        // Median of 14 values: 2.5. 3 is above it; 2 at index 12 is not; 7 has a gap beside it.
        assertThat(PeakRule.defaults().find(values)).containsExactly(2);
        assertThat(new PeakRule(PeakRule.Kind.LOCAL_MAXIMA, 0).find(values)).containsExactly(2, 12);
        assertThat(new PeakRule(PeakRule.Kind.TOP, 0.25).find(values)).containsExactly(0, 5, 10);
    }

    @Test
    void theSawtoothFallsFromPeakToTroughAndRisesToTheNext() {
        double[] waad = {0, 9, 6, 3, 1, 8, 4, 2, 3, 7, 0};
        Sawtooth teeth = Sawtooth.of(waad, List.of(1, 5, 9));
        assertThat(teeth).isEqualTo(new Sawtooth(2, 4, 2.5, 1.5));
        assertThat(Sawtooth.of(waad, List.of(1)).period()).isNaN();
    }

    @Test
    void peaksOfFaiRightAfterPeaksOfWaadAreCoupled() {
        int n = 60;
        double[] fai = new double[n];
        double[] entropy = new double[n];
        List<Integer> waadPeaks = new ArrayList<>();
        List<Integer> faiPeaks = new ArrayList<>();
        for (int i = 5; i < n - 1; i += 10) {
            waadPeaks.add(i);
            faiPeaks.add(i + 1);
            entropy[i] = 3;
        }
        Coupling coupling =
                Coupling.of(fai, entropy, waadPeaks, faiPeaks, faiPeaks, new ShuffleRule(500, 7));
        assertThat(coupling.faiPeaksAfterWaadPeaks().observed()).isEqualTo(1);
        // Twelve of sixty tokens are on a peak of WAAD or right after one.
        assertThat(coupling.faiPeaksAfterWaadPeaks().random()).isCloseTo(0.2, within(0.03));
        assertThat(coupling.faiPeaksAfterWaadPeaks().p()).isCloseTo(1.0 / 501, within(1e-12));
        assertThat(coupling.entropyAtWaadPeaks().observed()).isEqualTo(3);
        assertThat(coupling.entropyAtWaadPeaks().random()).isCloseTo(0.3, within(1e-12));
        assertThat(coupling.entropyAtWaadPeaks().lift()).isCloseTo(9, within(1e-9));
        assertThat(coupling.receiverPeaksGlobal().observed()).isEqualTo(1);
        assertThat(coupling.receiverPeaksGlobal().random()).isCloseTo(0.1, within(1e-12));
        assertThat(
                        Coupling.of(
                                fai,
                                entropy,
                                waadPeaks,
                                faiPeaks,
                                faiPeaks,
                                new ShuffleRule(500, 7)))
                .isEqualTo(coupling);
    }

    @Test
    void unrelatedPeaksLieInsideTheBandOfTheShuffles() {
        double[] fai = new double[100];
        List<Integer> waadPeaks = List.of(3, 17, 20, 41, 66, 80, 97);
        List<Integer> faiPeaks = List.of(4, 10, 30, 50, 60, 70, 90, 95);
        CouplingStatistic statistic =
                Coupling.of(
                                fai,
                                new double[100],
                                waadPeaks,
                                faiPeaks,
                                List.of(),
                                ShuffleRule.defaults())
                        .faiPeaksAfterWaadPeaks();
        assertThat(statistic.observed()).isEqualTo(1 / 8.0);
        assertThat(statistic.observed()).isBetween(statistic.low(), statistic.high());
        assertThat(statistic.p()).isBetween(0.5, 0.9);
    }

    @Test
    void entropyOfATokenIsThatOfTheRowBeforeIt() {
        float[] logits = {0, 0, 0, 0, 100, 0, 0, 0, 1, 2, 3, 4};
        double[] entropy = TokenEntropy.of(new ArrayMatrix(logits, 3, 4));
        assertThat(entropy[0]).isNaN();
        assertThat(entropy[1]).isCloseTo(Math.log(4), within(1e-12));
        assertThat(entropy[2]).isCloseTo(0, within(1e-9));
    }

    @ParameterizedTest
    @CsvSource({
        "It/_was/_he/./_She/_left/., 0-4",
        "He/_paid/_3/./14/./_Then, 0-6",
        "He/_said/_'/no/./'/_We, 0-6",
        "Why/?~/So/!/)/_End, 0-2-5",
        "One/~/~/two, 0-3",
        "One/_two/_three, 0",
        "One, 0"
    })
    void sentencesEndWhereAStopMeetsASpaceOrALineEnds(String text, String starts) {
        List<Token> tokens = new ArrayList<>();
        for (String token : text.split("/", -1)) {
            String real = token.replace('_', ' ').replace('~', '\n').replace('\'', '"');
            tokens.add(new Token(tokens.size(), 1, real, false));
        }
        Sentences sentences = Sentences.of(tokens, 0);
        List<String> found = new ArrayList<>();
        for (int i = 0; i < sentences.count(); i++) {
            found.add(String.valueOf(sentences.start(i)));
            assertThat(sentences.at(sentences.start(i))).isEqualTo(i);
            assertThat(sentences.at(sentences.end(i) - 1)).isEqualTo(i);
        }
        assertThat(String.join("-", found)).isEqualTo(starts);
        assertThat(sentences.at(tokens.size())).isEqualTo(-1);
        assertThat(Sentences.of(tokens, tokens.size()).count()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"10:50, 10, 50", "0:end, 0, 2147483647", " 1 : 3, 1, 3", "5:5, 5, 5"})
    void aHorizonIsReadAsPeopleWriteIt(String text, int lo, int hi) {
        assertThat(Horizon.parse(text)).isEqualTo(new Horizon(lo, hi));
    }

    @ParameterizedTest
    @CsvSource({"50", "a:b", "1:2:3", "1:"})
    void whatIsNoHorizonIsRefused(String text) {
        assertThatThrownBy(() -> Horizon.parse(text))
                .isInstanceOf(BadInputException.class)
                .hasMessage(
                        "\""
                                + text
                                + "\" is no horizon; expected two distances in tokens, the nearer"
                                + " one first, such as 10:50 or 0:end.");
    }

    @Test
    void aHorizonThatEndsBeforeItBeginsIsRefused() {
        assertThatThrownBy(() -> Horizon.parse("50:10"))
                .hasMessage(
                        "The horizon is 50:10; expected two distances in tokens, the nearer one"
                                + " first, such as 10:50 or 0:end.");
    }

    @Test
    void settingsOutsideTheirRangeAreRefused() {
        assertThatThrownBy(() -> RhythmSettings.defaults().withWindow(0))
                .hasMessage("The window W is 0; expected a whole number of tokens from 1.");
        assertThatThrownBy(() -> CreditRule.defaults().withTopShare(0))
                .hasMessage(
                        "The share of tokens q is 0.0; expected a share above 0 and at most 1.");
        assertThatThrownBy(() -> CreditRule.defaults().withLookBack(0))
                .hasMessage(
                        "The number of tokens that may prepare an anchor is 0; expected a whole"
                                + " number from 1, such as 3.");
    }
}
