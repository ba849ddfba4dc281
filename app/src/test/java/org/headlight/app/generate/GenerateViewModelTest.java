package org.headlight.app.generate;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.app.command.RunInput;
import org.headlight.app.explore.FormulaCapture;
import org.headlight.app.input.InputViewModel;
import org.headlight.app.settings.SettingsModel;
import org.headlight.app.settings.SettingsStore;
import org.headlight.app.task.DirectTaskRunner;
import org.headlight.app.task.LaneTaskRunner;
import org.headlight.app.task.TurnQueue;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.generate.GenerationOptions;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.token.Token;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class GenerateViewModelTest {
    @TempDir private Path folder;

    private final List<Capture> captured = new ArrayList<>();
    private final List<RunInput> inputs = new ArrayList<>();
    private final TurnQueue turns = new TurnQueue();
    private final LaneTaskRunner lanes = new LaneTaskRunner(turns);
    private final DirectTaskRunner direct = new DirectTaskRunner();
    private final InputViewModel input = new InputViewModel(direct, this::captured);
    private final GenerateViewModel generate = new GenerateViewModel(direct, input, this::captured);
    private final InputViewModel slowInput = new InputViewModel(lanes, this::captured);
    private final GenerateViewModel slow = new GenerateViewModel(lanes, slowInput, this::captured);

    @AfterEach
    void close() {
        lanes.close();
    }

    private void captured(Capture capture, RunInput made) {
        captured.add(capture);
        inputs.add(made);
    }

    private static List<String> texts(List<Token> tokens) {
        return tokens.stream().map(Token::text).toList();
    }

    @Test
    void writesOnFromTheTextAndShowsPromptAndResponse() {
        CountingModel model = new CountingModel();
        input.setModel(model);
        input.setText("a", "one two");
        generate.maxTokensProperty().set(3);
        List<Integer> sizes = new ArrayList<>();
        generate.writtenProperty().subscribe(written -> sizes.add(written.tokens().size()));
        generate.generate();

        assertThat(sizes).containsExactly(0, 2, 3, 4, 5, 0);
        assertThat(texts(captured.getFirst().tokens()))
                .containsExactly("one", "two", "w2", "w3", "w4");
        assertThat(captured.getFirst().responseFrom()).isEqualTo(2);
        assertThat(inputs).containsExactly(new RunInput(RunInput.Kind.TOKENS, "3,3,2,3,4"));
        assertThat(generate.response(captured.getFirst())).hasSize(3);
        assertThat(generate.response(new FormulaCapture(1, 1, FormulaCapture.tokens(5)))).isEmpty();
        assertThat(generate.writingProperty().get()).isFalse();
        assertThat(generate.progressProperty().get()).isEmpty();
        assertThat(generate.summary(captured.getFirst()))
                .startsWith("3 written (as many tokens as asked for)");
    }

    @Test
    void asksTheModelForWhatIsSet() {
        CountingModel model = new CountingModel();
        input.setModel(model);
        input.setText("a", "one");
        assertThat(generate.maxTokensProperty().get()).isEqualTo(64);
        generate.maxTokensProperty().set(2);
        generate.temperatureProperty().set(0.7);
        generate.topKProperty().set(40);
        generate.topPProperty().set(0.9);
        generate.seedProperty().set(5);
        generate.generate();

        GenerationOptions asked = model.asked();
        assertThat(asked.maxTokens()).isEqualTo(2);
        assertThat(asked.sampling().temperature()).isEqualTo(0.7);
        assertThat(asked.sampling().topK()).isEqualTo(40);
        assertThat(asked.sampling().topP()).isEqualTo(0.9);
        assertThat(asked.sampling().seed()).isEqualTo(5);
    }

    @Test
    void whatIsSetIsThereTheNextTime() {
        Path file = folder.resolve("settings.json");
        generate.remember(new SettingsModel(new SettingsStore(file)));
        assertThat(generate.maxTokensProperty().get()).isEqualTo(64);
        generate.maxTokensProperty().set(200);
        generate.temperatureProperty().set(0.7);
        generate.topKProperty().set(40);
        generate.topPProperty().set(0.9);
        generate.seedProperty().set(5);
        generate.seedProperty().set(6);

        GenerateViewModel later = new GenerateViewModel(direct, input, this::captured);
        later.remember(new SettingsModel(new SettingsStore(file)));
        assertThat(later.maxTokensProperty().get()).isEqualTo(200);
        assertThat(later.temperatureProperty().get()).isEqualTo(0.7);
        assertThat(later.topKProperty().get()).isEqualTo(40);
        assertThat(later.topPProperty().get()).isEqualTo(0.9);
        assertThat(later.seedProperty().get()).isEqualTo(6);
    }

    @Test
    void aModelThatCannotGoOnLeavesItsTextAndSaysWhy() {
        input.setModel(new CountingModel().brokenOff("counting wrote no further than 3 tokens."));
        input.setText("a", "one");
        generate.maxTokensProperty().set(3);
        generate.generate();
        assertThat(texts(captured.getFirst().tokens())).containsExactly("one", "w1", "w2", "w3");
        assertThat(generate.summary(captured.getFirst()))
                .startsWith("3 written (the model could not go on)");
        assertThat(input.problemProperty().get())
                .isEqualTo("counting wrote no further than 3 tokens.");
    }

    @Test
    void saysWhyThereIsNothingToWriteWith() {
        assertThat(generate.refusalProperty().get())
                .isEqualTo("Only a model can write text: open one.");
        input.setModel(new CountingModel().refusing("m cannot write text: it is an encoder."));
        assertThat(generate.refusalProperty().get())
                .isEqualTo("m cannot write text: it is an encoder.");
        generate.generate();
        assertThat(generate.writingProperty().get()).isFalse();
        assertThat(captured).isEmpty();
        input.setModel(new CountingModel());
        assertThat(generate.refusalProperty().get()).isEmpty();
    }

    @Test
    void aFailureIsToldWhereTheTextIs() {
        input.setModel(new CountingModel().failing(new BadInputException("No room.")));
        input.setText("a", "one");
        generate.generate();
        assertThat(input.problemProperty().get()).isEqualTo("No room.");
        assertThat(generate.writingProperty().get()).isFalse();
        assertThat(generate.writtenProperty().get().present()).isFalse();
    }

    @Test
    void stoppingKeepsWhatIsThere() throws InterruptedException {
        CountingModel model = new CountingModel().heldAfter(2);
        slowInput.setModel(model);
        slowInput.setText("a", "one");
        slow.generate();
        turns.until(() -> slow.writtenProperty().get().tokens().size() == 3);
        assertThat(slow.writingProperty().get()).isTrue();
        assertThat(slow.progressProperty().get()).startsWith("Writing \u00b7 2 of 64 tokens");
        slow.cancel();
        turns.until(() -> !slow.writingProperty().get());
        assertThat(texts(captured.getFirst().tokens())).containsExactly("one", "w1", "w2");
        assertThat(slow.summary(captured.getFirst())).startsWith("2 written (cancelled)");
        assertThat(slowInput.problemProperty().get()).isEmpty();
    }

    @Test
    void aRunGivesTheWritingUpAndItsCaptureIsClosedUnseen() throws InterruptedException {
        CountingModel model = new CountingModel().heldAfter(1);
        slowInput.setModel(model);
        slowInput.setText("a", "one");
        slow.generate();
        turns.until(() -> slow.writtenProperty().get().tokens().size() == 2);
        slowInput.run();
        turns.until(() -> captured.size() == 1 && !slow.writingProperty().get());
        assertThat(texts(captured.getFirst().tokens())).containsExactly("one");
        assertThat(model.written()).hasSize(1).allMatch(FormulaCapture::closed);
    }

    @Test
    void anotherModelGivesTheWritingUp() throws InterruptedException {
        CountingModel model = new CountingModel().heldAfter(1);
        slowInput.setModel(model);
        slowInput.setText("a", "one");
        slow.generate();
        turns.until(() -> slow.writtenProperty().get().tokens().size() == 2);
        lanes.cancel(InputViewModel.LANE);
        slowInput.setModel(new CountingModel());
        assertThat(slow.writingProperty().get()).isFalse();
        assertThat(slow.writtenProperty().get().present()).isFalse();
        turns.until(() -> model.written().size() == 1 && model.written().getFirst().closed());
        assertThat(captured).isEmpty();
    }
}
