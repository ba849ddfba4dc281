package org.headlight.app.explore;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableSet;

import org.headlight.app.command.History;
import org.headlight.app.export.ExportViewModel;
import org.headlight.app.task.Failure;
import org.headlight.app.task.TaskRequest;
import org.headlight.app.task.TaskRunner;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.task.Progress;
import org.headlight.viz.control.grid.HeadRef;
import org.headlight.viz.control.map.Cell;
import org.headlight.viz.raster.AttentionMap;
import org.headlight.viz.raster.ColorMap;
import org.headlight.viz.raster.NumberText;
import org.headlight.viz.raster.Pooling;
import org.headlight.viz.raster.Scale;
import org.headlight.viz.raster.Scales;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The capture that is shown, the head that is looked at, and how; with undo. */
public final class ExploreViewModel {
    /** The lane in which exact maps are made. */
    public static final String LANE = "map";

    private static final String PREVIEW_LANE = "preview";

    /** The lanes whose work reads captures. */
    private static final List<String> READERS =
            List.of(
                    LANE,
                    PREVIEW_LANE,
                    InspectorViewModel.CELL_LANE,
                    InspectorViewModel.REPORT_LANE,
                    ExportViewModel.LANE);

    private static final int UNDO_STEPS = 200;
    private static final long CACHE_BYTES = 192L << 20;

    private final TaskRunner tasks;
    private final MapFactory maps;
    private final MapCache cache = new MapCache(CACHE_BYTES);
    private final History<ViewState> history = new History<>(ViewState.first(), UNDO_STEPS);
    private final ReadOnlyObjectWrapper<@Nullable Capture> capture = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<ViewState> view =
            new ReadOnlyObjectWrapper<>(ViewState.first());
    private final ReadOnlyObjectWrapper<@Nullable AttentionMap> map = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<HeadRef> shownHead =
            new ReadOnlyObjectWrapper<>(new HeadRef(0, 0));
    private final ReadOnlyObjectWrapper<Scale> scale =
            new ReadOnlyObjectWrapper<>(new Scale(Scale.Kind.LOG, 1e-4f, 1));
    private final ReadOnlyBooleanWrapper computing = new ReadOnlyBooleanWrapper();
    private final ReadOnlyBooleanWrapper canUndo = new ReadOnlyBooleanWrapper();
    private final ReadOnlyBooleanWrapper canRedo = new ReadOnlyBooleanWrapper();
    private final ReadOnlyStringWrapper problem = new ReadOnlyStringWrapper("");
    private final ObjectProperty<@Nullable Cell> selectedCell = new SimpleObjectProperty<>();
    private final MapDress dress = new MapDress();
    private final List<String> readers = new ArrayList<>(READERS);
    private volatile @Nullable Capture shown;
    private @Nullable HeadRef hovered;
    private MapCache.@Nullable Key wanted;
    private boolean dragging;
    private @Nullable ViewState dragged;
    private final ObservableSet<HeadRef> brushedHeads = FXCollections.observableSet();

    /** Nothing to explore yet. */
    public ExploreViewModel(TaskRunner tasks, MapFactory maps) {
        this.tasks = tasks;
        this.maps = maps;
    }

    /** The capture that is shown; null before the first. */
    public ReadOnlyObjectProperty<@Nullable Capture> captureProperty() {
        return capture.getReadOnlyProperty();
    }

    public ReadOnlyObjectProperty<ViewState> viewProperty() {
        return view.getReadOnlyProperty();
    }

    /** The map on show: a preview first, then the exact one; null before the first. */
    public ReadOnlyObjectProperty<@Nullable AttentionMap> mapProperty() {
        return map.getReadOnlyProperty();
    }

    /** The head on show: the hovered one, otherwise the chosen one. */
    public ReadOnlyObjectProperty<HeadRef> shownHeadProperty() {
        return shownHead.getReadOnlyProperty();
    }

