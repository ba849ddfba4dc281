package org.headlight.app.cli;

import org.headlight.engine.problem.CancelledException;
import org.jspecify.annotations.Nullable;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/** Whether the user pressed Ctrl-C: the work then ends by itself and cleans up behind it. */
public final class Interrupt {
    private static final int PATIENCE_SECONDS = 20;

    private final AtomicBoolean asked = new AtomicBoolean();
    private final AtomicReference<@Nullable ProcessSignal> signal = new AtomicReference<>();
    private final AtomicReference<@Nullable Runnable> action = new AtomicReference<>();
    private final CountDownLatch finished = new CountDownLatch(1);

    /** Listens to the signals of this process. */
    public static Interrupt ofProcess() {
        Interrupt interrupt = new Interrupt();
        for (ProcessSignal signal : ProcessSignal.values()) {
            signal.handle(() -> interrupt.come(signal));
        }
        return interrupt;
    }

    /** On a thread of the signal; a second signal changes nothing. */
    private void come(ProcessSignal which) {
        if (!signal.compareAndSet(null, which)) {
            return;
        }
        ask();
        try {
            if (action.get() == null && !finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                Runtime.getRuntime().halt(which.exitStatus());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (action.get() != null) {
            System.exit(which.exitStatus());
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
            finished();
        }
    }

    public boolean asked() {
        return asked.get();
    }

    /** Says that the work has ended and nothing is left to clean up. */
    public void finished() {
        finished.countDown();
    }

    /** The exit status of the process, given that of the work: which signal cancelled it counts. */
    public int exitStatus(int work) {
        ProcessSignal come = signal.get();
        return come != null && work == new CancelledException().exitStatus()
                ? come.exitStatus()
                : work;
    }
}
