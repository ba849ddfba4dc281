package org.headlight.app.task;

import javafx.collections.ObservableList;

/** Runs work in the background. One request per lane runs at a time, and the newest wins. */
public interface TaskRunner extends AutoCloseable {

    /** Starts work; older work of the same lane is cancelled first. */
    <T> TaskStatus submit(TaskRequest<T> request);

    /** Cancels what runs or waits in a lane. */
    void cancel(String lane);

    /**
     * Does something small on a lane's thread, once everything that was submitted to it has let go.
     * It is never cancelled: this is how a thing is closed that work of the lane may be using.
     */
    void afterwards(String lane, Runnable work);

    /** What runs or waits and has a title; changes on the window's thread. */
    ObservableList<TaskStatus> tasks();

    /** Cancels everything and takes no more. */
    @Override
    void close();
}
