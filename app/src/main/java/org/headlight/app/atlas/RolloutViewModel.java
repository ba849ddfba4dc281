package org.headlight.app.atlas;

import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.headlight.analysis.heads.flow.Followed;
import org.headlight.analysis.heads.flow.Rollout;
import org.headlight.app.explore.ExploreViewModel;
import org.headlight.app.reading.ReadingState;
import org.headlight.app.task.TaskRequest;
import org.headlight.app.task.TaskRunner;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.headlight.viz.control.map.Cell;
import org.headlight.viz.control.strip.TokenTint;
import org.headlight.viz.raster.Scale;
import org.headlight.viz.raster.ValueGrid;
import org.jspecify.annotations.Nullable;

import java.util.List;

/** The locked query followed through the layers, while it is on show. */
public final class RolloutViewModel {
    static final String LANE = "atlas-rollout";
    static final String EMPTY = "Run a text or open a capture to follow its tokens down.";

    /** Shares below this are as good as none: the tint begins here. */
    private static final float LEAST = 1e-3f;

    private final TaskRunner tasks;
    private final ExploreViewModel explore;
    private final SweepOptions options;
    private final ReadingState state = new ReadingState(EMPTY);
    private final ObservableList<Integer> layers = FXCollections.observableArrayList();
    private final ObjectProperty<Integer> layer = new SimpleObjectProperty<>(0);
    private final ObjectProperty<Followed.Measure> measure =
            new SimpleObjectProperty<>(Followed.Measure.ROLLOUT);
    private final BooleanProperty residual = new SimpleBooleanProperty(true);
    private final ReadOnlyObjectWrapper<@Nullable Followed> followed =
            new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<ValueGrid> grid =
            new ReadOnlyObjectWrapper<>(ValueGrid.EMPTY);
    private boolean active;
    private boolean filling;

    /** Follows what {@code explore} shows, while it is active. */
    public RolloutViewModel(TaskRunner tasks, ExploreViewModel explore, SweepOptions options) {
        this.tasks = tasks;
        this.explore = explore;
        this.options = options;
        explore.captureProperty().addListener((property, old, now) -> exchanged());
        explore.selectedCellProperty().addListener((property, old, now) -> moved(now));
        layer.addListener((property, old, now) -> again());
        measure.addListener((property, old, now) -> again());
        residual.addListener((property, old, now) -> again());
    }

    /** What the pane has to show. */
    public ReadingState state() {
        return state;
    }

    /** The numbers of the layers that can be followed. */
    public ObservableList<Integer> layers() {
        return layers;
    }

    /** The layer after which the query stands, one of {@link #layers}. */
    public ObjectProperty<Integer> layerProperty() {
        return layer;
    }

    /** Rollout, or flow. */
    public ObjectProperty<Followed.Measure> measureProperty() {
        return measure;
    }

    /** Whether half of what a layer passes on is the residual stream. */
    public BooleanProperty residualProperty() {
        return residual;
    }

    /** The query on show, followed; null before. */
    public ReadOnlyObjectProperty<@Nullable Followed> followedProperty() {
        return followed.getReadOnlyProperty();
    }

    /** What is drawn of it; see {@link RolloutGrid}. */
    public ReadOnlyObjectProperty<ValueGrid> gridProperty() {
        return grid.getReadOnlyProperty();
    }

    /** The window's shared selection. */
    ExploreViewModel explore() {
        return explore;
    }

    /** It is on show, or no more. */
    public void setActive(boolean now) {
        if (active == now) {
            return;
        }
        active = now;
        if (!now) {
            tasks.cancel(LANE);
            explore.dress().tintProperty().set(null);
        } else if (followed.get() == null) {
            exchanged();
        } else {
            again();
        }
    }

    private void exchanged() {
        followed.set(null);
        grid.set(ValueGrid.EMPTY);
        state.empty(EMPTY);
        Capture capture = explore.captureProperty().get();
        if (!active || capture == null) {
            return;
        }
        try {
            List<Integer> found = Rollout.sites(capture).stream().map(SiteCapture::layer).toList();
            filling = true;
            layers.setAll(found);
            layer.set(found.getLast());
        } catch (BadInputException e) {
            state.empty(String.valueOf(e.getMessage()));
            return;
        } finally {
            filling = false;
        }
        again();
    }

    private void moved(@Nullable Cell now) {
        Followed shown = followed.get();
        int query = now == null ? -1 : now.row();
        if (shown == null || (query >= 0 && query != shown.way().position())) {
            again();
        }
    }

    /** The locked query, or the last one. */
    private int query(int tokens) {
        Cell locked = explore.selectedCellProperty().get();
        return locked == null || locked.row() >= tokens ? tokens - 1 : locked.row();
    }

    private void again() {
        Capture capture = explore.captureProperty().get();
        if (!active || filling || capture == null || layers.isEmpty()) {
            return;
        }
        int tokens = Rollout.sites(capture).getFirst().keyTokens().size();
        Integer top = layer.get();
        Followed.Way way =
                new Followed.Way(measure.get(), layers.indexOf(top), query(tokens), residual.get());
        state.run(
                tasks,
                TaskRequest.of(
                                LANE,
                                "Following a token down",
                                progress -> work(capture, way, progress))
                        .onDone(result -> arrived(capture, result)));
    }

    /** A query that was followed, and its picture. */
    private record Result(Followed followed, ValueGrid grid) {}

    private Result work(Capture capture, Followed.Way way, Progress progress) {
        Followed found = Followed.of(capture, way, options, progress.part(0, 0.5));
        return new Result(found, RolloutGrid.of(found, options, progress.part(0.5, 1)));
    }

    private void arrived(Capture capture, Result result) {
        if (!active || !capture.equals(explore.captureProperty().get())) {
            return;
        }
        followed.set(result.followed());
        grid.set(result.grid());
        state.ready();
        explore.dress().tintProperty().set(tint(result.followed()));
    }

    private static TokenTint tint(Followed shown) {
        float[] shares = shares(shown);
        String name =
                (shown.way().measure() == Followed.Measure.FLOW ? "flow to " : "rollout to ")
                        + shown.way().position();
        return TokenTint.of(name, shares, new Scale(Scale.Kind.LOG, LEAST, 1));
    }

    /** What the query takes from each token. */
    static float[] shares(Followed shown) {
        float[] shares = new float[shown.tokens().size()];
        for (int token = 0; token < shares.length; token++) {
            shares[token] = (float) shown.share(token);
        }
        return shares;
    }
}
