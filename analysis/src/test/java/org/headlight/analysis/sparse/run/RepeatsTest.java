package org.headlight.analysis.sparse.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How often a run is made for its times. */
class RepeatsTest {
    private static final Repeats REPEATS = new Repeats(1000, 100);

    @Test
    void aColdFirstRunIsMadeAgainHoweverLongTheOthersMayTake() {
        assertThat(REPEATS.again(1, 999, 0)).isTrue();
        assertThat(REPEATS.again(2, 999, 99)).isTrue();
    }

    @Test
    void aRunThatIsLongInAnyCaseIsMadeOnce() {
        assertThat(REPEATS.again(1, 1000, 0)).isFalse();
    }

    @Test
    void shortRunsEndAtTheTimeOrAtTheEighth() {
        assertThat(REPEATS.again(2, 50, 100)).isFalse();
        assertThat(REPEATS.again(7, 1, 6)).isTrue();
        assertThat(REPEATS.again(8, 1, 7)).isFalse();
    }
}
