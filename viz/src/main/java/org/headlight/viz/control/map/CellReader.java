package org.headlight.viz.control.map;

import javafx.application.Platform;

import org.headlight.engine.problem.Problem;
import org.headlight.viz.raster.AttentionMap;
import org.headlight.viz.raster.CellReading;
import org.jspecify.annotations.Nullable;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;

/** Reads the cell that is looked at on a worker, because its rank takes a whole row. */
final class CellReader {
    private final Executor worker;
    private final Runnable onRead;
    private final AtomicReference<@Nullable Wish> wanted = new AtomicReference<>();
    private volatile @Nullable Answer answer;
    private volatile boolean closed;

    private record Wish(AttentionMap map, int refresh, Cell cell) {}

    private record Answer(Wish wish, CellReading reading) {}

    /**
     * A reader.
     *
     * @param onRead called on the FX thread when a reading has arrived
     */
    CellReader(Executor worker, Runnable onRead) {
        this.worker = worker;
        this.onRead = onRead;
    }

    /** The reading of a cell when it is known; otherwise null, and it is fetched. FX thread. */
    @Nullable CellReading read(AttentionMap map, int refresh, Cell cell) {
        Wish wish = new Wish(map, refresh, cell);
        Answer now = answer;
        if (now != null && now.wish().equals(wish)) {
            return now.reading();
        }
        Wish before = wanted.getAndSet(wish);
        if (before == null) {
            worker.execute(this::work);
        }
        return null;
    }

    void close() {
        closed = true;
    }

    private void work() {
        Wish wish = wanted.getAndSet(null);
        if (wish == null || closed) {
            return;
        }
        try {
            CellReading reading = wish.map().read(wish.cell().row(), wish.cell().col());
            answer = new Answer(wish, reading);
            Platform.runLater(onRead);
        } catch (Problem | IllegalStateException e) {
            // The capture was closed below us: the application sets another map next.
            answer = null;
        }
    }
}
