package org.headlight.app.explore;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.headlight.app.task.Failure;
import org.headlight.app.task.TaskRequest;
import org.headlight.app.task.TaskRunner;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.viz.control.grid.HeadRef;
import org.headlight.viz.control.map.Cell;
import org.headlight.viz.raster.AttentionMap;
import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The cell under the cursor, the row and the column through it, and the numbers of the head. */
public final class InspectorViewModel {
    static final String CELL_LANE = "cell";
    static final String REPORT_LANE = "statistics";

    private record Looked(Reading reading, Profiles profiles) {}

    private final TaskRunner tasks;
    private final ExploreViewModel explore;
    private final ReadOnlyObjectWrapper<@Nullable Reading> reading = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable Profiles> profiles =
            new ReadOnlyObjectWrapper<>();
    private final ObservableList<Statistic> statistics = FXCollections.observableArrayList();
    private final Map<HeadRef, HeadReport> reports = new HashMap<>();

    /** Heads without numbers for good: they are not asked for again. */
    private final Set<HeadRef> failed = new HashSet<>();

    private final ReadOnlyObjectWrapper<Map<HeadRef, Double>> received =
            new ReadOnlyObjectWrapper<>(Map.of());
    private @Nullable Cell cell;

    /** Follows what {@code explore} shows. */
    public InspectorViewModel(TaskRunner tasks, ExploreViewModel explore) {
        this.tasks = tasks;
        this.explore = explore;
        explore.mapProperty().addListener((property, old, now) -> look());
        explore.shownHeadProperty().addListener((property, old, now) -> showStatistics());
        explore.captureProperty().addListener((property, old, now) -> restart());
    }

    /** The cell under the cursor; null for none. */
    public ReadOnlyObjectProperty<@Nullable Reading> readingProperty() {
        return reading.getReadOnlyProperty();
    }

    /** The row and the column through it; null for none. */
    public ReadOnlyObjectProperty<@Nullable Profiles> profilesProperty() {
        return profiles.getReadOnlyProperty();
    }

    /** The numbers of the head on show; empty until they are known. */
    public ObservableList<Statistic> statistics() {
        return statistics;
    }

    /** Mean probability on the first key, of every head that is known by now. */
    public ReadOnlyObjectProperty<Map<HeadRef, Double>> receivedProperty() {
        return received.getReadOnlyProperty();
    }

    /** Looks at a cell; null for none. */
    public void look(@Nullable Cell newCell) {
        cell = newCell;
        look();
    }

    private void look() {
        AttentionMap map = explore.mapProperty().get();
        Optional<SiteCapture> site = explore.site();
        Cell at = cell;
        if (map == null || at == null || site.isEmpty() || !inside(map, at)) {
            tasks.cancel(CELL_LANE);
            reading.set(null);
            profiles.set(null);
            return;
        }
        tasks.submit(
                TaskRequest.of(CELL_LANE, "", progress -> read(map, site.get(), at))
                        .onDone(looked -> {
                            if (at.equals(cell) && map.equals(explore.mapProperty().get())) {
                                reading.set(looked.reading());
                                profiles.set(looked.profiles());
                            }
                        }));
    }

    private static boolean inside(AttentionMap map, Cell at) {
        return at.row() < map.rows() && at.col() < map.cols();
    }

    private static Looked read(AttentionMap map, SiteCapture site, Cell at) {
        float[] row = map.rowProfile(at.row());
        return new Looked(
                new Reading(
                        map.read(at.row(), at.col()),
                        site.queryTokens().get(at.row()),
                        site.keyTokens().get(at.col()),
                        cumulative(row, row[at.col()])),
                new Profiles(row, map.columnProfile(at.col())));
    }

    private static double cumulative(float[] row, float from) {
        double sum = 0;
        for (float p : row) {
            if (p >= from) {
                sum += p;
            }
        }
        return sum;
    }

    private void restart() {
        cell = null;
        reading.set(null);
        profiles.set(null);
        reports.clear();
        failed.clear();
        received.set(Map.of());
        statistics.clear();
        next();
    }

    /** Asks for the numbers of the head on show first, then for those of all others. */
    private void next() {
        Capture capture = explore.captureProperty().get();
        if (capture == null) {
            return;
        }
        Optional<HeadRef> open = firstOpen(capture);
        if (open.isEmpty()) {
            return;
        }
        HeadRef ref = open.get();
        tasks.submit(
                TaskRequest.of(REPORT_LANE, "", progress -> explore.report(capture, ref, progress))
                        .onDone(report -> {
                            if (capture.equals(explore.captureProperty().get())) {
                                known(ref, report);
                                next();
                            }
                        })
                        .onFailed(failure -> {
                            if (failure.kind() != Failure.Kind.CANCELLED
                                    && capture.equals(explore.captureProperty().get())) {
                                failed.add(ref);
                                next();
                            }
                        }));
    }

    private Optional<HeadRef> firstOpen(Capture capture) {
        HeadRef shown = explore.shownHeadProperty().get();
        if (open(shown)) {
            return Optional.of(shown);
        }
        List<SiteCapture> sites = capture.sites();
        for (int site = 0; site < sites.size(); site++) {
            for (int head = 0; head < sites.get(site).heads().size(); head++) {
                HeadRef ref = new HeadRef(site, head);
                if (open(ref)) {
                    return Optional.of(ref);
                }
            }
        }
        return Optional.empty();
    }

    private boolean open(HeadRef ref) {
        return !reports.containsKey(ref) && !failed.contains(ref);
    }

    private void known(HeadRef ref, HeadReport report) {
        reports.put(ref, report);
        Map<HeadRef, Double> all = new HashMap<>(received.get());
        all.put(ref, report.received0());
        received.set(Map.copyOf(all));
        if (ref.equals(explore.shownHeadProperty().get())) {
            showStatistics();
        }
    }

    private void showStatistics() {
        HeadReport report = reports.get(explore.shownHeadProperty().get());
        if (report == null) {
            statistics.clear();
        } else {
            statistics.setAll(report.statistics());
        }
    }
}
