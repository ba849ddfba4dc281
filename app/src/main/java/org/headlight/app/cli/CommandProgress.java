package org.headlight.app.cli;

import org.headlight.engine.task.Progress;

import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Progress as one line on standard error that is written over, at most ten times a second. */
final class CommandProgress implements Progress, AutoCloseable {
    private static final long INTERVAL = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int WIDTH = 72;

    private final CommandContext context;
    private final boolean shown;
    private long last = System.nanoTime() - 2 * INTERVAL;
    private boolean dirty;

    CommandProgress(CommandContext context, boolean shown) {
        this.context = context;
        this.shown = shown;
    }

    @Override
    public void at(double fraction, String stage) {
        if (shown) {
            print(fraction, stage);
        }
    }

    private synchronized void print(double fraction, String stage) {
        long now = System.nanoTime();
        if (now - last < INTERVAL) {
            return;
        }
        last = now;
        String percent =
                fraction < 0
                        ? "     "
                        : String.format(Locale.ROOT, "%3.0f %%", 100 * Math.min(1, fraction));
        String line = percent + "  " + stage;
        context.err().print("\r" + pad(line.length() > WIDTH ? line.substring(0, WIDTH) : line));
        context.err().flush();
        dirty = true;
    }

    private static String pad(String line) {
        return line + " ".repeat(WIDTH - line.length());
    }

    @Override
    public boolean cancelled() {
        return context.interrupt().asked();
    }

    @Override
    public void close() {
        clear();
    }

    /** Wipes the line away, before results are printed. */
    synchronized void clear() {
        if (dirty) {
            context.err().print("\r" + " ".repeat(WIDTH) + "\r");
            context.err().flush();
            dirty = false;
        }
    }
}
