package org.headlight.app.task;

import javafx.collections.ObservableList;

import java.util.List;

/** Runs work in the background. One request per lane runs at a time, and the newest wins. */
public interface TaskRunner extends AutoCloseable {

    /** Starts work; older work of the same lane is cancelled first. */
    <T> TaskStatus submit(TaskRequest<T> request);

    /** Cancels what runs or waits in a lane. */
    void cancel(String lane);

    /**
     * Does something small in the background, once everything that was submitted to the lanes has
     * let go. It is never cancelled: this is how a thing is closed that work of these lanes may be
     * using.
     */
    void afterwards(List<String> lanes, Runnable work);

    /**
     * Does something on the window's thread, soon: for what work has to tell before it ends. To be
     * called from any thread; nothing is done once the runner is closed.
     */
    void later(Runnable action);

    /** What runs or waits and has a title; changes on the window's thread. */
    ObservableList<TaskStatus> tasks();

    /**
     * Cancels everything and takes no more: what is submitted from now on is not done, and nothing
     * is called any more but {@link TaskRequest#dropped} with results that come too late, on
     * whatever thread, and what was to be done afterwards.
     */
    @Override
    void close();
}
