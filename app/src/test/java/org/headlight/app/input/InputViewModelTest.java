package org.headlight.app.input;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.app.command.RunInput;
import org.headlight.app.task.DirectTaskRunner;
import org.headlight.app.task.LaneTaskRunner;
import org.headlight.app.task.TaskStatus;
import org.headlight.app.task.TurnQueue;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.token.Token;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class InputViewModelTest {
    private static final String TOO_LARGE =
            "5 tokens would need 15.0 kB (10.0 kB to run, 5.00 kB for the capture) and 12.0 kB are"
                    + " free; the longest that fits is 4 tokens.";

    @TempDir Path folder;

    /** What arrived: the texts of the tokens, and the input as the command line takes it. */
    private final List<List<String>> captured = new ArrayList<>();

    private final List<RunInput> inputs = new ArrayList<>();
    private final TurnQueue turns = new TurnQueue();
    private final LaneTaskRunner lanes = new LaneTaskRunner(turns);
    private final InputViewModel input = new InputViewModel(new DirectTaskRunner(), this::captured);
    private final InputViewModel slow = new InputViewModel(lanes, this::captured);

    @AfterEach
    void close() {
        lanes.close();
    }

    private void captured(Capture capture, RunInput made) {
        captured.add(capture.tokens().stream().map(Token::text).toList());
        inputs.add(made);
    }

    private void run(String text) {
        input.textProperty().set(text);
        input.run();
    }

    private void assertRefused(String sentence) {
        int before = captured.size();
        input.run();
        assertThat(input.problemProperty().get()).isEqualTo(sentence);
        assertThat(input.runningProperty().get()).isFalse();
        assertThat(captured).hasSize(before);
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    @Test
    void aNewRunReplacesOneThatIsStillGoingAndItsLateCaptureIsClosedUnseen()
            throws InterruptedException {
        WordModel model = WordModel.named("m").heedless();
        slow.setModel(model);
        slow.setText("a", "the first text");
        slow.run();
        model.awaitStart();
        slow.setText("b", "the second");
        slow.run();
        assertThat(slow.runningProperty().get()).isTrue();
        model.letGo();
        turns.until(() -> !model.captures().isEmpty() && model.captures().getFirst().closed());
        assertThat(slow.runningProperty().get()).isTrue();
        turns.until(() -> !slow.runningProperty().get());
        assertThat(captured).containsExactly(List.of("the", "second"));
        assertThat(model.captures().getLast().closed()).isFalse();
        assertThat(slow.problemProperty().get()).isEmpty();
    }

    @Test
    void aRunShowsItsProgressAndEndsQuietlyWhenCancelled() throws InterruptedException {
        WordModel model = WordModel.named("m").held();
        slow.setModel(model);
        slow.setText("a", "one two");
        slow.run();
        model.awaitStart();
        TaskStatus task = lanes.tasks().getFirst();
        assertThat(task.title()).isEqualTo("Running m");
        turns.until(() -> task.fractionProperty().get() == 0.25);
        assertThat(task.stageProperty().get()).isEqualTo("layer 0");
        slow.cancel();
        turns.until(() -> !slow.runningProperty().get());
        assertThat(slow.problemProperty().get()).isEmpty();
        assertThat(captured).isEmpty();
        assertThat(lanes.tasks()).isEmpty();
        model.letGo();
        slow.run();
        turns.until(() -> !slow.runningProperty().get());
        assertThat(captured).containsExactly(List.of("one", "two"));
    }

    @Test
    void anInputThatIsTooLongSaysTheNumbersAndRunsAsFarAsItFits() {
        WordModel model = WordModel.named("m");
        input.setModel(model);
        input.setText("a", "a bb ccc dddd eeeee");
        assertThat(input.noteProperty().get()).isEqualTo("5 tokens \u00b7 too long, 4 fit");
        assertRefused(TOO_LARGE);
        assertThat(input.largestThatFitsProperty().get()).isEqualTo(4);
        assertThat(model.captures()).isEmpty();
        input.runWhatFits();
        assertThat(captured).containsExactly(List.of("a", "bb", "ccc", "dddd"));
        assertThat(inputs).containsExactly(new RunInput(RunInput.Kind.TOKENS, "1,2,3,4"));
        assertThat(input.problemProperty().get()).isEmpty();
        assertThat(input.largestThatFitsProperty().get()).isZero();
        input.runWhatFits();
        assertThat(captured).hasSize(1);
    }

    @Test
    void aModelWithTooFewPositionsOffersAPartAsWell() {
        input.setModel(WordModel.withPositions("m", 3));
        input.setText("a", "a bb ccc dddd");
        assertThat(input.noteProperty().get()).isEqualTo("4 tokens \u00b7 too long, 3 fit");
        assertRefused(
                "4 tokens are too many for this model, which has positions for 3; shorten the"
                        + " text, or run a part of it.");
        input.runWhatFits();
        assertThat(captured).containsExactly(List.of("a", "bb", "ccc"));
        run("a bb ccc");
        assertThat(input.problemProperty().get()).isEmpty();
        assertThat(inputs.getLast()).isEqualTo(new RunInput(RunInput.Kind.TEXT, "a bb ccc"));
    }

    @Test
    void aModelWithoutTokenizerTakesIdsInAnyWritingAndTheCommandGetsThemPlain() {
        input.setModel(WordModel.withoutTokenizer("m"));
        assertThat(input.idsProperty().get()).isTrue();
        run(" [1; 17,\n4]");
        assertThat(captured).containsExactly(List.of("#1", "#17", "#4"));
        assertThat(inputs).containsExactly(new RunInput(RunInput.Kind.TOKENS, "1,17,4"));
        assertThat(input.noteProperty().get()).isEqualTo("3 tokens");
    }

    @Test
    void idsThatAreNoneAreNamedWithTheirPlace() {
        input.setModel(WordModel.withoutTokenizer("m"));
        assertRefused(
                "There is nothing to run: this model has no tokenizer, so type token ids, such as"
                        + " 1, 17, 4.");
        input.textProperty().set(" , ");
        assertRefused(
                "There is nothing to run: this model has no tokenizer, so type token ids, such as"
                        + " 1, 17, 4.");
        input.textProperty().set("1, cat");
        assertThat(input.noteProperty().get()).isEmpty();
        assertRefused(
                "\"cat\" at position 1 is not a token id; this model has no tokenizer, so type"
                        + " whole numbers, separated by commas or blanks.");
        input.textProperty().set("0 99 100");
        assertRefused(
                "Token 100 at position 2 is outside the vocabulary of m; use ids from 0 to 99.");
        input.textProperty().set("-1");
        assertRefused(
                "Token -1 at position 0 is outside the vocabulary of m; use ids from 0 to 99.");
        input.dismissProblem();
        assertThat(input.problemProperty().get()).isEmpty();
    }

    @Test
    void aTextIsNotTakenForIdsNorIdsForATextWhenAnotherKindOfModelIsOpened() {
        WordModel words = WordModel.named("w");
        input.setModel(words);
        input.setText("a", "some words");
        input.setModel(WordModel.withoutTokenizer("i"));
        assertThat(input.textProperty().get()).isEmpty();
        run("7 8");
        input.setModel(words);
        assertThat(input.textProperty().get()).isEqualTo("some words");
        assertThat(input.noteProperty().get()).isEqualTo("2 tokens");
        input.setModel(null);
        input.setModel(WordModel.withoutTokenizer("j"));
        assertThat(input.textProperty().get()).isEqualTo("7 8");
        input.setText("long", "9 ".repeat(InputViewModel.EDITABLE));
        input.setModel(words);
        assertThat(input.documentProperty().get()).isEmpty();
        assertThat(input.textProperty().get()).isEqualTo("some words");
        input.setModel(WordModel.withoutTokenizer("k"));
        assertThat(input.documentProperty().get()).isEqualTo("long, 40\u2009000 characters");
    }

    @Test
    void withoutAModelNothingRunsAndACaptureSaysWhy() {
        run("a text");
        assertThat(input.problemProperty().get()).isEmpty();
        assertThat(input.runnableProperty().get()).isFalse();
        input.setModel(null);
        assertRefused("What is open has run already: open a model to run a text.");
        input.setModel(WordModel.named("m"));
        assertThat(input.problemProperty().get()).isEmpty();
        assertThat(input.runnableProperty().get()).isTrue();
    }

    @Test
    void noTextIsNothingToRun() {
        input.setModel(WordModel.named("m"));
        assertThat(input.empty()).isTrue();
        assertRefused("There is nothing to run: type a text, or choose a sample text.");
        input.textProperty().set("word");
        assertThat(input.noteProperty().get()).isEqualTo("1 token");
        input.textProperty().set("");
        assertThat(input.noteProperty().get()).isEmpty();
    }

    @Test
    void theNoteIsThatOfTheNewestTextAlthoughAnOlderOneWasStillBeingCounted()
            throws InterruptedException {
        slow.setModel(WordModel.named("m"));
        slow.textProperty().set("one two three");
        slow.textProperty().set("one two");
        turns.until(() -> !slow.noteProperty().get().isEmpty());
        assertThat(slow.noteProperty().get()).isEqualTo("2 tokens");
        slow.textProperty().set("one two three");
        slow.textProperty().set("");
        lanes.submit(
                org.headlight.app.task.TaskRequest.of("count", "", progress -> "last")
                        .onDone(last -> slow.textProperty().set("end")));
        turns.until(() -> slow.textProperty().get().equals("end"));
        assertThat(slow.noteProperty().get()).isEmpty();
    }

    @Test
    void aTextFileIsRunAndCopiedAsAFileUntilItIsEdited() throws IOException {
        WordModel model = WordModel.named("m");
        input.setModel(model);
        Path file = file("notes.txt", "\uFEFFold news\r\n");
        input.loadFile(file);
        assertThat(captured).containsExactly(List.of("old", "news"));
        assertThat(inputs).containsExactly(new RunInput(RunInput.Kind.TEXT_FILE, file.toString()));
        run("new news");
        assertThat(inputs.getLast()).isEqualTo(new RunInput(RunInput.Kind.TEXT, "new news"));
    }

    @Test
    void aTextTooLongToEditIsKeptAsideAndRunAllTheSame() throws IOException {
        input.setModel(WordModel.named("m"));
        input.setText("a", "x".repeat(InputViewModel.EDITABLE));
        assertThat(input.documentProperty().get()).isEmpty();
        String text = "x".repeat(InputViewModel.EDITABLE) + " y";
        input.loadFile(file("long.txt", text));
        assertThat(input.documentProperty().get()).isEqualTo("long.txt, 20\u2009002 characters");
        assertThat(input.textProperty().get()).isEmpty();
        assertThat(input.noteProperty().get()).isEqualTo("2 tokens");
        assertThat(input.empty()).isFalse();
        assertThat(captured.getLast()).containsExactly(text.substring(0, 20_000), "y");
        assertThat(inputs.getLast().kind()).isEqualTo(RunInput.Kind.TEXT_FILE);
        input.forgetDocument();
        assertThat(input.empty()).isTrue();
        assertThat(input.noteProperty().get()).isEmpty();
    }

    @Test
    void aFileThatIsNoTextSaysSoAndTheFormerTextStays() throws IOException {
        input.setModel(WordModel.named("m"));
        input.setText("a", "former");
        Path file = folder.resolve("p.txt");
        Files.write(file, new byte[] {'a', 'b', (byte) 0xFF, 'c'});
        input.loadFile(file);
        assertThat(input.problemProperty().get())
                .isEqualTo("p.txt is not UTF-8 text: byte 2 does not belong; save it as UTF-8.");
        assertThat(input.textProperty().get()).isEqualTo("former");
        assertThat(captured).isEmpty();
    }

    @Test
    void aTextChosenWhileAFileIsBeingReadStays() throws IOException, InterruptedException {
        slow.setModel(WordModel.named("m"));
        slow.loadFile(file("slow.txt", "from the file"));
        slow.setText("sample", "chosen later");
        slow.run();
        turns.until(() -> !slow.runningProperty().get());
        lanes.submit(
                org.headlight.app.task.TaskRequest.of("text-file", "", progress -> "last")
                        .onDone(last -> slow.textProperty().set(slow.textProperty().get() + "!")));
        turns.until(() -> slow.textProperty().get().endsWith("!"));
        assertThat(slow.textProperty().get()).isEqualTo("chosen later!");
        assertThat(captured).containsExactly(List.of("chosen", "later"));
    }

    @Test
    void aFileReadBeforeThereIsAModelWaitsForIt() throws IOException {
        input.loadFile(file("early.txt", "an early file"));
        assertThat(input.textProperty().get()).isEqualTo("an early file");
        assertThat(input.problemProperty().get()).isEmpty();
        input.setModel(WordModel.named("m"));
        input.run();
        assertThat(captured).containsExactly(List.of("an", "early", "file"));
    }

    @Test
    void whateverGoesWrongInARunIsOneSentence() {
        input.setText("a", "some text");
        input.setModel(WordModel.named("m").failing(new BadInputException("m fails on this.")));
        assertRefused("m fails on this.");
        input.setModel(WordModel.named("m").failing(new IllegalStateException("odd")));
        assertRefused(
                "Something unexpected went wrong (IllegalStateException: odd); what was open stays"
                        + " open.");
        input.setModel(WordModel.named("m").failing(new OutOfMemoryError("heap")));
        assertRefused(
                "The memory of this process is used up; close other programs, or use a shorter"
                        + " text.");
    }
}
