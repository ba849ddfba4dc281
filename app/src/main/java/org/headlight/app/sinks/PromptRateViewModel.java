package org.headlight.app.sinks;

import javafx.beans.property.BooleanProperty;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.beans.property.SimpleObjectProperty;

import org.headlight.analysis.sinks.PromptRate;
import org.headlight.analysis.sinks.PromptSettings;
import org.headlight.analysis.sinks.PromptSurvey;
import org.headlight.analysis.sinks.PromptTexts;
import org.headlight.app.input.TextFile;
import org.headlight.app.reading.ReadingState;
import org.headlight.app.task.Failure;
import org.headlight.app.task.TaskRequest;
import org.headlight.app.task.TaskRunner;
import org.headlight.assets.Assets;
import org.headlight.assets.SampleText;
import org.headlight.engine.model.Model;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.headlight.viz.raster.NumberText;
import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/** The sink rate over many prompts; what is cancelled keeps the prompts that were run. */
public final class PromptRateViewModel {
    /** The lane in which the model runs. */
    public static final String LANE = "sink prompts";

    private static final String NOTHING = "Run: the model reads prompt after prompt.";

    private final TaskRunner tasks;
    private final Assets assets;
    private final Supplier<Optional<Model>> model;
    private final DoubleSupplier epsilon;
    private final ReadingState state = new ReadingState(NOTHING);
    private final ObjectProperty<Optional<Path>> file =
            new SimpleObjectProperty<>(Optional.empty());
    private final IntegerProperty length = new SimpleIntegerProperty(PromptRate.LENGTH);
    private final IntegerProperty most = new SimpleIntegerProperty(PromptSettings.PROMPTS);
    private final BooleanProperty pieces = new SimpleBooleanProperty(true);
    private final ReadOnlyObjectWrapper<@Nullable PromptResult> result =
            new ReadOnlyObjectWrapper<>();
    private int runs;

    /**
     * Nothing yet.
     *
     * @param model the open model, if one is open
     * @param epsilon received mass above which a head counts, asked at each run
     */
    public PromptRateViewModel(
            TaskRunner tasks,
            Assets assets,
            Supplier<Optional<Model>> model,
            DoubleSupplier epsilon) {
        this.tasks = tasks;
        this.assets = assets;
        this.model = model;
        this.epsilon = epsilon;
    }

    public ReadingState state() {
        return state;
    }

    /** The file with the texts; empty for the book that is built in. */
    public ObjectProperty<Optional<Path>> fileProperty() {
        return file;
    }

    /** Tokens of a prompt. */
    public IntegerProperty lengthProperty() {
        return length;
    }

    /** How many prompts are run, at most. */
    public IntegerProperty mostProperty() {
        return most;
    }

    /** Whether texts are cut into pieces; otherwise their beginnings are the prompts. */
    public BooleanProperty piecesProperty() {
        return pieces;
    }

    /** What was measured; null before. */
    public ReadOnlyObjectProperty<@Nullable PromptResult> resultProperty() {
        return result.getReadOnlyProperty();
    }

    /** Another source is open. */
    void forget() {
        runs++;
        tasks.cancel(LANE);
        result.set(null);
        state.empty(NOTHING);
    }

    /** Runs the prompts. */
    public void run() {
        Optional<Model> open = model.get();
        if (open.isEmpty()) {
            state.problem(
                    "Prompts are run by the model, and what is open is no model but a capture or"
                            + " dump; open the model itself.");
            return;
        }
        try {
            submit(open.get(), settings(), new PromptRate(length.get(), epsilon.getAsDouble()));
        } catch (BadInputException e) {
            state.problem(String.valueOf(e.getMessage()));
        }
    }

    private PromptSettings settings() {
        boolean cut = pieces.get() || file.get().isEmpty();
        return new PromptSettings(length.get(), cut, most.get());
    }

    private void submit(Model open, PromptSettings settings, PromptRate rate) {
        int run = ++runs;
        Optional<Path> from = file.get();
        List<String> options = options(from, settings);
        state.run(
                tasks,
                TaskRequest.of(
                                LANE,
                                "Sink rate over prompts",
                                progress -> measure(open, from, settings, rate, progress))
                        .onDone(done -> arrived(run, new PromptResult(rate, true, options)))
                        .onFailed(failure -> ended(run, failure, rate, options)));
    }

    private PromptRate measure(
            Model open,
            Optional<Path> from,
            PromptSettings settings,
            PromptRate rate,
            Progress progress) {
        new PromptSurvey(open, SweepOptions.standard())
                .run(texts(from, settings.pieces()), settings, rate, progress);
        return rate;
    }

    private PromptTexts texts(Optional<Path> from, boolean whole) {
        if (from.isPresent()) {
            return PromptTexts.of(from.get().toString(), TextFile.read(from.get()), whole);
        }
        SampleText book = assets.haystack();
        return PromptTexts.of(book.name(), book.text(), true);
    }

    private void arrived(int run, PromptResult found) {
        if (run == runs) {
            result.set(found);
            state.ready();
        }
    }

    private void ended(int run, Failure failure, PromptRate rate, List<String> options) {
        if (run == runs && failure.kind() == Failure.Kind.CANCELLED && rate.used() > 0) {
            arrived(run, new PromptResult(rate, false, options));
        }
    }

    /** As the command line takes them. */
    private static List<String> options(Optional<Path> from, PromptSettings settings) {
        List<String> words = new ArrayList<>();
        words.add("--prompts");
        words.add(from.map(Path::toString).orElse("haystack"));
        words.add("--length");
        words.add(Integer.toString(settings.length()));
        words.add("--most");
        words.add(Integer.toString(settings.most()));
        if (settings.pieces() && from.isPresent()) {
            words.add("--pieces");
        }
        return List.copyOf(words);
    }

    /**
     * What was measured.
     *
     * @param rate of the prompts that were run
     * @param complete whether none was left out by a cancellation
     * @param options how the command line would measure the same
     */
    public record PromptResult(PromptRate rate, boolean complete, List<String> options) {
        public PromptResult {
            options = List.copyOf(options);
        }

        /** The rate in words. */
        public String summary() {
            String skipped =
                    rate.tooShort() == 0
                            ? ""
                            : String.format(Locale.ROOT, "; %,d were shorter", rate.tooShort());
            return String.format(
                    Locale.ROOT,
                    "Sink rate at token 0: %.1f %% over %,d prompts of %,d tokens (\u03b5 %s%s)%s",
                    100 * rate.rate()[0],
                    rate.used(),
                    rate.length(),
                    NumberText.plain(rate.epsilon()),
                    skipped,
                    complete ? "" : ", before it was stopped");
        }
    }
}