    /** The scale on show: set by hand, or fitted to the map. */
    public ReadOnlyObjectProperty<Scale> scaleProperty() {
        return scale.getReadOnlyProperty();
    }

    /** Whether the exact map is still being made. */
    public ReadOnlyBooleanProperty computingProperty() {
        return computing.getReadOnlyProperty();
    }

    public ReadOnlyBooleanProperty canUndoProperty() {
        return canUndo.getReadOnlyProperty();
    }

    public ReadOnlyBooleanProperty canRedoProperty() {
        return canRedo.getReadOnlyProperty();
    }

    /** Why there is no map, one sentence; empty when there is one. */
    public ReadOnlyStringProperty problemProperty() {
        return problem.getReadOnlyProperty();
    }

    /** The locked cell, shared by all views: its row is the query, its column the key. */
    public ObjectProperty<@Nullable Cell> selectedCellProperty() {
        return selectedCell;
    }

    /** What is laid over the map. */
    public MapDress dress() {
        return dress;
    }

    /** Names more lanes whose work reads captures, before any such work begins. */
    public void addReaders(List<String> lanes) {
        readers.addAll(lanes);
    }

    /** Locks the cell of a query that has the most weight. Nothing without such a query. */
    public void selectQuery(int query) {
        AttentionMap now = map.get();
        if (now != null && query >= 0 && query < now.rows()) {
            selectedCell.set(new Cell(query, largest(now.rowProfile(query))));
        }
    }

    /**
     * Locks a key: with the locked query if that is not before the key, otherwise with the query
     * that gives it the most weight. Nothing without such a key.
     */
    public void selectKey(int key) {
        AttentionMap now = map.get();
        if (now != null && key >= 0 && key < now.cols()) {
            Cell locked = selectedCell.get();
            boolean keep = locked != null && locked.row() >= key && locked.row() < now.rows();
            selectedCell.set(
                    keep
                            ? new Cell(locked.row(), key)
                            : new Cell(largest(now.columnProfile(key)), key));
        }
    }

    private static int largest(float[] weights) {
        int most = 0;
        for (int i = 1; i < weights.length; i++) {
            most = weights[i] > weights[most] || Float.isNaN(weights[most]) ? i : most;
        }
        return most;
    }

    /** The heads that stand out where heads are shown; none for all alike. */
    public ObservableSet<HeadRef> brushedHeads() {
        return brushedHeads;
    }

    /** Shows a capture and owns it from now on; the former one is closed. */
    public void show(Capture newCapture) {
        HeadRef head = within(newCapture, view.get().head());
        exchange(newCapture, head);
        history.reset(view.get().withHead(head).withRange(Optional.empty()));
        publish();
        refresh();
    }

    /** Shows nothing; the capture that was shown is closed. */
    public void clear() {
        List.of(PREVIEW_LANE, LANE).forEach(tasks::cancel);
        computing.set(false);
        problem.set("");
        exchange(null, view.get().head());
    }

    private void exchange(@Nullable Capture newCapture, HeadRef head) {
        Capture old = capture.get();
        hovered = null;
        wanted = null;
        cache.clear();
        map.set(null);
        shown = newCapture;
        shownHead.set(head);
        capture.set(newCapture);
        letGo(old);
    }

    /** Closes the capture that is shown, as soon as no work uses it any more. */
    public void closeCapture() {
        letGo(capture.get());
    }

    private void letGo(@Nullable Capture old) {
        if (old != null) {
            tasks.afterwards(List.copyOf(readers), old::close);
        }
    }

    private static HeadRef within(Capture capture, HeadRef head) {
        int site = Math.min(head.site(), capture.sites().size() - 1);
        int last = capture.sites().get(site).heads().size() - 1;
        return new HeadRef(site, Math.min(head.head(), last));
    }

