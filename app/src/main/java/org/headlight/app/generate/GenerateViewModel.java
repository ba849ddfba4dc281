package org.headlight.app.generate;

import javafx.beans.Observable;
import javafx.beans.property.DoubleProperty;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleDoubleProperty;
import javafx.beans.property.SimpleIntegerProperty;

import org.headlight.app.command.RunInput;
import org.headlight.app.input.InputViewModel;
import org.headlight.app.settings.SettingsModel;
import org.headlight.app.settings.WritingChoice;
import org.headlight.app.task.Failure;
import org.headlight.app.task.TaskRequest;
import org.headlight.app.task.TaskRunner;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.generate.GeneratedToken;
import org.headlight.engine.generate.Generation;
import org.headlight.engine.generate.GenerationOptions;
import org.headlight.engine.generate.Sampling;
import org.headlight.engine.model.Model;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/** Lets the model write on from the text. What is cancelled keeps what was written. */
public final class GenerateViewModel {
    private final TaskRunner tasks;
    private final InputViewModel input;
    private final BiConsumer<Capture, RunInput> captured;
    private final IntegerProperty maxTokens =
            new SimpleIntegerProperty(GenerationOptions.DEFAULT_TOKENS);
    private final DoubleProperty temperature = new SimpleDoubleProperty();
    private final IntegerProperty topK = new SimpleIntegerProperty();
    private final DoubleProperty topP = new SimpleDoubleProperty(1);
    private final IntegerProperty seed = new SimpleIntegerProperty();
    private final ReadOnlyBooleanWrapper writing = new ReadOnlyBooleanWrapper();
    private final ReadOnlyStringWrapper refusal = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper progress = new ReadOnlyStringWrapper("");
    private final ReadOnlyObjectWrapper<Written> written =
            new ReadOnlyObjectWrapper<>(Written.NOTHING);
    private AtomicBoolean stop = new AtomicBoolean();
    private @Nullable Generation last;
    private int runs;

    /**
     * Writes on from what {@code input} holds, with its model.
     *
     * @param captured gets the capture of every response, and owns it from then on
     */
    public GenerateViewModel(
            TaskRunner tasks, InputViewModel input, BiConsumer<Capture, RunInput> captured) {
        this.tasks = tasks;
        this.input = input;
        this.captured = captured;
        input.modelProperty().subscribe(this::opened);
    }

    private void opened(@Nullable Model model) {
        ended(++runs);
        refusal.set(
                model == null
                        ? "Only a model can write text: open one."
                        : model.cannotGenerate().orElse(""));
    }

    /** The most tokens that are written. */
    public IntegerProperty maxTokensProperty() {
        return maxTokens;
    }

    /** T of softmax(logits / T); 0 takes the most probable token. */
    public DoubleProperty temperatureProperty() {
        return temperature;
    }

    /** How many of the most probable tokens are drawn from; 0 for all. */
    public IntegerProperty topKProperty() {
        return topK;
    }

    /** How much probability the tokens that are drawn from have at least; 1 for all. */
    public DoubleProperty topPProperty() {
        return topP;
    }

    /** The seed of the draws. */
    public IntegerProperty seedProperty() {
        return seed;
    }

    /** Takes over how the model writes, and from then on has every change remembered. */
    public void remember(SettingsModel settings) {
        WritingChoice choice = settings.get().writing();
        maxTokens.set(choice.maxTokens());
        temperature.set(choice.temperature());
        topK.set(choice.topK());
        topP.set(choice.topP());
        seed.set(choice.seed());
        for (Observable property : List.of(maxTokens, temperature, topK, topP, seed)) {
            property.addListener(changed -> settings.change(now -> now.withWriting(choice())));
        }
    }

    private WritingChoice choice() {
        return new WritingChoice(
                maxTokens.get(), temperature.get(), topK.get(), topP.get(), seed.get());
    }

    /** Whether the model is writing. */
    public ReadOnlyBooleanProperty writingProperty() {
        return writing.getReadOnlyProperty();
    }

    /** Why the model cannot write, one sentence; empty when it can. */
    public ReadOnlyStringProperty refusalProperty() {
        return refusal.getReadOnlyProperty();
    }

