package org.headlight.app.cli;

import java.util.concurrent.TimeUnit;

/** A process that works until it is asked to end, and then looks whether it may still work. */
final class InterruptedWork {
    private InterruptedWork() {}

    public static void main(String[] args) {
        Interrupt interrupt = Interrupt.ofProcess();
        System.out.println("at work");
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!interrupt.asked() && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        System.out.println(shuttingDown() ? "the machine ends" : "still whole");
        int status = interrupt.exitStatus(Integer.parseInt(args[0]));
        interrupt.finished();
        System.exit(status);
    }

    /** Hooks cannot be added once they run. */
    private static boolean shuttingDown() {
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {}));
            return false;
        } catch (IllegalStateException e) {
            return true;
        }
    }
}
