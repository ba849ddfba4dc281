package org.headlight.analysis.sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.headlight.engine.capture.Capture;
import org.headlight.engine.cut.HeadAddress;
import org.headlight.engine.cut.SeamHooks;
import org.headlight.engine.matrix.Matrix;
import org.headlight.engine.model.CutOutcome;
import org.headlight.engine.model.HandWiredModel;
import org.headlight.engine.model.HandWiredModel.Role;
import org.headlight.engine.model.Model;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** On a model whose heads are known by construction. */
class ExperimentsTest {
    private static final HeadAddress COPYING =
            HeadAddress.self(Role.COPYING.layer(), Role.COPYING.head());

    @TempDir static Path folder;

    @SuppressWarnings("NullAway.Init") // Opened before all tests.
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

    /** w11 near the start, then other words with w10 among them, then w10: it wants w11. */
    private static int[] text(int words, int every) {
        int[] ids = new int[words];
        for (int i = 0; i < words; i++) {
            ids[i] = i % every == 0 ? 10 : 30 + 2 * (i % 13);
        }
        ids[0] = HandWiredModel.BEGIN;
        ids[1] = 11;
        ids[words - 1] = 10;
        return ids;
    }

    @Test
    void theSinkHeadAloneIsASinkAtTokenZero() {
        int[] ids = IntStream.range(0, 200).map(i -> 2 + (i * 7) % 50).toArray();
        try (Capture capture = model.capture(tokens(ids), Progress.NONE)) {
            SinkReport report = SinkSurvey.of(capture, SweepOptions.standard(), Progress.NONE);
            assertThat(report.heads())
                    .filteredOn(head -> head.received().of(0) > 0.3)
                    .extracting(HeadReceived::name)
                    .containsExactly(Role.SINK.headName());
            assertThat(report.rate(0.3)[0]).isCloseTo(1.0 / 6, within(1e-9));
        }
    }

    @Test
    void turningTheCopiedWordDownTakesTheAnswerAway() {
        List<Token> text = tokens(text(30, 4));
        ActSettings paper = new ActSettings(ActRule.PAPER, 5, 0);
        CalibrationResult result =
                new Calibration(model, SweepOptions.standard())
                        .run(text, List.of(COPYING), paper, 1, Progress.NONE);
        assertThat(result.chosen().get(COPYING)).contains(1);
        assertThat(result.before().orElseThrow().tokens().getFirst().id()).isEqualTo(11);
        assertThat(result.after().orElseThrow().tokens().getFirst().id())
                .isEqualTo(HandWiredModel.END);
        NextToken eleven =
                result.change().next().stream()
                        .filter(next -> next.token().id() == 11)
                        .findFirst()
                        .orElseThrow();
        assertThat(eleven.before()).isGreaterThan(0.99);
        assertThat(eleven.after()).isLessThan(0.01);
        assertThat(result.change().klLast()).isGreaterThan(4);
        assertThat(result.change().top1Agreement()).isLessThan(1);
    }

    /** The code's rule spares the first sink, and that is the copied word here. */
    @Test
    void theRuleOfTheCodeSparesTheCopiedWord() {
        List<Token> text = tokens(text(30, 4));
        CalibrationResult result =
                new Calibration(model, SweepOptions.standard())
                        .run(
                                text,
                                List.of(COPYING),
                                new ActSettings(ActRule.CODE, 0.1, 0),
                                1,
                                Progress.NONE);
        assertThat(result.chosen().get(COPYING)).isNotEmpty().doesNotContain(1);
        assertThat(result.after().orElseThrow().tokens().getFirst().id()).isEqualTo(11);
    }

    @Test
    void leavingSinksAllOfTheirAttentionChangesNothing() {
        List<Token> text = tokens(text(70, 4));
        CalibrationResult result =
                new Calibration(model, SweepOptions.standard())
                        .run(
                                text,
                                Calibration.all(model),
                                new ActSettings(ActRule.CODE, 0.1, 1),
                                0,
                                Progress.NONE);
        assertThat(result.change().maxAbs()).isLessThan(1e-3);
        assertThat(result.change().kl()).isLessThan(1e-5);
        assertThat(result.change().top1Agreement()).isEqualTo(1);
        assertThat(result.before()).isEmpty();
        assertThat(result.change().lossAfter())
                .isCloseTo(result.change().lossBefore(), within(1e-4));
    }

