package org.headlight.app.reading;

import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;

import org.headlight.app.task.Failure;
import org.headlight.app.task.TaskRequest;
import org.headlight.app.task.TaskRunner;
import org.headlight.app.task.TaskStatus;
import org.jspecify.annotations.Nullable;

/**
 * What a reading's pane has to show: nothing yet and what to do about it, a result, work under way,
 * a problem. Work and problems go along with what is shown already.
 */
public final class ReadingState {
    private final ReadOnlyBooleanWrapper ready = new ReadOnlyBooleanWrapper();
    private final ReadOnlyStringWrapper empty;
    private final ReadOnlyStringWrapper problem = new ReadOnlyStringWrapper("");
    private final ReadOnlyObjectWrapper<@Nullable TaskStatus> work = new ReadOnlyObjectWrapper<>();
    private @Nullable Object current;

    /**
     * With nothing yet.
     *
     * @param sentence what to do, one sentence
     */
    public ReadingState(String sentence) {
        empty = new ReadOnlyStringWrapper(sentence);
    }

    /** Whether there is a result to show. */
    public ReadOnlyBooleanProperty readyProperty() {
        return ready.getReadOnlyProperty();
    }

    /** What to do while there is no result, one sentence. */
    public ReadOnlyStringProperty emptyProperty() {
        return empty.getReadOnlyProperty();
    }

    /** What went wrong and what to do, one sentence; empty when nothing did. */
    public ReadOnlyStringProperty problemProperty() {
        return problem.getReadOnlyProperty();
    }

    /** The work under way; null for none. */
    public ReadOnlyObjectProperty<@Nullable TaskStatus> workProperty() {
        return work.getReadOnlyProperty();
    }

    /** There is nothing to show: what to do. */
    public void empty(String sentence) {
        empty.set(sentence);
        problem.set("");
        work.set(null);
        ready.set(false);
    }

    /**
     * Does work and shows it while it lasts. A failure becomes the problem, unless it was
     * cancelled; newer work of this state takes the place of older in what is shown.
     */
    public <T> void run(TaskRunner tasks, TaskRequest<T> request) {
        Object mine = new Object();
        current = mine;
        problem.set("");
        TaskStatus status =
                tasks.submit(
                        new TaskRequest<>(
                                request.lane(),
                                request.title(),
                                request.work(),
                                result -> {
                                    end(mine);
                                    request.done().accept(result);
                                },
                                failure -> {
                                    boolean last = end(mine);
                                    if (last && failure.kind() != Failure.Kind.CANCELLED) {
                                        problem.set(failure.sentence());
                                    }
                                    request.failed().accept(failure);
                                },
                                request.dropped()));
        if (mine.equals(current)) {
            work.set(status);
        }
    }

    private boolean end(Object mine) {
        boolean last = mine.equals(current);
        if (last) {
            current = null;
            work.set(null);
        }
        return last;
    }

    /**
     * Work has begun; what is shown stays. Give what {@code TaskRunner.submit} returned; {@link
     * #run} is simpler.
     */
    public void working(TaskStatus status) {
        problem.set("");
        work.set(status);
    }

    /** There is a result, whole or in part. */
    public void ready() {
        problem.set("");
        ready.set(true);
    }

    /** Work has ended; {@link #ready()} says whether there is a result. */
    public void done() {
        work.set(null);
    }

    /** What went wrong, one sentence; what is shown stays. */
    public void problem(String sentence) {
        problem.set(sentence);
    }

    /** Work has failed or was cancelled; what is shown stays. */
    public void failed(Failure failure) {
        work.set(null);
        if (failure.kind() != Failure.Kind.CANCELLED) {
            problem.set(failure.sentence());
        }
    }
}
