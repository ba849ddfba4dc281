package org.headlight.app.sinks;

import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleIntegerProperty;

import org.headlight.analysis.sinks.Eviction;
import org.headlight.analysis.sinks.EvictionResult;
import org.headlight.analysis.sinks.EvictionSettings;
import org.headlight.app.explore.ExploreViewModel;
import org.headlight.app.reading.ReadingState;
import org.headlight.app.task.TaskRequest;
import org.headlight.app.task.TaskRunner;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.model.Model;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.token.Token;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Evicting the first keys from a cache, and what comes of it. */
public final class EvictionViewModel {
    /** The lane in which the model runs. */
    public static final String LANE = "eviction";

    private static final String NOTHING = "Run: the same text with caches of one size.";

    private final TaskRunner tasks;
    private final ExploreViewModel explore;
    private final Supplier<Optional<Model>> model;
    private final ReadingState state = new ReadingState(NOTHING);
    private final IntegerProperty window =
            new SimpleIntegerProperty(EvictionSettings.STANDARD.window());
    private final IntegerProperty first =
            new SimpleIntegerProperty(EvictionSettings.STANDARD.sinks());
    private final ReadOnlyObjectWrapper<@Nullable EvictionResult> result =
            new ReadOnlyObjectWrapper<>();

    /**
     * Nothing yet.
     *
     * @param model the open model, if one is open
     */
    public EvictionViewModel(
            TaskRunner tasks, ExploreViewModel explore, Supplier<Optional<Model>> model) {
        this.tasks = tasks;
        this.explore = explore;
        this.model = model;
        explore.captureProperty().addListener((property, old, now) -> forget());
        suit();
    }

    public ReadingState state() {
        return state;
    }

    /** Keys in the cache. */
    public IntegerProperty windowProperty() {
        return window;
    }

    /** First keys that are kept. */
    public IntegerProperty firstProperty() {
        return first;
    }

    /** What eviction did; null before it has run. */
    public ReadOnlyObjectProperty<@Nullable EvictionResult> resultProperty() {
        return result.getReadOnlyProperty();
    }

    private void forget() {
        tasks.cancel(LANE);
        result.set(null);
        state.empty(NOTHING);
        suit();
    }

    /** The published cache, or half of a text that is shorter. */
    private void suit() {
        Capture capture = explore.captureProperty().get();
        if (capture != null) {
            EvictionSettings usual = EvictionSettings.forText(capture.tokens().size());
            window.set(usual.window());
            first.set(usual.sinks());
        }
    }

    /** Runs the text with each cache. */
    public void run() {
        Capture capture = explore.captureProperty().get();
        Optional<Model> open = model.get();
        if (capture == null || open.isEmpty()) {
            state.problem(
                    "Eviction runs the model again, and what is open is no model but a capture or"
                            + " dump; open the model itself.");
            return;
        }
        try {
            submit(open.get(), capture, new EvictionSettings(window.get(), first.get()));
        } catch (BadInputException e) {
            state.problem(String.valueOf(e.getMessage()));
        }
    }

    private void submit(Model open, Capture capture, EvictionSettings settings) {
        List<Token> tokens = List.copyOf(capture.tokens());
        state.working(
                tasks.submit(
                        TaskRequest.of(
                                        LANE,
                                        "Running with a cache of " + settings.window() + " keys",
                                        progress ->
                                                new Eviction(open).run(tokens, settings, progress))
                                .onDone(done -> {
                                    if (capture.equals(explore.captureProperty().get())) {
                                        result.set(done);
                                        state.done();
                                        state.ready();
                                    }
                                })
                                .onFailed(failure -> {
                                    if (capture.equals(explore.captureProperty().get())) {
                                        state.failed(failure);
                                    }
                                })));
    }
}
