package org.headlight.app.task;

import java.util.function.Consumer;

/**
 * Work to be done in the background, and what to do with its end. The three consumers are called on
 * the window's thread: either {@code done}, or {@code failed}, once; {@code dropped} before {@code
 * failed} when there is a result that nobody waits for any more. Once the runner is closed, nothing
 * is called but {@code dropped}.
 *
 * @param lane requests of one lane replace each other: the newest wins
 * @param title what the user sees while it runs; empty for work that is not worth a line
 * @param work the work
 * @param done gets the result
 * @param failed is told about a failure, a cancelled task included
 * @param dropped gets the result of work that was cancelled or replaced in vain, to close it
 * @param <T> what comes of the work
 */
public record TaskRequest<T>(
        String lane,
        String title,
        Work<T> work,
        Consumer<T> done,
        Consumer<Failure> failed,
        Consumer<T> dropped) {

    /** Work whose end is of no interest yet. */
    public static <T> TaskRequest<T> of(String lane, String title, Work<T> work) {
        return new TaskRequest<>(lane, title, work, result -> {}, failure -> {}, result -> {});
    }

    public TaskRequest<T> onDone(Consumer<T> consumer) {
        return new TaskRequest<>(lane, title, work, consumer, failed, dropped);
    }

    public TaskRequest<T> onFailed(Consumer<Failure> consumer) {
        return new TaskRequest<>(lane, title, work, done, consumer, dropped);
    }

    public TaskRequest<T> onDropped(Consumer<T> consumer) {
        return new TaskRequest<>(lane, title, work, done, failed, consumer);
    }
}
