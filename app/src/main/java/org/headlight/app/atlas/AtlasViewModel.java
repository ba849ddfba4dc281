package org.headlight.app.atlas;

import javafx.beans.binding.BooleanBinding;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.DoubleProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleDoubleProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.value.ObservableBooleanValue;
import javafx.collections.FXCollections;
import javafx.collections.ObservableSet;

import org.headlight.analysis.heads.HeadAtlas;
import org.headlight.analysis.heads.HeadMetric;
import org.headlight.analysis.heads.HeadPortrait;
import org.headlight.analysis.heads.HeadSurvey;
import org.headlight.analysis.heads.OffsetProfile;
import org.headlight.analysis.heads.likeness.Clusters;
import org.headlight.analysis.heads.probe.HeadProbe;
import org.headlight.analysis.heads.probe.ProbeScores;
import org.headlight.analysis.heads.probe.RepeatedText;
import org.headlight.app.explore.ExploreViewModel;
import org.headlight.app.reading.ReadingState;
import org.headlight.app.task.TaskRequest;
import org.headlight.app.task.TaskRunner;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.model.Model;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.viz.control.grid.HeadRef;
import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Every head of the capture on show in numbers, which two are plotted, and which are brushed. */
public final class AtlasViewModel {
    /** Lanes whose work reads captures or runs the model. */
    static final List<String> LANES = List.of("atlas", "atlas-probe", RolloutViewModel.LANE);

    static final String EMPTY =
            "Run a text or open a capture, then measure its heads: one sweep each.";
    static final String MEASURE = "Measure the heads of this text: one sweep each.";

    /** A probe: pieces of 24 tokens, each again after a gap of up to 64 tokens. */
    private static final int PIECES = 6;

    private static final int PIECE = 24;
    private static final int LARGEST_GAP = 64;
    private static final long QUICK = 24L * 1_500 * 1_500;

    private final TaskRunner tasks;
    private final ExploreViewModel explore;
    private final Supplier<Optional<Model>> model;
    private final SweepOptions options;
    private final ReadingState state = new ReadingState(EMPTY);
    private final ReadOnlyObjectWrapper<@Nullable HeadAtlas> atlas = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable Clusters> clusters =
            new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable HeadProbe> probe = new ReadOnlyObjectWrapper<>();
    private final ObjectProperty<HeadMetric> across =
            new SimpleObjectProperty<>(HeadMetric.DISTANCE);
    private final ObjectProperty<HeadMetric> up = new SimpleObjectProperty<>(HeadMetric.FIRST);
    private final DoubleProperty cut = new SimpleDoubleProperty(HeadAtlas.CUT);
    private final BooleanProperty byCluster = new SimpleBooleanProperty();
    private final ObservableSet<HeadRef> brushed = FXCollections.observableSet();
    private final BooleanProperty following = new SimpleBooleanProperty();
    private final BooleanBinding measurable;
    private boolean active;

    /**
     * Follows what {@code explore} shows, while it is active.
     *
     * @param model the open model; empty when a capture or a dump is open
     * @param options how maps are walked
     */
    public AtlasViewModel(
            TaskRunner tasks,
            ExploreViewModel explore,
            Supplier<Optional<Model>> model,
            SweepOptions options) {
        this.tasks = tasks;
        this.explore = explore;
        this.model = model;
        this.options = options;
        this.measurable = explore.captureProperty().isNotNull().and(state.workProperty().isNull());
        explore.captureProperty().addListener((property, old, now) -> restart());
        cut.addListener((property, old, now) -> cluster());
    }

    /** What the pane has to show. */
    public ReadingState state() {
        return state;
    }

    /** Whether there is something to measure, and nothing is being measured. */
    ObservableBooleanValue measurableProperty() {
        return measurable;
    }

    /** The heads; null before they are measured. */
    public ReadOnlyObjectProperty<@Nullable HeadAtlas> atlasProperty() {
        return atlas.getReadOnlyProperty();
    }

    /** Which heads look alike; null without heads. */
    public ReadOnlyObjectProperty<@Nullable Clusters> clustersProperty() {
        return clusters.getReadOnlyProperty();
    }

    /** What heads did on random tokens that repeat; null before a probe. */
    public ReadOnlyObjectProperty<@Nullable HeadProbe> probeProperty() {
        return probe.getReadOnlyProperty();
    }

    /** The number across. */
    public ObjectProperty<HeadMetric> acrossProperty() {
        return across;
    }

    /** The number up. */
    public ObjectProperty<HeadMetric> upProperty() {
        return up;
    }

    /** Mean distance up to which clusters are joined. */
    public DoubleProperty cutProperty() {
        return cut;
    }

    /** Whether points are coloured by cluster, not by kind. */
    public BooleanProperty byClusterProperty() {
        return byCluster;
    }

