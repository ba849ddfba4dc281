package org.headlight.app.sinks;

import javafx.beans.property.BooleanProperty;
import javafx.beans.property.DoubleProperty;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleDoubleProperty;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.headlight.analysis.sinks.HeadReceived;
import org.headlight.analysis.sinks.Sink;
import org.headlight.analysis.sinks.SinkReport;
import org.headlight.analysis.sinks.SinkSurvey;
import org.headlight.analysis.sinks.SinkThresholds;
import org.headlight.app.explore.ExploreViewModel;
import org.headlight.app.reading.ReadingState;
import org.headlight.app.sinks.PromptRateViewModel.PromptResult;
import org.headlight.app.task.TaskRequest;
import org.headlight.app.task.TaskRunner;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.viz.control.grid.HeadRef;
import org.headlight.viz.control.strip.TokenMarks;
import org.headlight.viz.control.strip.TokenTint;
import org.headlight.viz.raster.NumberText;
import org.headlight.viz.raster.Scale;
import org.headlight.viz.raster.ValueGrid;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Where the sinks of the text on show are; every threshold is a control. */
public final class SinksViewModel {
    /** The lane in which the maps are read. */
    public static final String LANE = "sinks";

    /** Tokens that fewer queries look at are left out unless the user says otherwise. */
    static final int MIN_QUERIES = 8;

    private static final String NOTHING =
            "Open a model and run a text, or open a capture or a dump: then this shows which tokens"
                    + " its heads pour their attention into.";

    private final TaskRunner tasks;
    private final ExploreViewModel explore;
    private final ReadingState state = new ReadingState(NOTHING);
    private final DoubleProperty epsilon =
            new SimpleDoubleProperty(SinkThresholds.STANDARD.epsilon());
    private final DoubleProperty threshold =
            new SimpleDoubleProperty(SinkThresholds.STANDARD.threshold());
    private final IntegerProperty minQueries = new SimpleIntegerProperty(MIN_QUERIES);
    private final ObjectProperty<SinkMeasure> measure =
            new SimpleObjectProperty<>(SinkMeasure.FIRST);
    private final BooleanProperty allHeads = new SimpleBooleanProperty();
    private final ReadOnlyObjectWrapper<@Nullable SinkReport> report =
            new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<ValueGrid> matrix =
            new ReadOnlyObjectWrapper<>(ValueGrid.EMPTY);
    private final ReadOnlyObjectWrapper<float @Nullable []> profile = new ReadOnlyObjectWrapper<>();
    private final ObservableList<Sink> sinks = FXCollections.observableArrayList();
    private final ReadOnlyStringWrapper none = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper summary = new ReadOnlyStringWrapper("");
    private @Nullable PromptResult prompts;
    private @Nullable Capture surveyed;
    private boolean active;

    /** Nothing yet; works once it is shown. */
    public SinksViewModel(TaskRunner tasks, ExploreViewModel explore) {
        this.tasks = tasks;
        this.explore = explore;
        explore.captureProperty().addListener((property, old, now) -> restart());
        explore.shownHeadProperty().addListener((property, old, now) -> showHead());
        epsilon.addListener((property, old, now) -> showAll());
        threshold.addListener((property, old, now) -> showAll());
        minQueries.addListener((property, old, now) -> showAll());
        measure.addListener((property, old, now) -> showAll());
        allHeads.addListener((property, old, now) -> showHead());
    }

    /** What the pane has to say. */
    public ReadingState state() {
        return state;
    }

    /** Received mass above which a head counts for the sink rate. */
    public DoubleProperty epsilonProperty() {
        return epsilon;
    }

    /** Received mass above which a token is a sink. */
    public DoubleProperty thresholdProperty() {
        return threshold;
    }

    /** Least queries that may look at a token for it to be listed. */
    public IntegerProperty minQueriesProperty() {
        return minQueries;
    }

    /** What the matrix shows. */
    public ObjectProperty<SinkMeasure> measureProperty() {
        return measure;
    }

