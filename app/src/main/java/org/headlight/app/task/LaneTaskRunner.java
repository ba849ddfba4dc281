package org.headlight.app.task;

import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.headlight.engine.problem.CancelledException;
import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * One named daemon thread per lane: work of a lane never overlaps, and a newer request cancels the
 * older one and waits until it has let go. Used from the window's thread only.
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
    private boolean closed;

    public LaneTaskRunner(UiThread ui) {
        this.ui = ui;
    }

    @Override
    public <T> TaskStatus submit(TaskRequest<T> request) {
        if (closed) {
            throw new IllegalStateException("the task runner is closed");
        }
        Lane lane = lanes.computeIfAbsent(request.lane(), Lane::new);
        if (lane.newest != null) {
            lane.newest.cancel();
        }
        TaskStatus status = new TaskStatus(request.title(), ui);
        lane.newest = status;
        if (!request.title().isEmpty()) {
            tasks.add(status);
        }
        var _ =
                CompletableFuture.supplyAsync(
                                () -> {
                                    if (status.cancelled()) {
                                        throw new CancelledException();
                                    }
                                    return request.work().run(status.progress());
                                },
                                lane.thread)
                        .whenComplete((result, thrown) ->
                                ui.later(() -> finish(request, status, result, thrown)));
        return status;
    }

    private <T> void finish(
            TaskRequest<T> request,
            TaskStatus status,
            @Nullable T result,
            @Nullable Throwable thrown) {
        tasks.remove(status);
        if (thrown != null) {
            request.failed().accept(Failure.of(thrown));
        } else if (result != null) {
            if (status.cancelled() || closed) {
                request.dropped().accept(result);
                request.failed().accept(Failure.of(new CancelledException()));
            } else {
                request.done().accept(result);
            }
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
    public void afterwards(String lane, Runnable work) {
        lanes.computeIfAbsent(lane, Lane::new).thread.execute(work);
    }

    @Override
    public ObservableList<TaskStatus> tasks() {
        return tasks;
    }

    @Override
    public void close() {
        closed = true;
        for (Lane lane : lanes.values()) {
            if (lane.newest != null) {
                lane.newest.cancel();
            }
            lane.thread.shutdown();
        }
    }
}
