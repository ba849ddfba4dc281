package org.headlight.app.input;

import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyIntegerProperty;
import javafx.beans.property.ReadOnlyIntegerWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;

import org.headlight.app.command.KeyBinding;
import org.headlight.app.command.RunInput;
import org.headlight.app.task.Failure;
import org.headlight.app.task.TaskRequest;
import org.headlight.app.task.TaskRunner;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.model.MemoryNeed;
import org.headlight.engine.model.Model;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.headlight.engine.token.Tokenizer;
import org.headlight.viz.raster.NumberText;
import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/** What is run: a text, or token ids when the model has no tokenizer. */
public final class InputViewModel {
    /** The lane in which texts are run. */
    public static final String LANE = "run";

    private static final String COUNT_LANE = "count";
    private static final String FILE_LANE = "text-file";

    /** The lanes whose work uses the model. */
    public static final List<String> LANES = List.of(LANE, COUNT_LANE);

    /** Texts longer than this stay out of the text area, which would become slow. */
    static final int EDITABLE = 20_000;

    private record Counted(int tokens, MemoryNeed need) {}

    /** An input put away while models of the other kind are open. */
    private record Kept(String text, String document, String longText) {
        static final Kept NOTHING = new Kept("", "", "");
    }

    /** A run, or why there was none: too long. */
    private record Ran(@Nullable Capture capture, MemoryNeed need, RunInput input) {
        void close() {
            if (capture != null) {
                capture.close();
            }
        }
    }

    private final TaskRunner tasks;
    private final BiConsumer<Capture, RunInput> captured;
    private final StringProperty text = new SimpleStringProperty("");
    private final ReadOnlyStringWrapper document = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper note = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper problem = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper obstacle = new ReadOnlyStringWrapper("");
    private final ReadOnlyIntegerWrapper largestThatFits = new ReadOnlyIntegerWrapper();
    private final ReadOnlyBooleanWrapper running = new ReadOnlyBooleanWrapper();
    private final ReadOnlyBooleanWrapper runnable = new ReadOnlyBooleanWrapper();
    private final ReadOnlyBooleanWrapper ids = new ReadOnlyBooleanWrapper();
    private final ReadOnlyObjectWrapper<@Nullable Model> model = new ReadOnlyObjectWrapper<>();
    private boolean captureShown;
    private boolean modelSeen;
    private Kept otherKind = Kept.NOTHING;
    private String longText = "";
    private @Nullable Path loadedFile;
    private String loadedText = "";
    private int runs;
    private int files;
    private boolean reading;

    /**
     * An input without a model.
     *
     * @param captured gets every capture that a run makes, and owns it from then on
     */
    public InputViewModel(TaskRunner tasks, BiConsumer<Capture, RunInput> captured) {
        this.tasks = tasks;
        this.captured = captured;
        text.addListener((property, old, now) -> count());
    }

    /** The text, or the ids, as edited. */
    public StringProperty textProperty() {
        return text;
    }

    /** A text too long to edit, by name and size; empty when {@link #textProperty} is the input. */
    public ReadOnlyStringProperty documentProperty() {
        return document.getReadOnlyProperty();
    }

    /** How many tokens it is and what a run needs, in words. */
    public ReadOnlyStringProperty noteProperty() {
        return note.getReadOnlyProperty();
    }

    /** Why it was not run, one sentence; empty when it was. */
    public ReadOnlyStringProperty problemProperty() {
        return problem.getReadOnlyProperty();
    }

    /** Why nothing that is typed can be run by the model, one sentence; empty when it can. */
    public ReadOnlyStringProperty obstacleProperty() {
        return obstacle.getReadOnlyProperty();
    }

    /** The longest input that fits when the last one was too long; 0 otherwise. */
    public ReadOnlyIntegerProperty largestThatFitsProperty() {
        return largestThatFits.getReadOnlyProperty();
    }

    public ReadOnlyBooleanProperty runningProperty() {
        return running.getReadOnlyProperty();
    }