    /** The site of the head on show; empty without a capture, and while it is exchanged. */
    public Optional<SiteCapture> site() {
        Capture now = capture.get();
        HeadRef head = shownHead.get();
        return now == null || head.site() >= now.sites().size()
                ? Optional.empty()
                : Optional.of(now.sites().get(head.site()));
    }

    /** The name of the head on show, such as "L2H1"; empty without a capture. */
    public String headName() {
        return site().map(site -> site.headName(shownHead.get().head())).orElse("");
    }

    /** The title of the map: "L2H1 · query → key · 1 024 × 1 024". */
    public String title() {
        AttentionMap now = map.get();
        return now == null
                ? headName()
                : headName()
                        + " \u00b7 query \u2192 key \u00b7 "
                        + NumberText.count(now.rows())
                        + " \u00d7 "
                        + NumberText.count(now.cols());
    }

    /** Chooses a head. */
    public void selectHead(HeadRef head) {
        if (capture.get() != null) {
            hovered = null;
            change(state -> state.withHead(head).withRange(Optional.empty()));
        }
    }

    /** Shows a head for as long as the pointer rests on it; null for the chosen one. */
    public void hoverHead(@Nullable HeadRef head) {
        if (capture.get() != null) {
            hovered = head;
            refresh();
        }
    }

    /** Moves to a neighbouring layer, a neighbouring head, or both. Stays within the model. */
    public void moveHead(int layers, int heads) {
        Capture now = capture.get();
        if (now == null) {
            return;
        }
        HeadRef head = view.get().head();
        int site = Math.clamp(head.site() + layers, 0, now.sites().size() - 1);
        int last = now.sites().get(site).heads().size() - 1;
        selectHead(new HeadRef(site, Math.clamp(head.head() + heads, 0, last)));
    }

    public void setScale(Scale.Kind kind) {
        change(state -> state.withScale(kind));
    }

    /** Linear, logarithmic, percentile, and around. */
    public void nextScale() {
        setScale(
                switch (view.get().scale()) {
                    case LINEAR -> Scale.Kind.LOG;
                    case LOG -> Scale.Kind.PERCENTILE;
                    case PERCENTILE -> Scale.Kind.LINEAR;
                });
    }

    /** Sets the range by hand. */
    public void setRange(Scale range) {
        if (range.equals(scale.get())) {
            return;
        }
        ViewState next = history.present().withRange(Optional.of(range));
        if (history.present().equals(dragged)) {
            history.amend(next);
        } else {
            history.push(next);
        }
        dragged = dragging ? next : null;
        publish();
        refresh();
    }

    /**
     * Whether an end of the range is being dragged: all changes of the range meanwhile are one step
     * of undo.
     */
    public void setRangeDragging(boolean newDragging) {
        dragging = newDragging;
        dragged = null;
    }

    /** Back to the range that fits the map. */
    public void fitRange() {
        change(state -> state.withRange(Optional.empty()));
    }

    public void setColorMap(ColorMap colors) {
        change(state -> state.withColorMap(colors));
    }

    /** The next of the sequential colour maps, and around. */
    public void nextColorMap() {
        List<ColorMap> all = List.of(ColorMap.values());
        setColorMap(all.get((all.indexOf(view.get().colorMap()) + 1) % all.size()));
    }

    public void setPooling(Pooling pooling) {
        change(state -> state.withPooling(pooling));
    }

    public void togglePooling() {
        setPooling(view.get().pooling() == Pooling.MAX ? Pooling.MEAN : Pooling.MAX);
    }

    public void setDropSink(boolean drop) {
        change(state -> state.withDropSink(drop));
    }

    public void toggleSink() {
        setDropSink(!view.get().dropSink());
    }

    public void undo() {
        history.undo().ifPresent(state -> restored());
    }

    public void redo() {
        history.redo().ifPresent(state -> restored());
    }

    private void restored() {
        hovered = null;
        publish();
        refresh();
    }

    private void change(UnaryOperator<ViewState> change) {
        history.push(change.apply(history.present()));
        publish();
        refresh();
    }

