package org.headlight.engine.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.CaptureInfo;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.problem.CancelledException;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.headlight.engine.token.TokenIds;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

class GeneratorTest {
    private static final int VOCABULARY = 10;

    /** Says 1 more than the token before; writes down what it was asked. */
    private static final class Counter implements Decoding {
        private final List<String> asked = new ArrayList<>();
        private int cancelAt = -1;
        private float fill;

        @Override
        public void read(int[] ids, Progress progress) {
            progress.check();
            asked.add("read " + Arrays.toString(ids));
        }

        @Override
        public float[] step(int id, Progress progress) {
            if (id == cancelAt) {
                throw new CancelledException();
            }
            asked.add("step " + id);
            float[] logits = new float[VOCABULARY];
            Arrays.fill(logits, fill);
            logits[(id + 1) % VOCABULARY] += 1;
            return logits;
        }

        @Override
        public Capture end(int id, List<Token> tokens, int responseFrom, Progress progress) {
            asked.add("end " + id + " from " + responseFrom);
            return new Written(tokens, responseFrom);
        }

        @Override
        public void close() {
            asked.add("close");
        }
    }

    /** A capture without attention. */
    private record Written(List<Token> tokens, int responseFrom) implements Capture {
        @Override
        public CaptureInfo info() {
            return new CaptureInfo("", "", "", "", 0);
        }

        @Override
        public List<SiteCapture> sites() {
            return List.of();
        }

        @Override
        public long bytes() {
            return 0;
        }

        @Override
        public void close() {}
    }

    private static List<Token> prompt(int... ids) {
        return new TokenIds("counter.onnx", VOCABULARY).describe(ids);
    }

    private static Generation write(Counter counter, List<Token> prompt, int most, int positions) {
        return new Generator("counter.onnx", null, Set.of(9))
                .generate(
                        counter,
                        prompt,
                        positions,
                        GenerationOptions.greedy(most),
                        GenerationListener.NONE,
                        Progress.NONE);
    }

    @Test
    void readsThePromptStepsAndEndsWithTheLastToken() {
        Counter counter = new Counter();
        Generation done = write(counter, prompt(4, 5, 2), 3, 100);

        assertThat(counter.asked)
                .containsExactly("read [4, 5]", "step 2", "step 3", "step 4", "end 5 from 3");
        assertThat(done.ids()).containsExactly(3, 4, 5);
        assertThat(done.stop()).isEqualTo(StopReason.MAX_TOKENS);
        assertThat(done.capture().tokens())
                .extracting(Token::position)
                .containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(done.text()).isEmpty();
    }

    @Test
    void anEndOfTextEndsAtOnceAndIsPartOfTheResponse() {
        Generation done = write(new Counter(), prompt(8), 5, 100);
        assertThat(done.ids()).containsExactly(9);
        assertThat(done.stop()).isEqualTo(StopReason.END_OF_TEXT);
    }

    @Test
    void anEndOfTextAtTheLastTokenAskedForIsAnEndOfText() {
        assertThat(write(new Counter(), prompt(7), 2, 100).stop())
                .isEqualTo(StopReason.END_OF_TEXT);
    }

    @Test
    void positionsEndItToo() {
        Generation done = write(new Counter(), prompt(1, 2), 5, 4);
        assertThat(done.ids()).containsExactly(3, 4);
        assertThat(done.stop()).isEqualTo(StopReason.POSITIONS);
    }

    @Test
    void aCancelledStepKeepsWhatWasWritten() {
        Counter counter = new Counter();
        counter.cancelAt = 4;
        Generation done = write(counter, prompt(1), 9, 100);
        assertThat(done.ids()).containsExactly(2, 3, 4);
        assertThat(done.stop()).isEqualTo(StopReason.CANCELLED);
        assertThat(counter.asked).endsWith("step 3", "end 4 from 1");
    }

    @Test
    void aFirstStepThatIsCancelledKeepsNothing() {
        Counter counter = new Counter();
        counter.cancelAt = 1;
        assertThatThrownBy(() -> write(counter, prompt(1), 9, 100))
                .isInstanceOf(CancelledException.class);
    }

    @Test
    void logitsThatAreNoNumbersNameTheirPosition() {
        Counter counter = new Counter();
        counter.fill = Float.NaN;
        assertThatThrownBy(() -> write(counter, prompt(1, 2, 3), 9, 100))
                .isInstanceOf(BadInputException.class)
                .hasMessageStartingWith("The logits of counter.onnx at position 2 are not numbers");
    }

    @Test
    void candidatesAreTheBestFiveAndTheChosenOneIsFirst() {
        GeneratedToken token = write(new Counter(), prompt(3), 1, 100).response().getFirst();
        assertThat(token.candidates())
                .extracting(c -> c.token().id())
                .containsExactly(4, 0, 1, 2, 3);
        assertThat(token.candidates().getFirst().logProbability())
                .isEqualTo(token.logProbability());
        double sum = Math.E + 9;
        assertThat(Math.exp(token.candidates().get(1).logProbability()))
                .isCloseTo(1 / sum, within(1e-9));
    }
}