    /** Whether there is a model that can run something. */
    public ReadOnlyBooleanProperty runnableProperty() {
        return runnable.getReadOnlyProperty();
    }

    /** Whether the input is token ids, because the model has no tokenizer. */
    public ReadOnlyBooleanProperty idsProperty() {
        return ids.getReadOnlyProperty();
    }

    /**
     * The model to run; null for none (a capture is shown). A text is put away while the models
     * that are open take ids, and the other way round.
     */
    public void setModel(@Nullable Model newModel) {
        model.set(newModel);
        captureShown = newModel == null;
        clearProblem();
        obstacle.set(newModel == null ? "" : obstacle(newModel));
        runnable.set(newModel != null && obstacle.get().isEmpty());
        if (newModel != null) {
            setIds(newModel.tokenizer().isEmpty());
        }
        count();
    }

    private static String obstacle(Model model) {
        return model.needs().isEmpty()
                ? ""
                : model.info().name()
                        + " needs "
                        + String.join(" and ", model.needs())
                        + ", which tokens cannot give, so no text can be run here. Open a model"
                        + " that reads text alone; "
                        + KeyBinding.FOUND.display()
                        + " tells what was found in this one.";
    }

    /** The model that runs what is typed; null for none. */
    public ReadOnlyObjectProperty<@Nullable Model> modelProperty() {
        return model.getReadOnlyProperty();
    }

    private void setIds(boolean nowIds) {
        if (modelSeen && nowIds != ids.get()) {
            Kept kept = otherKind;
            otherKind = new Kept(text.get(), document.get(), longText);
            longText = kept.longText();
            document.set(kept.document());
            text.set(kept.text());
        }
        modelSeen = true;
        ids.set(nowIds);
    }

    /** Takes a text as the input; a long one is kept out of the text area. */
    public void setText(String name, String newText) {
        tasks.cancel(FILE_LANE);
        read(files);
        clearProblem();
        if (newText.length() > EDITABLE) {
            longText = newText;
            document.set(name + ", " + NumberText.count(newText.length()) + " characters");
            text.set("");
            count();
        } else {
            forgetDocument();
            text.set(newText);
        }
    }

    /** Back from a long document to the text area. */
    public void forgetDocument() {
        longText = "";
        document.set("");
        count();
    }

    /** Loads a text file as the input. */
    public void loadFile(Path file) {
        clearProblem();
        int number = ++files;
        reading = true;
        tasks.submit(
                TaskRequest.of(FILE_LANE, "", progress -> TextFile.read(file))
                        .onDone(loaded -> {
                            loadedFile = file.toAbsolutePath();
                            loadedText = loaded;
                            setText(String.valueOf(file.getFileName()), loaded);
                            if (runnable.get() || captureShown) {
                                run();
                            }
                        })
                        .onFailed(failure -> {
                            read(number);
                            failed(failure);
                        }));
    }

    private void read(int number) {
        if (number == files) {
            reading = false;
        }
    }

    /** Whether a text file is being read, which is run as soon as it is there. */
    public boolean reading() {
        return reading;
    }

    /** Runs the input. A newer run replaces an older one. */
    public void run() {
        start(Integer.MAX_VALUE);
    }

    /** Runs as much of the input as fits. */
    public void runWhatFits() {
        if (largestThatFits.get() > 0) {
            start(largestThatFits.get());
        }
    }

    /** Cancels the run. */
    public void cancel() {
        tasks.cancel(LANE);
    }

    /** The text, or the ids, that would be run now. */
    public String input() {
        return document.get().isEmpty() ? text.get() : longText;
    }

    /** The input as the command line takes it: a file as long as its text is unchanged. */
    private RunInput typed(String source) {
        if (ids.get()) {
            return new RunInput(RunInput.Kind.TOKENS, source);
        }
        Path file = loadedFile;
        if (file != null && source.equals(loadedText)) {
            return new RunInput(RunInput.Kind.TEXT_FILE, file.toString());
        }
        return new RunInput(RunInput.Kind.TEXT, source);
    }

