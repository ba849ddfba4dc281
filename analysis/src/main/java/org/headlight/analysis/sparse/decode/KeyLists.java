package org.headlight.analysis.sparse.decode;

import org.headlight.analysis.sparse.Plan;
import org.headlight.engine.attend.Spans;

/**
 * Collects the keys of each step, head by head and within a head step by step, as rising runs. What
 * a step does not see is left out.
 */
final class KeyLists {
    private final Steps steps;
    private final Spans.Builder builder;
    private int head;
    private int step;
    private int first;
    private int end;

    KeyLists(Steps steps) {
        this.steps = steps;
        this.builder = new Spans.Builder(steps.heads(), steps.count(), 1);
        look();
    }

    private void look() {
        if (head < steps.heads() && step < steps.count()) {
            first = steps.first(head, step);
            end = steps.end(head, step);
        }
    }

    /** Adds keys to the step at hand; {@code from} is not before that of the run before. */
    KeyLists add(int from, int to) {
        builder.add(Math.max(first, from), Math.min(end, to));
        return this;
    }

    /** Adds some of rising keys. */
    KeyLists add(int[] rising, int count) {
        int from = 0;
        while (from < count) {
            int to = from + 1;
            while (to < count && rising[to] == rising[to - 1] + 1) {
                to++;
            }
            add(rising[from], rising[to - 1] + 1);
            from = to;
        }
        return this;
    }

    /** Adds pages by their rising numbers. */
    KeyLists pages(int[] rising, int page) {
        for (int number : rising) {
            add(number * page, (number + 1) * page);
        }
        return this;
    }

    /** Ends the step at hand. */
    void next() {
        builder.next();
        step++;
        if (step == steps.count()) {
            step = 0;
            head++;
        }
        look();
    }

    /** One softmax over the collected keys; every step of every head has been ended. */
    Plan plan() {
        return new Plan.Selected(builder.build());
    }
}