    /** The loss by its definition, from the logits of a run. */
    private static double[] losses(List<Token> text) {
        Matrix logits =
                model.run(text, SeamHooks.NONE, CutOutcome.Wanted.LOGITS, Progress.NONE)
                        .logits()
                        .orElseThrow();
        float[] all = new float[logits.rows() * logits.cols()];
        logits.copyRows(0, logits.rows(), all, 0);
        double[] losses = new double[logits.rows() - 1];
        for (int i = 0; i < losses.length; i++) {
            double sum = 0;
            for (int id = 0; id < logits.cols(); id++) {
                sum += Math.exp(all[i * logits.cols() + id]);
            }
            int next = text.get(i + 1).id();
            losses[i] = -Math.log(Math.exp(all[i * logits.cols() + next]) / sum);
        }
        return losses;
    }

    @Test
    void aWordThatLeavesTheCacheCanNotBeCopiedAndOneThatIsKeptCan() {
        int[] ids = HandWiredModel.joined(text(60, 1000), new int[] {11});
        List<Token> text = tokens(ids);
        EvictionResult result =
                new Eviction(model).run(text, new EvictionSettings(16, 4), Progress.NONE);
        assertThat(result.cases())
                .extracting(EvictionCase::name)
                .containsExactly("all keys", "last 16", "first 4 + last 12", "first 1 + last 15");
        assertThat(result.foretold()).isEqualTo(44);
        int last = 59;
        assertThat(result.curves().get(0)[last]).isLessThan(0.01);
        assertThat(result.curves().get(1)[last]).isGreaterThan(4);
        assertThat(result.curves().get(2)[last]).isLessThan(0.01);
        assertThat(result.curves().get(3)[last]).isGreaterThan(4);

        double[] plain = losses(text);
        double sum = 0;
        for (int i = 0; i < plain.length; i++) {
            assertThat(result.curves().get(0)[i]).isCloseTo(plain[i], within(1e-3));
            sum += i >= 16 ? plain[i] : 0;
        }
        assertThat(result.cases().get(0).loss()).isCloseTo(sum / 44, within(1e-3));
        for (double[] curve : result.curves()) {
            for (int i = 0; i < 16; i++) {
                assertThat(curve[i]).as("before eviction").isCloseTo(plain[i], within(1e-3));
            }
        }
    }

    @Test
    void aCacheAsLongAsTheTextIsRefusedInOneSentence() {
        assertThatThrownBy(() ->
                        new Eviction(model)
                                .run(
                                        tokens(text(17, 4)),
                                        new EvictionSettings(16, 4),
                                        Progress.NONE))
                .isInstanceOf(BadInputException.class)
                .hasMessage(
                        "The text has 17 tokens, so a cache of 16 keys evicts nothing that a later"
                                + " token could miss; take a longer text, or a smaller window.");
        assertThatThrownBy(() -> new EvictionSettings(4, 4))
                .hasMessage(
                        "A cache of 4 keys cannot keep the first 4; expected at least 1 first key,"
                                + " and a window larger than that.");
    }

    @Test
    void aHeadThatIsNotThereIsRefusedInOneSentence() {
        Calibration calibration = new Calibration(model, SweepOptions.standard());
        ActSettings usual = ActSettings.of(ActRule.CODE);
        List<Token> text = tokens(text(17, 4));
        assertThatThrownBy(() ->
                        calibration.run(
                                text, List.of(HeadAddress.self(5, 1)), usual, 0, Progress.NONE))
                .hasMessage(
                        model.info().name()
                                + " has no head L5H1 of self-attention to calibrate; headlight"
                                + " inspect lists its layers and heads.");
        assertThatThrownBy(() -> calibration.run(text, List.of(), usual, 0, Progress.NONE))
                .hasMessage(
                        "No head is chosen to be calibrated; choose at least one, such as L2H1.");
    }

    @Test
    void aCacheForAShortTextIsHalfOfIt() {
        assertThat(EvictionSettings.forText(2000)).isEqualTo(new EvictionSettings(512, 4));
        assertThat(EvictionSettings.forText(514)).isEqualTo(new EvictionSettings(512, 4));
        assertThat(EvictionSettings.forText(513)).isEqualTo(new EvictionSettings(256, 4));
        assertThat(EvictionSettings.forText(6)).isEqualTo(new EvictionSettings(3, 2));
    }
}