    /** Whether profile, list and tint are the mean over all heads instead of the head on show. */
    public BooleanProperty allHeadsProperty() {
        return allHeads;
    }

    /** What every head's tokens receive; null before it is known. */
    public ReadOnlyObjectProperty<@Nullable SinkReport> reportProperty() {
        return report.getReadOnlyProperty();
    }

    /** The measure by site and head. */
    public ReadOnlyObjectProperty<ValueGrid> matrixProperty() {
        return matrix.getReadOnlyProperty();
    }

    /** What each token receives, from the head on show or on average. */
    public ReadOnlyObjectProperty<float @Nullable []> profileProperty() {
        return profile.getReadOnlyProperty();
    }

    /** The tokens above the threshold, most received first. */
    public ObservableList<Sink> sinks() {
        return sinks;
    }

    /** Why no token is listed, one sentence. */
    public ReadOnlyStringProperty noneProperty() {
        return none.getReadOnlyProperty();
    }

    /** The sink rate in words. */
    public ReadOnlyStringProperty summaryProperty() {
        return summary.getReadOnlyProperty();
    }

    /** The thresholds that are set. */
    public SinkThresholds thresholds() {
        return new SinkThresholds(epsilon.get(), threshold.get(), minQueries.get());
    }

    /** The rate over many prompts, which the matrix shows at once; null for none any more. */
    void prompts(@Nullable PromptResult now) {
        prompts = now;
        if (now != null) {
            measure.set(SinkMeasure.PROMPTS);
        } else if (measure.get() == SinkMeasure.PROMPTS) {
            measure.set(SinkMeasure.FIRST);
        }
        showAll();
    }

    /** It is on show from now on. */
    void show() {
        active = true;
        if (!Objects.equals(explore.captureProperty().get(), surveyed)) {
            restart();
        } else {
            dress();
        }
    }

    /** It is on show no more; work that has begun is ended. */
    void hide() {
        active = false;
        tasks.cancel(LANE);
    }

    private void restart() {
        Capture capture = explore.captureProperty().get();
        surveyed = null;
        report.set(null);
        sinks.clear();
        none.set("");
        profile.set(null);
        matrix.set(ValueGrid.EMPTY);
        summary.set("");
        state.empty(capture == null ? NOTHING : "Reading the maps of all heads \u2026");
        dress();
        if (!active || capture == null) {
            return;
        }
        state.working(
                tasks.submit(
                        TaskRequest.of(
                                        LANE,
                                        "Sinks of all heads",
                                        progress ->
                                                SinkSurvey.of(
                                                        capture, SweepOptions.standard(), progress))
                                .onDone(found -> arrived(capture, found))
                                .onFailed(failure -> {
                                    if (capture.equals(explore.captureProperty().get())) {
                                        state.failed(failure);
                                    }
                                })));
    }

    private void arrived(Capture capture, SinkReport found) {
        if (capture.equals(explore.captureProperty().get())) {
            surveyed = capture;
            report.set(found);
            state.done();
            state.ready();
            showAll();
        }
    }

    private void showAll() {
        SinkReport now = report.get();
        if (now == null) {
            return;
        }
        SinkThresholds thresholds = thresholds();
        matrix.set(grid(now, thresholds));
        summary.set(
                measure.get() == SinkMeasure.PROMPTS
                        ? overPrompts()
                        : ofOneText(now, thresholds.epsilon()));
        showHead();
    }

    private String overPrompts() {
        return prompts == null
                ? "Not measured yet: run prompts at the side, under Over many prompts."
                : prompts.summary();
    }

    private static String ofOneText(SinkReport now, double epsilon) {
        double[] rate = now.rate(epsilon);
        int heads = now.selfHeads().size();
        return rate.length == 0
                ? ""
                : String.format(
                        Locale.ROOT,
                        "Sink rate at token 0: %.1f %% (%d of %d heads receive more than %s)",
                        100 * rate[0],
                        Math.round(rate[0] * heads),
                        heads,
                        NumberText.plain(epsilon));
    }

