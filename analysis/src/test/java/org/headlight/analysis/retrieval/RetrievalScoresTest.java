package org.headlight.analysis.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.headlight.engine.cut.HeadAddress;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class RetrievalScoresTest {
    private static final List<HeadAddress> HEADS = heads(2, 3);

    private static List<HeadAddress> heads(int layers, int heads) {
        List<HeadAddress> all = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            for (int head = 0; head < heads; head++) {
                all.add(HeadAddress.self(layer, head));
            }
        }
        return all;
    }

    private static HeadCopies copies(int layer, int head, int... ids) {
        List<Copy> copies = new ArrayList<>();
        for (int id : ids) {
            copies.add(new Copy(copies.size(), id, id, 0.5));
        }
        return new HeadCopies(HeadAddress.self(layer, head), copies);
    }

    /** A trial with a needle of five tokens, four of them different. */
    private static Trial trial(double recall, HeadCopies... copies) {
        return new Trial(
                "n",
                100,
                50,
                100,
                10,
                15,
                4,
                List.of(1),
                "",
                "newline",
                recall,
                HEADS,
                List.of(copies));
    }

    private static HeadScore of(RetrievalScores scores, int layer, int head) {
        return scores.heads().stream()
                .filter(s -> s.head().equals(HeadAddress.self(layer, head)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void scoresAreMeansOverTheTrialsThatSucceeded() {
        RetrievalScores scores =
                RetrievalScores.of(
                        List.of(
                                trial(1, copies(0, 1, 7, 8, 7), copies(1, 2, 9)),
                                trial(0.51, copies(0, 1, 7, 8, 9, 10, 10)),
                                // exactly one half is no success, and what it copied is no matter
                                trial(0.5, copies(1, 0, 7, 8, 9, 10))),
                        0.5);
        assertThat(scores.trials()).isEqualTo(3);
        assertThat(scores.succeeded()).isEqualTo(2);
        // sets {7, 8} and {7, 8, 9, 10} of 4; counts 3 and 5 of 5
        assertThat(of(scores, 0, 1).set()).isCloseTo((0.5 + 1) / 2, within(1e-12));
        assertThat(of(scores, 0, 1).count()).isCloseTo((0.6 + 1) / 2, within(1e-12));
        assertThat(of(scores, 0, 1).activation()).isEqualTo(1);
        assertThat(of(scores, 0, 1).copied()).isEqualTo(8);
        assertThat(of(scores, 1, 2).set()).isCloseTo(0.125, within(1e-12));
        assertThat(of(scores, 1, 2).activation()).isEqualTo(0.5);
        assertThat(of(scores, 1, 0)).isEqualTo(new HeadScore(HeadAddress.self(1, 0), 0, 0, 0, 0));
        assertThat(scores.heads())
                .extracting(HeadScore::name)
                .containsExactly("L0H0", "L0H1", "L0H2", "L1H0", "L1H1", "L1H2");
        assertThat(scores.ranked(ScoreKind.SET))
                .extracting(HeadScore::name)
                .startsWith("L0H1", "L1H2", "L0H0");
        assertThat(scores.above(ScoreKind.SET, 0.1)).isEqualTo(2);
    }

    @Test
    void withoutASuccessfulTrialThereAreNoScores() {
        RetrievalScores scores = RetrievalScores.of(List.of(trial(0.2, copies(0, 1, 7))), 0.5);
        assertThat(scores.succeeded()).isZero();
        assertThat(of(scores, 0, 1).set()).isNaN();
        assertThat(of(scores, 0, 1).activation()).isNaN();
        assertThatThrownBy(() -> HeadMask.top(scores, ScoreKind.SET, 1))
                .hasMessage(
                        "None of the 1 trials succeeded, so no head has a score to choose heads by;"
                                + " take shorter lengths, other needles, or a model that answers"
                                + " them.");
    }

    private static RetrievalScores scores() {
        // layer 0: H1 and H2 best; layer 1: H0 next
        return RetrievalScores.of(
                List.of(
                        trial(
                                1,
                                copies(0, 1, 7, 8, 9, 10),
                                copies(0, 2, 7, 8, 9),
                                copies(1, 0, 7, 8),
                                copies(1, 1, 7))),
                0.5);
    }

    @Test
    void randomHeadsAreOfTheSameLayersAndNeverTheTopOnes() {
        List<HeadAddress> top = HeadMask.top(scores(), ScoreKind.SET, 1).heads();
        assertThat(top).containsExactly(HeadAddress.self(0, 1));
        for (long seed = 0; seed < 20; seed++) {
            HeadMask random = HeadMask.random(scores(), ScoreKind.SET, 1, seed);
            assertThat(random.elsewhere()).isZero();
            assertThat(random.heads()).hasSize(1);
            assertThat(random.heads().getFirst().layer()).isZero();
            assertThat(random.heads()).doesNotContainAnyElementsOf(top);
        }
    }

    @Test
    void theSameSeedDrawsTheSameHeadsAndSeedsDiffer() {
        List<List<HeadAddress>> drawn = new ArrayList<>();
        for (long seed = 0; seed < 20; seed++) {
            List<HeadAddress> heads = HeadMask.random(scores(), ScoreKind.SET, 1, seed).heads();
            assertThat(HeadMask.random(scores(), ScoreKind.SET, 1, seed).heads()).isEqualTo(heads);
            drawn.add(heads);
        }
        assertThat(drawn.stream().distinct().count()).isEqualTo(2);
    }

    @Test
    void whereALayerHasTooFewOthersTheRestComesFromElsewhereAndIsCounted() {
        // the top three take two heads of layer 0, which has one other, and one of layer 1
        HeadMask random = HeadMask.random(scores(), ScoreKind.SET, 3, 5);
        assertThat(random.elsewhere()).isEqualTo(1);
        assertThat(random.heads())
                .containsExactlyInAnyOrder(
                        HeadAddress.self(0, 0), HeadAddress.self(1, 1), HeadAddress.self(1, 2));
    }

    @Test
    void moreThanHalfOfTheHeadsHaveNoOthersToBeComparedWith() {
        assertThatThrownBy(() -> HeadMask.random(scores(), ScoreKind.SET, 4, 0))
                .hasMessage(
                        "The model has 6 heads, so there are no 4 others beside the top 4; mask at"
                                + " most 3.");
        assertThatThrownBy(() -> HeadMask.top(scores(), ScoreKind.SET, 7))
                .hasMessage("There are 6 heads; 7 cannot be masked: expected 1 to 6.");
    }

    @Test
    void theGridHasTheMeanRecallOfEachCell() {
        Needle one = new Needle("a", "x y", "q", "x", Needle.DEFAULT_PROMPT);
        RetrievalPlan plan =
                new RetrievalPlan(
                        List.of(one),
                        new Haystack("h", "h"),
                        List.of(200, 100),
                        List.of(0.0, 50.0),
                        TrialSettings.DEFAULT);
        NeedleGrid grid = NeedleGrid.of(plan, List.of(trial(1), trial(0.25), trial(0.5)));
        assertThat(grid.lengths()).containsExactly(100, 200);
        assertThat(grid.cell(0, 1).recall()).isCloseTo(1.75 / 3, within(1e-12));
        assertThat(grid.cell(0, 1).trials()).isEqualTo(3);
        assertThat(grid.cell(0, 1).succeeded()).isEqualTo(1);
        assertThat(grid.cell(0, 0).recall()).isNaN();
        assertThat(grid.cell(1, 1).recall()).isNaN();
        assertThat(grid.recall()).isCloseTo(1.75 / 3, within(1e-12));
        assertThat(grid.trials()).isEqualTo(3);
    }
}