    private void publish() {
        view.set(history.present());
        canUndo.set(history.canUndo());
        canRedo.set(history.canRedo());
    }

    /** Brings the map and its scale up to date with the view. */
    private void refresh() {
        Capture now = capture.get();
        if (now == null) {
            return;
        }
        HeadRef head = hovered != null ? hovered : view.get().head();
        MapCache.Key key = new MapCache.Key(head, view.get().dropSink());
        shownHead.set(head);
        HeadView known = cache.get(key);
        if (known != null) {
            tasks.cancel(PREVIEW_LANE);
            tasks.cancel(LANE);
            wanted = null;
            arrived(known.map());
            computing.set(false);
        } else if (key.equals(wanted)) {
            fitScale();
        } else {
            request(now, key);
        }
    }

    private void request(Capture now, MapCache.Key key) {
        wanted = key;
        computing.set(true);
        problem.set("");
        SiteCapture site = now.sites().get(key.head().site());
        int number = key.head().head();
        HeadAttention head = site.heads().get(number);
        if (maps.slow(head)) {
            tasks.submit(
                    TaskRequest.of(
                                    PREVIEW_LANE,
                                    "",
                                    progress -> maps.preview(head, key.dropSink(), progress))
                            .onDone(preview -> {
                                if (key.equals(wanted) && now.equals(capture.get())) {
                                    arrived(preview);
                                }
                            }));
        }
        tasks.submit(
                TaskRequest.of(
                                LANE,
                                maps.slow(head) ? "Exact map of " + headName() : "",
                                progress -> maps.exact(site, number, key.dropSink(), progress))
                        .onDone(exact -> {
                            if (key.equals(wanted) && now.equals(capture.get())) {
                                wanted = null;
                                cache.put(key, exact);
                                arrived(exact.map());
                                computing.set(false);
                            }
                        })
                        .onFailed(failure -> {
                            if (key.equals(wanted) && now.equals(capture.get())) {
                                failed(failure);
                            }
                        }));
    }

    private void failed(Failure failure) {
        wanted = null;
        computing.set(false);
        if (failure.kind() != Failure.Kind.CANCELLED) {
            problem.set(failure.sentence());
        }
    }

    private void arrived(AttentionMap newMap) {
        problem.set("");
        map.set(newMap);
        fitScale();
    }

    private void fitScale() {
        AttentionMap now = map.get();
        if (now != null) {
            ViewState state = view.get();
            scale.set(
                    state.range().orElseGet(() -> Scales.of(state.scale(), now, state.pooling())));
        }
    }

    /**
     * The map for a thumbnail; called on a background thread. Maps that are quickly made are kept,
     * so that choosing the head afterwards costs nothing.
     */
    public AttentionMap thumbnail(Capture of, HeadRef ref) {
        HeadAttention head = of.sites().get(ref.site()).heads().get(ref.head());
        return maps.slow(head)
                ? maps.preview(head, false, Progress.NONE)
                : exact(of, ref, Progress.NONE).map();
    }

    /** The numbers of a head; called on a background thread. */
    HeadReport report(Capture of, HeadRef ref, Progress progress) {
        HeadReport report = exact(of, ref, progress).report();
        return report == null ? new HeadReport(List.of(), Double.NaN) : report;
    }

    private HeadView exact(Capture of, HeadRef ref, Progress progress) {
        MapCache.Key key = new MapCache.Key(ref, false);
        HeadView known = shows(of) ? cache.get(key) : null;
        if (known != null) {
            return known;
        }
        SiteCapture site = of.sites().get(ref.site());
        HeadView made = maps.exact(site, ref.head(), false, progress);
        if (shows(of) && !maps.slow(site.heads().get(ref.head()))) {
            cache.put(key, made);
        }
        return made;
    }

    /** Asked on background threads: whether a capture is still the one on show. */
    private boolean shows(Capture of) {
        return of.equals(shown);
    }
}