    private ValueGrid grid(SinkReport now, SinkThresholds thresholds) {
        List<String> layers = new ArrayList<>();
        List<List<Double>> rows = new ArrayList<>();
        for (HeadReceived head : now.heads()) {
            if (head.site() == rows.size()) {
                layers.add(head.name().replaceFirst("[HX]\\d+$", ""));
                rows.add(new ArrayList<>());
            }
            rows.getLast()
                    .add(
                            measure.get()
                                    .of(head, thresholds, prompts == null ? null : prompts.rate()));
        }
        double[][] values =
                rows.stream()
                        .map(row -> row.stream().mapToDouble(Double::doubleValue).toArray())
                        .toArray(double[][]::new);
        return ValueGrid.heads(layers, measure.get().title(), values);
    }

    /** What is known of a head; null while it is not. */
    @Nullable HeadReceived head(HeadRef ref) {
        SinkReport now = report.get();
        if (now == null) {
            return null;
        }
        return now.heads().stream()
                .filter(head -> head.site() == ref.site() && head.head() == ref.head())
                .findFirst()
                .orElse(null);
    }

    private void showHead() {
        SinkReport now = report.get();
        HeadReceived head = head(explore.shownHeadProperty().get());
        if (now == null || head == null) {
            return;
        }
        profile.set(allHeads.get() ? now.meanReceived() : head.received().toArray());
        sinks.setAll(listed(now, head, minQueries.get()));
        none.set(sinks.isEmpty() ? why(now, head) : "");
        sinks.sort((a, b) -> Double.compare(b.received(), a.received()));
        dress();
    }

    /** The tokens above the threshold, from at least so many queries. */
    private List<Sink> listed(SinkReport now, HeadReceived head, int least) {
        return allHeads.get()
                ? shared(now, least)
                : head.sinks(new SinkThresholds(epsilon.get(), threshold.get(), least));
    }

    /** Why no token is listed. */
    private String why(SinkReport now, HeadReceived head) {
        List<Sink> few = listed(now, head, 1);
        if (few.isEmpty()) {
            return "No token receives more than the threshold.";
        }
        int most = few.stream().mapToInt(Sink::queries).max().orElse(0);
        return String.format(
                Locale.ROOT,
                "%s more than %s, but from at most %s; at least %d are asked for, which can be"
                        + " lowered at the side.",
                few.size() == 1 ? "One token receives" : few.size() + " tokens receive",
                NumberText.plain(threshold.get()),
                most == 1 ? "one query" : most + " queries",
                minQueries.get());
    }

    /** The tokens that receive more than the threshold on average over all heads. */
    private List<Sink> shared(SinkReport now, int least) {
        float[] mean = now.meanReceived();
        List<HeadReceived> self = now.selfHeads();
        if (self.isEmpty()) {
            return List.of();
        }
        List<Sink> found = new ArrayList<>();
        HeadReceived first = self.getFirst();
        for (int key = 0; key < Math.min(mean.length, first.received().keys()); key++) {
            int queries = first.received().queries(key);
            if (mean[key] > threshold.get() && queries >= least) {
                found.add(new Sink(key, first.keyTokens().get(key), mean[key], queries));
            }
        }
        return found;
    }

    /** Tints the token strip, while this is on show. */
    private void dress() {
        if (!active) {
            return;
        }
        float[] now = profile.get();
        explore.dress()
                .tintProperty()
                .set(
                        now == null
                                ? null
                                : TokenTint.of(
                                        "received mass", now, new Scale(Scale.Kind.LOG, 1e-3f, 1)));
        Set<Integer> positions =
                sinks.stream().map(Sink::position).collect(Collectors.toUnmodifiableSet());
        explore.dress()
                .marks()
                .setAll(
                        now == null
                                ? List.of()
                                : List.of(
                                        new TokenMarks("sink", TokenMarks.Sign.ABOVE, positions)));
    }
}
