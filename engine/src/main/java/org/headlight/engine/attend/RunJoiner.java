package org.headlight.engine.attend;

/** Joins runs of keys that touch, and drops empty ones. */
final class RunJoiner implements Selection.Runs {
    private final Selection.Runs target;
    private int from;
    private int to;

    RunJoiner(Selection.Runs target) {
        this.target = target;
    }

    @Override
    public void run(int start, int end) {
        if (end <= start) {
            return;
        }
        if (to > from && start <= to) {
            to = Math.max(to, end);
            return;
        }
        finish();
        from = start;
        to = end;
    }

    /** Hands out the last run. */
    void finish() {
        if (to > from) {
            target.run(from, to);
        }
        to = from;
    }
}
