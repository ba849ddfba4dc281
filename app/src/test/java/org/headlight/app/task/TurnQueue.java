package org.headlight.app.task;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The window's thread, played by the test: what is handed over waits until it takes its turn. */
public final class TurnQueue implements UiThread {
    private final BlockingQueue<Runnable> turns = new LinkedBlockingQueue<>();

    @Override
    public void later(Runnable action) {
        turns.add(action);
    }

    /** Takes the turns that wait now, and those that they hand over; says how many there were. */
    public int takeAll() {
        int taken = 0;
        for (Runnable next = turns.poll(); next != null; next = turns.poll()) {
            next.run();
            taken++;
        }
        return taken;
    }

    /** Takes turns until {@code done}; fails when nothing comes any more. */
    public void until(BooleanSupplier done) throws InterruptedException {
        while (!done.getAsBoolean()) {
            Runnable next = turns.poll(20, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("nothing is left to be done, and it has not happened");
            }
            next.run();
        }
    }
}
