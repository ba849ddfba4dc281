package org.headlight.app.task;

import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Does all work at once on the calling thread. */
public final class DirectTaskRunner implements TaskRunner {
    private final ObservableList<TaskStatus> tasks = FXCollections.observableArrayList();

    @Override
    public <T> TaskStatus submit(TaskRequest<T> request) {
        TaskStatus status = new TaskStatus(request.title(), Runnable::run);
        CompletableFuture<T> result = new CompletableFuture<>();
        result.completeAsync(() -> request.work().run(status.progress()), Runnable::run);
        result.handle(
                        (value, thrown) -> {
                            if (thrown != null) {
                                request.failed().accept(Failure.of(thrown));
                            } else {
                                request.done().accept(value);
                            }
                            return status;
                        })
                .join();
        return status;
    }

    @Override
    public void cancel(String lane) {
        // Nothing ever waits.
    }

    @Override
    public void afterwards(List<String> lanes, Runnable work) {
        work.run();
    }

    @Override
    public void later(Runnable action) {
        action.run();
    }

    @Override
    public ObservableList<TaskStatus> tasks() {
        return tasks;
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
