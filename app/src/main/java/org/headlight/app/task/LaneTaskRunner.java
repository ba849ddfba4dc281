package org.headlight.app.task;

import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.headlight.engine.problem.CancelledException;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One named daemon thread per lane: work of a lane never overlaps, and a newer request cancels the
 * older one and waits until it has let go. Used from the window's thread only, {@link #later},
 * {@link #stop} and {@link #ended} excepted.
 */
public final class LaneTaskRunner implements TaskRunner {
    private static final class Lane {
        private final ExecutorService thread;
        private @Nullable TaskStatus newest;

        Lane(String name) {
            thread =
                    Executors.newSingleThreadExecutor(
                            Thread.ofPlatform().daemon().name("headlight-" + name).factory());
        }
    }

    private final UiThread ui;
    private final Map<String, Lane> lanes = new HashMap<>();
    private final ObservableList<TaskStatus> tasks = FXCollections.observableArrayList();
    private final Object handover = new Object();
    private boolean closed;

    public LaneTaskRunner(UiThread ui) {
        this.ui = ui;
    }

    @Override
    public <T> TaskStatus submit(TaskRequest<T> request) {
        TaskStatus status = new TaskStatus(request.title(), ui);
        synchronized (handover) {
            if (closed) {
                status.cancel();
            } else {
                start(request, status);
            }
        }
        if (!status.cancelled() && !request.title().isEmpty()) {
            tasks.add(status);
        }
        return status;
    }

    private <T> void start(TaskRequest<T> request, TaskStatus status) {
        Lane lane = lanes.computeIfAbsent(request.lane(), Lane::new);
        if (lane.newest != null) {
            lane.newest.cancel();
        }
        lane.newest = status;
        var _ =
                CompletableFuture.supplyAsync(
                                () -> {
                                    if (status.cancelled()) {
                                        throw new CancelledException();
                                    }
                                    return request.work().run(status.progress());
                                },
                                lane.thread)
                        .whenComplete(
                                (result, thrown) -> handOver(request, status, result, thrown));
    }

    private List<Lane> known() {
        synchronized (handover) {
            return List.copyOf(lanes.values());
        }
    }

    private boolean isClosed() {
        synchronized (handover) {
            return closed;
        }
    }

    /** To the window's thread, which may have taken its last turn once the runner is closed. */
    private <T> void handOver(
            TaskRequest<T> request,
            TaskStatus status,
            @Nullable T result,
            @Nullable Throwable thrown) {
        synchronized (handover) {
            if (!closed) {
                ui.later(() -> finish(request, status, result, thrown));
                return;
            }
        }
        drop(request, result);
    }

    private <T> void finish(
            TaskRequest<T> request,
            TaskStatus status,
            @Nullable T result,
            @Nullable Throwable thrown) {
        if (isClosed()) {
            drop(request, result);
            return;
        }
        tasks.remove(status);
        if (status.cancelled()) {
            drop(request, result);
            request.failed().accept(Failure.of(new CancelledException()));
        } else if (thrown != null) {
            request.failed().accept(Failure.of(thrown));
        } else if (result != null) {
            request.done().accept(result);
        }
    }

    private static <T> void drop(TaskRequest<T> request, @Nullable T result) {
        if (result != null) {
            request.dropped().accept(result);
        }
    }

    @Override
    public void cancel(String lane) {
        Lane known = lanes.get(lane);
        if (known != null && known.newest != null) {
            known.newest.cancel();
        }
    }

    @Override
    public void afterwards(List<String> names, Runnable work) {
        AtomicInteger open = new AtomicInteger(names.size());
        synchronized (handover) {
            for (String name : closed ? List.<String>of() : names) {
                lanes.computeIfAbsent(name, Lane::new)
                        .thread
                        .execute(() -> {
                            if (open.decrementAndGet() == 0) {
                                work.run();
                            }
                        });
            }
        }
    }

    @Override
    public void later(Runnable action) {
        synchronized (handover) {
            if (!closed) {
                ui.later(() -> {
                    if (!isClosed()) {
                        action.run();
                    }
                });
            }
        }
    }

    @Override
    public ObservableList<TaskStatus> tasks() {
        return tasks;
    }

    @Override
    public void close() {
        stop();
        tasks.clear();
    }

    /** What {@link #close} does, but for the list of tasks; on any thread. */
    public void stop() {
        synchronized (handover) {
            closed = true;
            for (Lane lane : lanes.values()) {
                if (lane.newest != null) {
                    lane.newest.cancel();
                }
                lane.thread.shutdown();
            }
        }
    }

    /**
     * Waits, after {@link #close} or {@link #stop}, until all work has let go and what was to be
     * done afterwards is done. Not to be called on the window's thread.
     *
     * @return false when the patience ended first
     */
    public boolean ended(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        for (Lane lane : known()) {
            long left = Math.max(0, end - System.nanoTime());
            if (!lane.thread.awaitTermination(left, TimeUnit.NANOSECONDS)) {
                return false;
            }
        }
        return true;
    }
}
