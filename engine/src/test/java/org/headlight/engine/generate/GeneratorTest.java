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
        private int failAt = -1;
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
            failing(id);
            asked.add("step " + id);
            float[] logits = new float[VOCABULARY];
            Arrays.fill(logits, fill);
            logits[(id + 1) % VOCABULARY] += 1;
            return logits;
        }

        @Override
        public Capture end(int id, List<Token> tokens, int responseFrom, Progress progress) {
            failing(id);
            asked.add("end " + id + " from " + responseFrom);
            return new Written(tokens, responseFrom);
        }

        private void failing(int id) {
            if (id == failAt) {
                throw new StepFailure("its table has 4 rows", new IllegalStateException());
            }
        }

        @Override
        public Capture endBefore(List<Token> tokens, int responseFrom, Progress progress) {
            asked.add("end before " + tokens.size() + " from " + responseFrom);
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
    void aStepThatFailsKeepsWhatWasWrittenAndSaysWhy() {
        Counter counter = new Counter();
        counter.failAt = 4;
        Generation done = write(counter, prompt(1), 9, 100);
        assertThat(done.ids()).containsExactly(2, 3, 4);
        assertThat(done.stop()).isEqualTo(StopReason.FAILED);
        assertThat(done.problem())
                .contains(
                        "counter.onnx wrote no further than 3 tokens: its table has 4 rows; what it"
                                + " wrote is kept.");
        assertThat(counter.asked).endsWith("step 3", "end before 3 from 1");
        assertThat(done.capture().tokens()).extracting(Token::id).containsExactly(1, 2, 3);
    }

    @Test
    void aLastTokenThatCannotBeReadIsKeptWithoutARow() {
        Counter counter = new Counter();
        counter.failAt = 2;
        Generation done = write(counter, prompt(5, 1), 1, 100);
        assertThat(done.ids()).containsExactly(2);
        assertThat(done.stop()).isEqualTo(StopReason.FAILED);
        assertThat(done.problem())
                .contains(
                        "counter.onnx wrote no further than 1 token: its table has 4 rows; what it"
                                + " wrote is kept.");
        // Nothing of the response has a row, so nothing of the capture is response.
        assertThat(counter.asked).endsWith("step 1", "end before 2 from 0");
    }

    @Test
    void aFirstStepThatFailsKeepsNothing() {
        Counter counter = new Counter();
        counter.failAt = 1;
        assertThatThrownBy(() -> write(counter, prompt(1), 9, 100))
                .isInstanceOf(StepFailure.class)
                .hasMessage("its table has 4 rows");
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