    /** How far it is, in words; empty when it is not writing. */
    public ReadOnlyStringProperty progressProperty() {
        return progress.getReadOnlyProperty();
    }

    /** The text that is being written. */
    public ReadOnlyObjectProperty<Written> writtenProperty() {
        return written.getReadOnlyProperty();
    }

    /** What is known of each token that was written, if a capture is that of the last response. */
    public List<GeneratedToken> response(Capture capture) {
        Generation known = last;
        return known != null && known.capture().equals(capture) ? known.response() : List.of();
    }

    /** Lets the model write. What it writes already is given up for it. */
    public void generate() {
        Model model = input.modelProperty().get();
        if (model == null || !refusal.get().isEmpty()) {
            return;
        }
        input.dismissProblem();
        int run = ++runs;
        AtomicBoolean stopNow = new AtomicBoolean();
        stop = stopNow;
        String source = input.input();
        GenerationOptions options = options();
        written.set(Written.NOTHING);
        progress.set("Reading the prompt");
        writing.set(true);
        tasks.submit(
                TaskRequest.of(
                                InputViewModel.LANE,
                                "",
                                told -> write(run, model, source, options, told, stopNow))
                        .onDone(generation -> done(run, generation))
                        .onFailed(failure -> failed(run, failure))
                        .onDropped(Generation::close));
    }

    private GenerationOptions options() {
        return new GenerationOptions(
                maxTokens.get(),
                new Sampling(temperature.get(), topK.get(), topP.get(), seed.get()),
                false);
    }

    /** Stops the writing; what is there is kept. */
    public void cancel() {
        stop.set(true);
    }

    /** Writes in the background. */
    private Generation write(
            int run,
            Model model,
            String source,
            GenerationOptions options,
            Progress told,
            AtomicBoolean stopNow) {
        List<Token> prompt = InputViewModel.tokens(model, source);
        if (prompt.isEmpty()) {
            throw new BadInputException("There is nothing to write on from: type a text.");
        }
        WritingFeed feed =
                new WritingFeed(
                        tasks,
                        prompt,
                        news -> heard(run, news, prompt.size(), options.maxTokens()));
        return model.generate(prompt, options, feed, stoppable(told, stopNow));
    }

    private static Progress stoppable(Progress told, AtomicBoolean stopNow) {
        return new Progress() {
            @Override
            public void at(double fraction, String stage) {
                told.at(fraction, stage);
            }

            @Override
            public boolean cancelled() {
                return stopNow.get() || told.cancelled();
            }
        };
    }

    private void heard(int run, WritingFeed.News news, int prompt, int most) {
        if (run != runs || !writing.get()) {
            return;
        }
        written.set(new Written(news.tokens(), prompt));
        if (news.count() > 0) {
            progress.set(
                    String.format(
                            Locale.ROOT,
                            "Writing \u00b7 %,d of %,d tokens%s",
                            news.count(),
                            most,
                            rate(news.perSecond())));
        }
    }

    private static String rate(double perSecond) {
        return perSecond == 0
                ? ""
                : String.format(Locale.ROOT, " \u00b7 %,.0f tokens/s", perSecond);
    }

    private void done(int run, Generation generation) {
        if (run != runs) {
            generation.close();
            return;
        }
        last = generation;
        captured.accept(
                generation.capture(),
                new RunInput(
                        RunInput.Kind.TOKENS,
                        generation.capture().tokens().stream()
                                .map(token -> Integer.toString(token.id()))
                                .collect(Collectors.joining(","))));
        ended(run);
        generation.problem().ifPresent(why -> input.failed(Failure.of(new BadInputException(why))));
    }

    private void failed(int run, Failure failure) {
        if (run == runs) {
            ended(run);
            input.failed(failure);
        }
    }

    private void ended(int run) {
        if (run == runs) {
            writing.set(false);
            progress.set("");
            written.set(Written.NOTHING);
        }
    }

    /** What the last response was, in words; empty when a capture is not its. */
    public String summary(Capture capture) {
        Generation known = last;
        if (known == null || !known.capture().equals(capture)) {
            return "";
        }
        return String.format(
                Locale.ROOT,
                "%,d written (%s)%s",
                known.response().size(),
                known.stop().words(),
                rate(known.stepsPerSecond()));
    }
}