    private void start(int limit) {
        Model current = model.get();
        clearProblem();
        if (current == null) {
            if (captureShown) {
                problem.set("What is open has run already: open a model to run a text.");
            }
            return;
        }
        if (!obstacle.get().isEmpty()) {
            problem.set(obstacle.get());
            return;
        }
        String source = input();
        RunInput typed = typed(source);
        int run = ++runs;
        running.set(true);
        tasks.submit(
                TaskRequest.of(
                                LANE,
                                "Running " + current.info().name(),
                                progress -> run(current, source, typed, limit, progress))
                        .onDone(ran -> ran(run, ran))
                        .onFailed(failure -> {
                            ended(run);
                            if (run == runs) {
                                failed(failure);
                            }
                        })
                        .onDropped(Ran::close));
    }

    private void ran(int run, Ran ran) {
        if (ran.capture() != null) {
            captured.accept(ran.capture(), ran.input());
            ended(run);
        } else {
            ended(run);
            problem.set(Need.tooLarge(ran.need()));
            largestThatFits.set(ran.need().largestThatFits());
        }
    }

    private void ended(int run) {
        if (run == runs) {
            running.set(false);
        }
    }

    /** Runs in the background. */
    private static Ran run(
            Model model, String source, RunInput input, int limit, Progress progress) {
        List<Token> all = tokens(model, source);
        List<Token> tokens = all.subList(0, Math.min(limit, all.size()));
        MemoryNeed need = model.need(tokens.size());
        return Need.fits(need)
                ? new Ran(model.capture(tokens, progress), need, part(tokens, all, input))
                : new Ran(null, need, input);
    }

    /**
     * What the command line would be given: plain ids where only a part of the text was run, or
     * where ids were typed, in whatever way.
     */
    private static RunInput part(List<Token> tokens, List<Token> all, RunInput whole) {
        return tokens.size() == all.size() && whole.kind() != RunInput.Kind.TOKENS
                ? whole
                : new RunInput(
                        RunInput.Kind.TOKENS,
                        tokens.stream()
                                .map(token -> Integer.toString(token.id()))
                                .collect(Collectors.joining(",")));
    }

    /**
     * The tokens of what is typed.
     *
     * @throws BadInputException when it has none
     */
    public static List<Token> tokens(Model model, String source) {
        Optional<Tokenizer> tokenizer = model.tokenizer();
        if (tokenizer.isEmpty()) {
            return TypedIds.parse(source, model.info());
        }
        if (source.isEmpty()) {
            throw new BadInputException(
                    "There is nothing to run: type a text, or choose a sample text.");
        }
        return tokenizer.get().encode(source);
    }

    private void count() {
        Model current = model.get();
        String source = input();
        if (current == null || source.isEmpty() || !runnable.get()) {
            note.set("");
            tasks.cancel(COUNT_LANE);
            return;
        }
        tasks.submit(
                TaskRequest.of(
                                COUNT_LANE,
                                "",
                                progress -> {
                                    int count = tokens(current, source).size();
                                    return new Counted(count, current.need(count));
                                })
                        .onDone(counted -> note.set(words(counted)))
                        .onFailed(failure -> note.set("")));
    }

    private static String words(Counted counted) {
        String tokens =
                counted.tokens() == 1 ? "1 token" : NumberText.count(counted.tokens()) + " tokens";
        return Need.fits(counted.need())
                ? tokens
                : tokens
                        + " \u00b7 too long, "
                        + NumberText.count(counted.need().largestThatFits())
                        + " fit";
    }

    /** Says why something that was to be done with the input was not done. */
    public void failed(Failure failure) {
        if (failure.kind() == Failure.Kind.CANCELLED) {
            return;
        }
        problem.set(failure.sentence());
    }

    /** Whether there is nothing to run. */
    public boolean empty() {
        return input().isBlank();
    }

    /** Takes the sentence about the last failure away. */
    public void dismissProblem() {
        clearProblem();
    }

    private void clearProblem() {
        problem.set("");
        largestThatFits.set(0);
    }
}