    /** Whether a token's way through the layers is on show, not the heads. */
    public BooleanProperty followingProperty() {
        return following;
    }

    /** Whether the reading is on show. */
    boolean active() {
        return active;
    }

    /** The brushed heads. */
    public ObservableSet<HeadRef> brushed() {
        return brushed;
    }

    /** The window's shared selection. */
    ExploreViewModel explore() {
        return explore;
    }

    /** Takes up or stops following what is shown. */
    void setActive(boolean now) {
        active = now;
        explore.brushedHeads().clear();
        if (now) {
            explore.brushedHeads().addAll(brushed);
            if (atlas.get() == null) {
                restart();
            }
        }
    }

    /** Brushes these heads and no others. */
    public void brush(Collection<HeadRef> heads) {
        Set<HeadRef> now = Set.copyOf(heads);
        brushed.retainAll(now);
        brushed.addAll(now);
        explore.brushedHeads().retainAll(now);
        explore.brushedHeads().addAll(now);
    }

    /** The place of a head in the atlas. */
    static HeadRef ref(HeadPortrait head) {
        return new HeadRef(head.site(), head.statistics().head());
    }

    /** What the chart of distances leaves out; nothing where no query looks ahead. */
    static String ahead(OffsetProfile.Ahead ahead) {
        return ahead.seen()
                ? String.format(
                        Locale.ROOT,
                        "The chart is of keys back and the query's own: keys ahead hold another"
                                + " %.1f %% of the attention, %.1f %% if it were spread evenly.",
                        100 * ahead.share(),
                        100 * ahead.expected())
                : "";
    }

    /** The index of the head on show; -1 without one. */
    public int shown() {
        HeadAtlas now = atlas.get();
        HeadRef ref = explore.shownHeadProperty().get();
        if (now != null) {
            for (int i = 0; i < now.heads().size(); i++) {
                if (ref(now.heads().get(i)).equals(ref)) {
                    return i;
                }
            }
        }
        return -1;
    }

    /** Shows a head everywhere. */
    public void choose(HeadPortrait head) {
        if (!ref(head).equals(explore.viewProperty().get().head())) {
            explore.selectHead(ref(head));
        }
    }

    private void restart() {
        atlas.set(null);
        clusters.set(null);
        probe.set(null);
        brush(List.of());
        Capture capture = explore.captureProperty().get();
        state.empty(capture == null ? EMPTY : MEASURE);
        if (active && capture != null && cells(capture) <= QUICK) {
            measure();
        }
    }

    private static long cells(Capture capture) {
        return capture.sites().stream()
                .flatMap(site -> site.heads().stream())
                .mapToLong(head -> (long) head.rows() * head.cols())
                .sum();
    }

    /** Measures every head of the capture on show. */
    public void measure() {
        Capture capture = explore.captureProperty().get();
        if (capture == null) {
            state.empty(EMPTY);
            return;
        }
        state.run(
                tasks,
                TaskRequest.of(
                                LANES.getFirst(),
                                "Measuring every head",
                                progress ->
                                        HeadAtlas.of(
                                                capture,
                                                options,
                                                HeadSurvey.SINK_EPSILON,
                                                progress))
                        .onDone(measured -> {
                            if (capture.equals(explore.captureProperty().get())) {
                                atlas.set(measured);
                                cluster();
                                state.ready();
                            }
                        }));
    }

    private void cluster() {
        HeadAtlas now = atlas.get();
        clusters.set(now == null ? null : now.clusters(cut.get()));
    }

    /** Whether there is a model that a probe can be run on. */
    public boolean canProbe() {
        return model.get().isPresent();
    }

    /** Runs the model on random tokens that repeat after varying gaps. */
    public void runProbe() {
        Optional<Model> open = model.get();
        if (open.isEmpty()) {
            state.problem(
                    "A capture cannot be run again; open the model itself to probe its heads with"
                            + " random tokens that repeat.");
            return;
        }
        Model runs = open.get();
        state.run(
                tasks,
                TaskRequest.of(
                                LANES.get(1),
                                "Probing with repeats",
                                progress ->
                                        HeadProbe.of(
                                                runs,
                                                RepeatedText.varied(
                                                        PIECES,
                                                        PIECE,
                                                        LARGEST_GAP,
                                                        RepeatedText.Vocabulary.of(
                                                                runs.info().vocabulary()),
                                                        0),
                                                options,
                                                progress))
                        .onDone(probe::set));
    }

    /** What a head did on the probe; null before one. */
    public ProbeScores.@Nullable Scores probed(HeadPortrait head) {
        HeadProbe now = probe.get();
        int at = now == null ? -1 : now.names().indexOf(head.name());
        return now == null || at < 0 ? null : now.scores().get(at);
    }
}
