package org.headlight.app.sparse;

import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;

import org.headlight.analysis.sparse.run.KeptRows;
import org.headlight.app.explore.ExploreViewModel;
import org.headlight.app.task.Failure;
import org.headlight.app.task.TaskRequest;
import org.headlight.app.task.TaskRunner;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.cut.HeadAddress;
import org.headlight.viz.control.grid.HeadRef;
import org.jspecify.annotations.Nullable;

import java.util.Optional;

/** Lays a run over the map of the head on show: its mask, its sparse map, the difference. */
final class SparseMaps {
    /** The lane of masks and maps. */
    static final String LANE = "sparse-map";

    /** What the map shows. */
    enum View {
        DENSE("dense"),
        SPARSE("sparse"),
        DIFFERENCE("difference");

        private final String word;

        View(String word) {
            this.word = word;
        }

        /** For people. */
        String word() {
            return word;
        }
    }

    private final TaskRunner tasks;
    private final ExploreViewModel explore;
    private final SparseViewModel sparse;
    private final MapWork work;
    private final Heads heads;
    private final ObjectProperty<View> view = new SimpleObjectProperty<>(View.DENSE);
    private final BooleanProperty mask = new SimpleBooleanProperty(true);
    private final ReadOnlyStringWrapper note = new ReadOnlyStringWrapper("");
    private @Nullable Object wanted;
    private boolean active;

    SparseMaps(TaskRunner tasks, ExploreViewModel explore, SparseViewModel sparse, MapWork work) {
        this.tasks = tasks;
        this.explore = explore;
        this.sparse = sparse;
        this.work = work;
        this.heads = new Heads(explore);
        sparse.runProperty().addListener((property, old, now) -> refresh());
        explore.shownHeadProperty().addListener((property, old, now) -> refresh());
        explore.viewProperty()
                .addListener((property, old, now) -> {
                    if (old.dropSink() != now.dropSink()) {
                        refresh();
                    }
                });
        view.addListener((property, old, now) -> refresh());
        mask.addListener((property, old, now) -> refresh());
    }

    /** What the map shows. */
    ObjectProperty<View> viewProperty() {
        return view;
    }

    /** Whether the mask is laid over it. */
    BooleanProperty maskProperty() {
        return mask;
    }

    /** What is to be known of the map on show, one sentence; empty for nothing. */
    ReadOnlyStringProperty noteProperty() {
        return note.getReadOnlyProperty();
    }

    /** Takes up or stops laying things over the map. */
    void setActive(boolean now) {
        active = now;
        refresh();
    }

    private void nothing(String sentence) {
        wanted = null;
        tasks.cancel(LANE);
        note.set(sentence);
        if (active) {
            explore.dress().overlayProperty().set(null);
            explore.dress().insteadProperty().set(null);
        }
    }

    private void refresh() {
        SparseRun run = sparse.runProperty().get();
        Capture capture = explore.captureProperty().get();
        Optional<HeadAddress> head = heads.shown();
        if (!active || run == null || capture == null || head.isEmpty()) {
            nothing("");
            return;
        }
        HeadRef ref = explore.shownHeadProperty().get();
        HeadAttention attention = capture.sites().get(ref.site()).heads().get(ref.head());
        Optional<KeptRows> kept = run.kept(head.get());
        if (kept.isEmpty() || !(attention instanceof QkHead dense)) {
            nothing(without(run, head.get()));
            return;
        }
        boolean maps = run.sameMap(head.get());
        View show = maps ? view.get() : View.DENSE;
        boolean drop = explore.viewProperty().get().dropSink();
        note.set(maps ? "" : MOVED);
        Object mine = new Object();
        wanted = mine;
        explore.dress().overlayProperty().set(null);
        if (show == View.DENSE) {
            explore.dress().insteadProperty().set(null);
        }
        MapWork.Wanted drawing = new MapWork.Wanted(dense, kept.get(), show, drop, mask.get());
        tasks.submit(
                TaskRequest.of(LANE, "", progress -> work.draw(drawing, progress))
                        .onDone(drawn -> {
                            if (mine.equals(wanted) && active) {
                                explore.dress().overlayProperty().set(drawn.overlay());
                                explore.dress().insteadProperty().set(drawn.instead());
                            }
                        })
                        .onFailed(this::failed));
    }

    static final String MOVED =
            "This policy does not give one softmax over keys at their own places, so there is no"
                    + " sparse map to compare: look at output error, KL and loss.";

    private static String without(SparseRun run, HeadAddress head) {
        return run.of(head).isEmpty()
                ? "This head stayed dense in the run."
                : "This policy keeps no list of keys for this head: there is no mask to draw.";
    }

    private void failed(Failure failure) {
        if (failure.kind() != Failure.Kind.CANCELLED) {
            note.set(failure.sentence());
        }
    }
}
