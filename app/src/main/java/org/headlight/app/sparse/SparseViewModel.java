package org.headlight.app.sparse;

import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.run.Repeats;
import org.headlight.analysis.sparse.run.SettledTimes;
import org.headlight.analysis.sparse.run.SparseResult;
import org.headlight.analysis.sparse.run.SparseStudy;
import org.headlight.app.explore.ExploreViewModel;
import org.headlight.app.open.Opened;
import org.headlight.app.reading.ReadingState;
import org.headlight.app.task.TaskRequest;
import org.headlight.app.task.TaskRunner;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.model.Model;
import org.headlight.engine.problem.Problem;
import org.headlight.engine.source.Source;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Runs the text on show sparsely, by what the setup says, and keeps the run that is looked at. */
final class SparseViewModel {
    /** The lane of runs and sweeps: both measure time, so that they never run together. */
    static final String LANE = "sparse";

    static final String NO_MODEL =
            "Open a model and run a text: it is run again here with sparse attention, and both are"
                    + " compared.";
    static final String NO_TEXT =
            "Run a text first: it is run again here with sparse attention, and both are compared.";
    static final String CAPTURE =
            "A capture or a dump cannot be run again: open the model itself to run it sparsely.";
    static final String START =
            "Choose a policy and run it: the same text with sparse attention, the work really"
                    + " skipped, and what that keeps, loses and saves.";

    private final TaskRunner tasks;
    private final ExploreViewModel explore;
    private final ReadOnlyObjectProperty<@Nullable Opened> opened;
    private final Function<Model, SparseStudy> studies;
    private final SparseSetup setup;
    private final ReadingState state = new ReadingState(NO_MODEL);
    private final DenseKeeper dense = new DenseKeeper();
    private @Nullable SparseStudy study;
    private @Nullable Model studied;
    private final ReadOnlyObjectWrapper<@Nullable SparseRun> run = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyBooleanWrapper runnable = new ReadOnlyBooleanWrapper();

    /**
     * Follows the capture on show and what is open.
     *
     * @param studies makes the study of a model
     * @param policies those that can be chosen
     */
    SparseViewModel(
            TaskRunner tasks,
            ExploreViewModel explore,
            ReadOnlyObjectProperty<@Nullable Opened> opened,
            Function<Model, SparseStudy> studies,
            List<Policy> policies) {
        this.tasks = tasks;
        this.explore = explore;
        this.opened = opened;
        this.studies = studies;
        this.setup = new SparseSetup(policies, new Heads(explore));
        opened.subscribe(now -> restart());
        explore.captureProperty().subscribe(now -> restart());
    }

    /** What the pane has to show. */
    ReadingState state() {
        return state;
    }

    /** What is to be run. */
    SparseSetup setup() {
        return setup;
    }

    /** The run that is looked at; null before the first. */
    ReadOnlyObjectProperty<@Nullable SparseRun> runProperty() {
        return run.getReadOnlyProperty();
    }

    /** Whether there is a model and a text. */
    ReadOnlyBooleanProperty runnableProperty() {
        return runnable.getReadOnlyProperty();
    }

    /** The open model; empty when a capture or a dump is open. */
    Optional<Model> model() {
        Opened now = opened.get();
        return now != null && now.source() instanceof Source.ModelSource source
                ? Optional.of(source.model())
                : Optional.empty();
    }

    /** The text on show; empty without a capture. */
    List<Token> tokens() {
        Capture capture = explore.captureProperty().get();
        return capture == null ? List.of() : capture.tokens();
    }

    private void restart() {
        tasks.cancel(LANE);
        run.set(null);
        Model model = model().orElse(null);
        List<Token> text = tokens();
        tasks.afterwards(List.of(LANE), () -> dense.keepOnly(model, text));
        Capture capture = explore.captureProperty().get();
        boolean there = capture != null && !capture.tokens().isEmpty();
        runnable.set(model().isPresent() && there);
        state.empty(sentence(there));
        if (runnable.get()) {
            state.ready();
        }
        if (capture != null && there) {
            setup.suit(
                    capture.tokens().size(),
                    capture.responseFrom(),
                    model != null && SparseStudy.looksAhead(model));
        }
    }

    private String sentence(boolean text) {
        if (opened.get() == null) {
            return NO_MODEL;
        }
        if (model().isEmpty()) {
            return CAPTURE;
        }
        return text ? START : NO_TEXT;
    }

    /** Runs what the setup says. An older run that lasts is given up for it. */
    void run() {
        Optional<Model> model = model();
        List<Token> tokens = tokens();
        if (model.isEmpty() || tokens.isEmpty()) {
            return;
        }
        SparseSetup.Wanted wanted;
        try {
            wanted = setup.wanted(tokens);
        } catch (Problem e) {
            state.problem(String.valueOf(e.getMessage()));
            return;
        }
        state.run(
                tasks,
                TaskRequest.of(
                                LANE,
                                "Sparse run",
                                progress -> work(model.get(), tokens, wanted, progress))
                        .onDone(result -> {
                            if (tokens.equals(tokens()) && model.equals(model())) {
                                show(new SparseRun(result, wanted.scopes(), wanted.needle()));
                            }
                        }));
    }

    private SparseResult work(
            Model model, List<Token> tokens, SparseSetup.Wanted wanted, Progress progress) {
        SparseStudy study = study(model);
        boolean maps = SparseStudy.needsCapture(wanted.assignment());
        progress.at(-1, "Dense run");
        SettledTimes.Dense against = dense(model, study, tokens, maps, progress.part(0, 0.3));
        progress.at(0.3, "Sparse run");
        SparseResult first =
                study.run(
                        against.run(),
                        wanted.prompt(),
                        wanted.assignment(),
                        wanted.options(),
                        progress.part(0.3, 0.8));
        return new SettledTimes(study, Repeats.SHORT).sparse(against, first, progress.part(0.8, 1));
    }

    /** The dense run over a text, kept as long as the text is on show; on the lane's thread. */
    SettledTimes.Dense dense(
            Model model, SparseStudy study, List<Token> tokens, boolean maps, Progress progress) {
        SettledTimes times = new SettledTimes(study, Repeats.SHORT);
        return dense.get(model, times, tokens, maps, progress);
    }

    /** The study of a model; the same one as long as the model is asked for. */
    synchronized SparseStudy study(Model model) {
        SparseStudy there = study;
        if (there == null || !model.equals(studied)) {
            there = studies.apply(model);
            study = there;
            studied = model;
        }
        return there;
    }

    /** Looks at a run that was made elsewhere. */
    void show(SparseRun now) {
        run.set(now);
        state.ready();
    }
}
