package org.headlight.engine.model;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;

import org.headlight.engine.task.Progress;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Tells a run to end when the progress is cancelled, as long as the watch is open. */
final class CancelWatch implements AutoCloseable {
    private static final long POLL_MILLIS = 20;

    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean fired;

    CancelWatch(Progress progress, OrtSession.RunOptions options) {
        thread = Thread.ofVirtual().name("cancel-watch").start(() -> watch(progress, options));
    }

    private void watch(Progress progress, OrtSession.RunOptions options) {
        try {
            while (!done.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                if (progress.cancelled()) {
                    fired = true;
                    options.setTerminate(true);
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    boolean fired() {
        return fired;
    }

    @Override
    public void close() {
        done.countDown();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
