package org.headlight.app.retrieval;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.headlight.analysis.retrieval.HeadMask;
import org.headlight.analysis.retrieval.HeadScore;
import org.headlight.analysis.retrieval.MaskPhase;
import org.headlight.analysis.retrieval.RetrievalPlan;
import org.headlight.analysis.retrieval.RetrievalScores;
import org.headlight.analysis.retrieval.RetrievalStudy;
import org.headlight.analysis.retrieval.ScoreKind;
import org.headlight.analysis.retrieval.Trial;
import org.headlight.analysis.retrieval.TrialCase;
import org.headlight.analysis.retrieval.TrialStore;
import org.headlight.app.command.RunInput;
import org.headlight.app.open.Opened;
import org.headlight.app.reading.ReadingState;
import org.headlight.app.task.Failure;
import org.headlight.app.task.TaskRequest;
import org.headlight.app.task.TaskRunner;
import org.headlight.app.task.TaskStatus;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.generate.Generation;
import org.headlight.engine.model.Model;
import org.headlight.engine.source.Source;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.headlight.engine.token.Tokenizer;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Trials with the open model: started, cancelled, shown as they come, and checked by masking. */
public final class RetrievalViewModel {
    /** The lane in which trials are made. */
    public static final String LANE = "retrieval";

    /** The lane in which a trial is made again, to be looked at. */
    public static final String REPLAY_LANE = "retrieval-replay";

    private static final String NO_MODEL =
            "Open a model: retrieval heads are found by asking it for facts hidden in a long text.";

    private static final String START =
            "Start the trials: facts are hidden in a long text and asked for, and every head is"
                    + " scored by what it copies. Finished trials are kept, so cancelling loses"
                    + " nothing.";

    private final TaskRunner tasks;
    private final RetrievalDefaults defaults;
    private final Supplier<TrialStore> stores;
    private final BiConsumer<Capture, RunInput> captured;
    private final RetrievalSetup setup = new RetrievalSetup();
    private final ReadingState state = new ReadingState(NO_MODEL);
    private final ReadOnlyObjectWrapper<@Nullable RetrievalResult> result =
            new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable RetrievalScores> scores =
            new ReadOnlyObjectWrapper<>();
    private final ObjectProperty<@Nullable Trial> trial = new SimpleObjectProperty<>();
    private final ObservableList<Trial> trials = FXCollections.observableArrayList();
    private final ReadOnlyBooleanWrapper startable = new ReadOnlyBooleanWrapper();
    private final ReadOnlyBooleanWrapper maskable = new ReadOnlyBooleanWrapper();
    private @Nullable Model model;
    private @Nullable Capture shown;
    private @Nullable Trial shownTrial;
    private int runs;
    private int ended;

    /**
     * Waits for a model.
     *
     * @param stores where trials are kept; asked on a background thread
     * @param captured gets the capture of a trial that is to be looked at, and owns it from then on
     */
    public RetrievalViewModel(
            TaskRunner tasks,
            ReadOnlyObjectProperty<@Nullable Opened> opened,
            RetrievalDefaults defaults,
            Supplier<TrialStore> stores,
            BiConsumer<Capture, RunInput> captured) {
        this.tasks = tasks;
        this.defaults = defaults;
        this.stores = stores;
        this.captured = captured;
        opened.subscribe(this::opened);
    }

    private void opened(@Nullable Opened now) {
        runs++;
        tasks.cancel(LANE);
        tasks.cancel(REPLAY_LANE);
        model = now != null && now.source() instanceof Source.ModelSource m ? m.model() : null;
        clear();
        Model open = model;
        if (open == null) {
            state.empty(
                    now == null
                            ? NO_MODEL
                            : "A capture or a dump cannot answer questions: open a model to find"
                                    + " its retrieval heads.");
            return;
        }
        Optional<String> refusal = open.cannotGenerate();
        state.empty(refusal.orElse(START));
        startable.set(refusal.isEmpty());
        setup.suit(defaults, open.info());
    }

    private void clear() {
        result.set(null);
        scores.set(null);
        trials.clear();
        trial.set(null);
        shown = null;
        shownTrial = null;
        startable.set(false);
        maskable.set(false);
    }

    /** What the pane has to say. */
    public ReadingState state() {
        return state;
    }

