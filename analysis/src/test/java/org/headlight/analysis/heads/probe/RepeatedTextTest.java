package org.headlight.analysis.heads.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.headlight.analysis.heads.TestMaps;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.sweep.Sweep;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

class RepeatedTextTest {
    private static final RepeatedText.Vocabulary ALL = new RepeatedText.Vocabulary(100, 1000);

    @Test
    void aTextThatComesTwiceIsTheSameAgain() {
        RepeatedText text = RepeatedText.twice(50, ALL, 7);
        int[] ids = text.ids();
        assertThat(ids).hasSize(100);
        for (int i = 0; i < 50; i++) {
            assertThat(ids[50 + i]).isEqualTo(ids[i]);
            assertThat(text.source(i)).isEqualTo(-1);
            assertThat(text.source(50 + i)).isEqualTo(i);
        }
        assertThat(Arrays.stream(ids).distinct())
                .hasSize(50)
                .allMatch(id -> id >= 100 && id < 1000);
        assertThat(RepeatedText.twice(50, ALL, 7).ids()).isEqualTo(ids);
        assertThat(RepeatedText.twice(50, ALL, 8).ids()).isNotEqualTo(ids);
    }

    @Test
    void everyPieceOfAVariedTextComesAgainAfterAnotherGap() {
        RepeatedText text = RepeatedText.varied(6, 8, 60, ALL, 3);
        int[] ids = text.ids();
        Set<Integer> gaps = new HashSet<>();
        Set<Integer> fresh = new HashSet<>();
        int repeats = 0;
        for (int q = 0; q < ids.length; q++) {
            int source = text.source(q);
            if (source >= 0) {
                repeats++;
                assertThat(ids[q]).isEqualTo(ids[source]);
                gaps.add(q - source - 8);
            } else {
                assertThat(fresh.add(ids[q])).as("token %d is new", q).isTrue();
            }
        }
        assertThat(repeats).isEqualTo(6 * 8);
        assertThat(gaps).hasSize(6).allMatch(gap -> gap >= 0 && gap <= 60);
    }

    @Test
    void aHeadThatLooksSoFarBackPassesTheFixedProbeAndFailsTheVariedOne() {
        RepeatedText fixed = RepeatedText.twice(20, ALL, 1);
        RepeatedText varied = RepeatedText.varied(8, 10, 40, ALL, 1);
        assertThat(scores(fixed, 19).induction()).isCloseTo(1, within(1e-6));
        assertThat(scores(varied, 19).induction()).isLessThan(0.2);
        assertThat(scores(fixed, 20).duplicate()).isCloseTo(1, within(1e-6));
        assertThat(scores(fixed, 1).previous()).isCloseTo(1, within(1e-6));
    }

    /** The scores of a head that looks so far back, at key 0 where there is nothing. */
    private static ProbeScores.Scores scores(RepeatedText text, int back) {
        double[][] p = new double[text.size()][text.size()];
        for (int q = 0; q < p.length; q++) {
            p[q][Math.max(0, q - back)] = 1;
        }
        HeadAttention head = TestMaps.dumped(p);
        ProbeScores scores = new ProbeScores(text);
        Sweep.run(head, List.of(scores), SweepOptions.standard(), Progress.NONE);
        return scores.scores();
    }

    @Test
    void aVocabularyOfOneIsRefused() {
        assertThatThrownBy(() -> new RepeatedText.Vocabulary(5, 6))
                .isInstanceOf(BadInputException.class)
                .hasMessage(
                        "A probe of random tokens needs two tokens at least and there are ids from"
                                + " 5 to 5; widen the range.");
    }
}
