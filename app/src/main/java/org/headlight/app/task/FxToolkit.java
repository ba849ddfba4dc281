package org.headlight.app.task;

import javafx.application.Platform;

import java.util.concurrent.CountDownLatch;

/** The one place that starts and leaves the JavaFX toolkit. */
public final class FxToolkit {

    /**
     * Starts the toolkit, runs {@code start} on its thread and waits until the window is closed.
     *
     * @param start builds and shows the window; it is handed what to run when the window closes
     * @throws IllegalStateException when the toolkit runs already
     * @throws UnsupportedOperationException when there is no display
     */
    public void run(Start start) throws InterruptedException {
        CountDownLatch closed = new CountDownLatch(1);
        Platform.startup(() -> start.start(closed::countDown));
        closed.await();
        Platform.exit();
    }

    /** What runs first on the toolkit's thread. */
    public interface Start {
        void start(Runnable closed);
    }
}
