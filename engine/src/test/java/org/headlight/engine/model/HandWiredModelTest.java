package org.headlight.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.generate.Generation;
import org.headlight.engine.generate.GenerationListener;
import org.headlight.engine.generate.GenerationOptions;
import org.headlight.engine.kernel.KernelProvider;
import org.headlight.engine.model.HandWiredModel.Role;
import org.headlight.engine.sweep.HeadReader;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;

class HandWiredModelTest {
    @TempDir static Path folder;
    private static Model model;

    @BeforeAll
    static void open() {
        model = HandWiredModel.open(folder);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static List<Token> tokens(int... ids) {
        return model.tokenizer().orElseThrow().describe(ids);
    }

    private static float[][] map(Capture capture, Role role) {
        HeadAttention head = capture.sites().get(role.layer()).heads().get(role.head());
        int n = head.rows();
        float[] cells = new float[n * n];
        new HeadReader(head, Set.of(), KernelProvider.best())
                .probabilities(0, n, 0, n, cells, 0, n);
        float[][] rows = new float[n][n];
        for (int q = 0; q < n; q++) {
            for (int k = 0; k <= q; k++) {
                rows[q][k] = cells[q * n + k];
            }
        }
        return rows;
    }

    /** Words in any order, each as likely as the others. */
    private static int[] anyWords(int count) {
        return new Random(5).ints(count, 0, HandWiredModel.VOCABULARY).toArray();
    }

    @Test
    void theHeadsThatGoByPositionDoWhatTheyAreNamedAfterInALongText() {
        int[] ids = anyWords(1500);
        try (Capture capture = model.capture(tokens(ids), Progress.NONE)) {
            float[][] previous = map(capture, Role.PREVIOUS);
            float[][] sink = map(capture, Role.SINK);
            float[][] uniform = map(capture, Role.UNIFORM);
            for (int q = 1; q < ids.length; q++) {
                assertThat(previous[q][q - 1]).as("previous, row %d", q).isGreaterThan(0.99f);
                assertThat(sink[q][0]).as("sink, row %d", q).isGreaterThan(0.98f);
                for (int k = 0; k <= q; k += 7) {
                    assertThat(uniform[q][k]).isCloseTo(1f / (q + 1), within(1e-6f));
                }
            }
        }
    }

    @Test
    void theHeadsThatGoByContentDoWhatTheyAreNamedAfterInALongText() {
        int[] ids = anyWords(1500);
        try (Capture capture = model.capture(tokens(ids), Progress.NONE)) {
            float[][] induction = map(capture, Role.INDUCTION);
            float[][] copying = map(capture, Role.COPYING);
            float[][] duplicate = map(capture, Role.DUPLICATE);
            for (int q = 0; q < ids.length; q++) {
                double followed = 0;
                double successor = 0;
                double copy = 0;
                boolean anyFollowed = false;
                boolean anySuccessor = false;
                boolean anyCopy = false;
                for (int k = 0; k <= q; k++) {
                    boolean follows = k > 0 && ids[k - 1] == ids[q];
                    boolean succeeds = ids[k] == ids[q] + 1;
                    boolean copies = k < q && ids[k] == ids[q];
                    anyFollowed |= follows;
                    anySuccessor |= succeeds;
                    anyCopy |= copies;
                    followed += follows ? induction[q][k] : 0;
                    successor += succeeds ? copying[q][k] : 0;
                    copy += copies ? duplicate[q][k] : 0;
                }
                double own = induction[q][q];
                assertThat(anyFollowed ? followed : own).as("induction, %d", q).isGreaterThan(.99);
                own = copying[q][q];
                assertThat(anySuccessor ? successor : own).as("copying, %d", q).isGreaterThan(.99);
                own = duplicate[q][q];
                assertThat(anyCopy ? copy : own).as("duplicate, %d", q).isGreaterThan(.99);
            }
        }
    }

    @Test
    void itReadsANeedleInTheOrderOfTheVocabularyAndThenEnds() {
        int[] haystack = {40, 33, 50, 36, 44, 58, 38, 31};
        int[] needle = {14, 13, 12, 11};
        int[] question = {47, 53, 10};
        int[] prompt = HandWiredModel.joined(haystack, needle, haystack, question);
        try (Generation written =
                model.generate(
                        tokens(prompt),
                        GenerationOptions.greedy(20),
                        GenerationListener.NONE,
                        Progress.NONE)) {
            assertThat(written.ids()).containsExactly(11, 12, 13, 14, HandWiredModel.END);
        }
    }

    @Test
    void itsTokenizerReadsWords() {
        assertThat(model.tokenizer().orElseThrow().encode(HandWiredModel.text(5, 61, 2)))
                .extracting(Token::id)
                .containsExactly(5, 61, 2);
    }
}