    public RetrievalSetup setup() {
        return setup;
    }

    /** The trials that are there, and what masking did; null before the first. */
    public ReadOnlyObjectProperty<@Nullable RetrievalResult> resultProperty() {
        return result.getReadOnlyProperty();
    }

    /** The scores over the trials that are there; null before the first. */
    public ReadOnlyObjectProperty<@Nullable RetrievalScores> scoresProperty() {
        return scores.getReadOnlyProperty();
    }

    /** The trials of the chosen cell of the grid. */
    public ObservableList<Trial> trials() {
        return trials;
    }

    /** The trial that is looked at; null for none. */
    public ObjectProperty<@Nullable Trial> trialProperty() {
        return trial;
    }

    /** Whether there is a model that can be asked. */
    public ReadOnlyBooleanProperty startableProperty() {
        return startable.getReadOnlyProperty();
    }

    /** Whether all trials are there and one of them succeeded. */
    public ReadOnlyBooleanProperty maskableProperty() {
        return maskable.getReadOnlyProperty();
    }

    /** Makes the trials, or goes on with them. */
    public void start() {
        Model open = model;
        if (open == null || !startable.get()) {
            return;
        }
        int run = ++runs;
        RetrievalSetup.Snapshot wanted = setup.snapshot();
        maskable.set(false);
        began(
                run,
                tasks.submit(
                        TaskRequest.of(
                                        LANE,
                                        "Retrieval heads",
                                        progress -> trials(open, wanted, run, progress))
                                .onDone(found -> finished(run, found))
                                .onFailed(failure -> failed(run, failure))));
    }

    private RetrievalResult trials(
            Model open, RetrievalSetup.Snapshot wanted, int run, Progress progress) {
        RetrievalPlan plan = wanted.plan(defaults, open.info());
        RetrievalStudy study = new RetrievalStudy(open, plan, stores.get());
        TrialFeed feed = feed(open, plan, run);
        study.run(feed::trial, progress);
        return feed.result();
    }

    private TrialFeed feed(Model open, RetrievalPlan plan, int run) {
        return new TrialFeed(
                tasks,
                open.info().name(),
                plan,
                now -> {
                    if (run == runs && state.workProperty().get() != null) {
                        show(now);
                    }
                });
    }

    /** Makes the trials again with the top heads masked, and with random ones. */
    public void mask() {
        Model open = model;
        RetrievalResult base = result.get();
        RetrievalScores measured = scores.get();
        if (open == null || base == null || measured == null || !maskable.get()) {
            return;
        }
        int run = ++runs;
        int count = setup.maskedProperty().get();
        ScoreKind kind = setup.kindProperty().get();
        MaskPhase phase = setup.phaseProperty().get();
        long seed = setup.seedProperty().get();
        began(
                run,
                tasks.submit(
                        TaskRequest.of(
                                        LANE,
                                        "Retrieval heads: causal check",
                                        progress ->
                                                masked(
                                                        open,
                                                        base,
                                                        List.of(
                                                                HeadMask.top(measured, kind, count),
                                                                HeadMask.random(
                                                                        measured, kind, count,
                                                                        seed)),
                                                        phase,
                                                        seed,
                                                        run,
                                                        progress))
                                .onDone(found -> finished(run, found))
                                .onFailed(failure -> failed(run, failure))));
    }

    @SuppressWarnings("TooManyParameters")
    private RetrievalResult masked(
            Model open,
            RetrievalResult base,
            List<HeadMask> masks,
            MaskPhase phase,
            long seed,
            int run,
            Progress progress) {
        RetrievalStudy study = new RetrievalStudy(open, base.plan(), stores.get());
        TrialFeed feed = feed(open, base.plan(), run);
        feed.trials(base.trials());
        for (int i = 0; i < masks.size(); i++) {
            HeadMask mask = masks.get(i);
            Progress part = progress.part((double) i / masks.size(), (i + 1.0) / masks.size());
            feed.finished(
                    new RetrievalResult.Masked(
                            mask,
                            phase,
                            seed,
                            study.masked(
                                    mask,
                                    phase,
                                    base.trials(),
                                    one -> feed.masked(mask, phase, seed, one),
                                    part)));
        }
        return feed.result();
    }

