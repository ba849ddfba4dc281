package org.headlight.app.rhythm;

import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.beans.property.SimpleObjectProperty;

import org.headlight.analysis.rhythm.Rhythm;
import org.headlight.analysis.rhythm.RhythmSettings;
import org.headlight.analysis.rhythm.RhythmSurvey;
import org.headlight.analysis.rhythm.RhythmToken;
import org.headlight.analysis.rhythm.Strategy;
import org.headlight.app.explore.ExploreViewModel;
import org.headlight.app.reading.ReadingState;
import org.headlight.app.task.Failure;
import org.headlight.app.task.TaskRequest;
import org.headlight.app.task.TaskRunner;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.model.Model;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.headlight.viz.control.strip.TokenMarks;
import org.headlight.viz.control.strip.TokenTint;
import org.headlight.viz.raster.Scale;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The rhythm of the response on show; every setting is a control. */
public final class RhythmViewModel {
    /** The lane in which maps are read and the model is run. */
    public static final String LANE = "rhythm";

    private static final String NOTHING =
            "Open a decoder, run a text and let the model write on (Generate): then this shows"
                    + " where the response plans and what it leans on.";

    private final TaskRunner tasks;
    private final ExploreViewModel explore;
    private final Supplier<Optional<Model>> model;
    private final ReadingState state = new ReadingState(NOTHING);
    private final RhythmControls controls = new RhythmControls();
    private final IntegerProperty responseFrom = new SimpleIntegerProperty();
    private final ObjectProperty<Strategy> strategy = new SimpleObjectProperty<>(Strategy.COUPLED);
    private final ObjectProperty<StripShows> strip = new SimpleObjectProperty<>(StripShows.WAAD);
    private final ReadOnlyObjectWrapper<@Nullable Rhythm> rhythm = new ReadOnlyObjectWrapper<>();
    private @Nullable Capture measured;
    private @Nullable Capture unsureOf;
    private double @Nullable [] entropy;
    private boolean active;
    private boolean placing;

    /** Nothing yet; works once it is shown. */
    public RhythmViewModel(
            TaskRunner tasks, ExploreViewModel explore, Supplier<Optional<Model>> model) {
        this.tasks = tasks;
        this.explore = explore;
        this.model = model;
        explore.captureProperty().addListener((property, old, now) -> exchanged());
        controls.all().forEach(setting -> setting.addListener(changed -> again()));
        responseFrom.addListener((property, old, now) -> {
            if (!placing) {
                again();
            }
        });
        strategy.addListener((property, old, now) -> dress());
        strip.addListener((property, old, now) -> dress());
    }

    /** What the pane has to say. */
    public ReadingState state() {
        return state;
    }

    RhythmControls controls() {
        return controls;
    }

    /** Position of the first token of the response. */
    public IntegerProperty responseFromProperty() {
        return responseFrom;
    }

    /** Whose weights are shown. */
    public ObjectProperty<Strategy> strategyProperty() {
        return strategy;
    }

    /** By what the token strip is tinted. */
    public ObjectProperty<StripShows> stripProperty() {
        return strip;
    }

    /** What was measured; null before it is known. */
    public ReadOnlyObjectProperty<@Nullable Rhythm> rhythmProperty() {
        return rhythm.getReadOnlyProperty();
    }

    /** What the measured capture was made from; empty before. */
    public String source() {
        Capture now = measured;
        return now == null ? "" : now.info().source();
    }

    /** The response begins at the query that is locked in the map. */
    void beginAtSelection() {
        var cell = explore.selectedCellProperty().get();
        if (cell != null) {
            responseFrom.set(cell.row());
        }
    }

    /** It is on show from now on. */
    void show() {
        active = true;
        if (!Objects.equals(explore.captureProperty().get(), measured)) {
            exchanged();
        } else {
            dress();
        }
    }

    /** It is on show no more; work that has begun is ended. */
    void hide() {
        active = false;
        tasks.cancel(LANE);
    }

