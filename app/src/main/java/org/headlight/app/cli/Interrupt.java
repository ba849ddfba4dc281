package org.headlight.app.cli;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/** Whether the user pressed Ctrl-C: the work then ends by itself and cleans up behind it. */
public final class Interrupt {
    private static final int PATIENCE_SECONDS = 20;

    private final AtomicBoolean asked = new AtomicBoolean();
    private final AtomicReference<@Nullable Runnable> action = new AtomicReference<>();
    private final CountDownLatch finished = new CountDownLatch(1);

    /** Listens to the signals of this process. */
    public static Interrupt ofProcess() {
        Interrupt interrupt = new Interrupt();
        Runtime.getRuntime().addShutdownHook(new Thread(interrupt::onShutdown, "interrupt"));
        return interrupt;
    }

    private void onShutdown() {
        ask();
        if (action.get() != null) {
            return;
        }
        try {
            boolean ended = finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (!ended) {
                Runtime.getRuntime().halt(130);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Asks the work to end. */
    public void ask() {
        asked.set(true);
        Runnable end = action.get();
        if (end != null) {
            end.run();
        }
    }

    /**
     * Ends the work by {@code newAction}, which returns when the process may end, as soon as it is
     * asked to end: for work that does not look at {@link #asked}.
     */
    public void whenAsked(Runnable newAction) {
        action.set(newAction);
        if (asked.get()) {
            newAction.run();
        }
    }

    public boolean asked() {
        return asked.get();
    }

    /** Says that the work has ended and nothing is left to clean up. */
    public void finished() {
        finished.countDown();
    }
}