    /** Work may have ended by the time that it is known to have begun. */
    private void began(int run, TaskStatus status) {
        if (ended != run) {
            state.working(status);
        }
    }

    private void finished(int run, RetrievalResult found) {
        if (run != runs) {
            return;
        }
        ended = run;
        state.done();
        show(found);
        RetrievalScores measured = found.scores();
        maskable.set(measured.succeeded() > 0);
        if (measured.succeeded() == 0) {
            state.problem(
                    "None of the "
                            + measured.trials()
                            + " trials succeeded, so no head has a score; take shorter lengths,"
                            + " other needles, or a model that answers them.");
        }
    }

    private void failed(int run, Failure failure) {
        if (run == runs) {
            ended = run;
            state.failed(failure);
            RetrievalResult there = result.get();
            boolean whole = there != null && there.trials().size() == there.plan().cases().size();
            maskable.set(whole && there.scores().succeeded() > 0);
        }
    }

    private void show(RetrievalResult now) {
        result.set(now);
        scores.set(now.scores());
        state.ready();
        Trial chosen = trial.get();
        if (chosen == null) {
            now.trials().stream()
                    .findFirst()
                    .ifPresent(first -> choose(first.length(), first.depth()));
        } else {
            trials.setAll(of(now, chosen.length(), chosen.depth()));
        }
    }

    private static List<Trial> of(RetrievalResult from, int length, double depth) {
        return from.trials().stream()
                .filter(t -> t.length() == length && t.depth() == depth)
                .toList();
    }

    /** Looks at the trials of a cell of the grid. */
    public void choose(int length, double depth) {
        RetrievalResult now = result.get();
        if (now != null) {
            trials.setAll(of(now, length, depth));
            trial.set(trials.isEmpty() ? null : trials.getFirst());
        }
    }

    /** The heads by score, highest first; empty without a successful trial. */
    public List<HeadScore> ranking() {
        RetrievalScores now = scores.get();
        return now == null || now.succeeded() == 0
                ? List.of()
                : now.ranked(setup.kindProperty().get());
    }

    /** What the heads copied in the trial that is looked at. */
    public List<Evidence> evidence() {
        Trial now = trial.get();
        Optional<Tokenizer> tokenizer = model == null ? Optional.empty() : model.tokenizer();
        return now == null ? List.of() : Evidence.of(now, id -> text(tokenizer, id));
    }

    private static String text(Optional<Tokenizer> tokenizer, int id) {
        return tokenizer.map(t -> t.describe(new int[] {id}).getFirst().text()).orElse("#" + id);
    }

    /** Whether the capture on show is that of the trial that is looked at. */
    public boolean onMap(@Nullable Capture capture) {
        return capture != null && capture.equals(shown) && sameTrial();
    }

    private boolean sameTrial() {
        Trial now = trial.get();
        return now != null && now.equals(shownTrial);
    }

    /** Makes the trial that is looked at again, and shows its map. */
    public void showOnMap() {
        Model open = model;
        RetrievalResult now = result.get();
        Trial wanted = trial.get();
        if (open == null || now == null || wanted == null) {
            return;
        }
        tasks.submit(
                TaskRequest.of(
                                REPLAY_LANE,
                                "Showing a trial",
                                progress -> replay(open, now.plan(), wanted, progress))
                        .onDone(generation -> {
                            if (open.equals(model)) {
                                shown = generation.capture();
                                shownTrial = wanted;
                                captured.accept(generation.capture(), input(generation));
                            } else {
                                generation.close();
                            }
                        })
                        .onFailed(failure -> {
                            if (failure.kind() != Failure.Kind.CANCELLED) {
                                state.problem(failure.sentence());
                            }
                        })
                        .onDropped(Generation::close));
    }

    private Generation replay(Model open, RetrievalPlan plan, Trial wanted, Progress progress) {
        RetrievalStudy study = new RetrievalStudy(open, plan, stores.get());
        TrialCase which = study.caseOf(wanted).orElseThrow();
        return study.replay(which, progress);
    }

    private static RunInput input(Generation generation) {
        return new RunInput(
                RunInput.Kind.TOKENS,
                generation.capture().tokens().stream()
                        .map(Token::id)
                        .map(String::valueOf)
                        .collect(Collectors.joining(",")));
    }
}