    private void exchanged() {
        Capture capture = explore.captureProperty().get();
        measured = null;
        rhythm.set(null);
        if (!Objects.equals(unsureOf, capture)) {
            unsureOf = null;
            entropy = null;
        }
        state.empty(capture == null ? NOTHING : "Reading the maps of all heads \u2026");
        if (capture != null) {
            placing = true;
            responseFrom.set(RhythmInput.responseFrom(capture));
            placing = false;
        }
        dress();
        again();
    }

    private void again() {
        Capture capture = explore.captureProperty().get();
        if (!active || capture == null) {
            return;
        }
        RhythmSettings settings;
        try {
            settings = controls.settings();
        } catch (BadInputException e) {
            state.problem(String.valueOf(e.getMessage()));
            return;
        }
        int from = responseFrom.get();
        boolean known = capture.equals(unsureOf);
        double[] unsure = known ? entropy : null;
        Optional<Model> open = model.get();
        state.working(
                tasks.submit(
                        TaskRequest.of(
                                        LANE,
                                        "Rhythm of the response",
                                        progress ->
                                                measure(
                                                        capture, from, settings, known, unsure,
                                                        open, progress))
                                .onDone(found -> arrived(capture, found))
                                .onFailed(failure -> failed(capture, failure))));
    }

    private static Measured measure(
            Capture capture,
            int from,
            RhythmSettings settings,
            boolean known,
            double @Nullable [] entropy,
            Optional<Model> model,
            Progress progress) {
        double[] unsure =
                known
                        ? entropy
                        : RhythmInput.entropy(model, capture.tokens(), progress.part(0, 0.4));
        Rhythm rhythm =
                RhythmSurvey.of(
                        capture,
                        from,
                        unsure,
                        settings,
                        SweepOptions.standard(),
                        progress.part(0.4, 1));
        return new Measured(rhythm, unsure);
    }

    private void arrived(Capture capture, Measured found) {
        if (!capture.equals(explore.captureProperty().get())) {
            return;
        }
        measured = capture;
        unsureOf = capture;
        entropy = found.entropy;
        rhythm.set(found.rhythm);
        state.done();
        state.ready();
        found.rhythm.notes().stream()
                .filter(note -> note.contains("no token of it has an FAI"))
                .findFirst()
                .ifPresent(state::problem);
        dress();
    }

    private void failed(Capture capture, Failure failure) {
        if (!capture.equals(explore.captureProperty().get())) {
            return;
        }
        if (failure.kind() == Failure.Kind.BAD_INPUT && rhythm.get() == null) {
            state.empty(failure.sentence());
        } else {
            state.failed(failure);
        }
    }

    /** Tints and marks the token strip, while this is on show. */
    private void dress() {
        if (!active) {
            return;
        }
        Rhythm now = rhythm.get();
        explore.dress().tintProperty().set(now == null ? null : tint(now));
        explore.dress()
                .marks()
                .setAll(
                        now == null
                                ? List.of()
                                : List.of(
                                        new TokenMarks(
                                                "preplan",
                                                TokenMarks.Sign.ABOVE,
                                                positions(now, t -> t.marks().preplan())),
                                        new TokenMarks(
                                                "anchor",
                                                TokenMarks.Sign.BELOW,
                                                positions(now, t -> t.marks().anchor()))));
    }

    private @Nullable TokenTint tint(Rhythm now) {
        float[] values = new float[now.tokens().size()];
        float low = Float.POSITIVE_INFINITY;
        float high = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) strip.get().of(now.tokens().get(i), strategy.get());
            low = values[i] < low ? values[i] : low;
            high = values[i] > high ? values[i] : high;
        }
        return high > low
                ? TokenTint.of(strip.get().title(), values, new Scale(Scale.Kind.LINEAR, low, high))
                : null;
    }

    private static Set<Integer> positions(Rhythm rhythm, Predicate<RhythmToken> which) {
        return rhythm.tokens().stream()
                .filter(which)
                .map(RhythmToken::position)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** A measurement, and the entropies that it was made with. */
    private static final class Measured {
        private final Rhythm rhythm;
        private final double @Nullable [] entropy;

        Measured(Rhythm rhythm, double @Nullable [] entropy) {
            this.rhythm = rhythm;
            this.entropy = entropy;
        }
    }
}
