package org.headlight.app.retrieval;

import org.headlight.analysis.retrieval.HeadMask;
import org.headlight.analysis.retrieval.MaskPhase;
import org.headlight.analysis.retrieval.MaskedTrial;
import org.headlight.analysis.retrieval.RetrievalPlan;
import org.headlight.analysis.retrieval.Trial;
import org.headlight.app.task.TaskRunner;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Hands finished trials over to the window while others are being made. Thread-safe. */
final class TrialFeed {
    private final TaskRunner tasks;
    private final String source;
    private final RetrievalPlan plan;
    private final Consumer<RetrievalResult> shown;
    private final AtomicBoolean waiting = new AtomicBoolean();
    private final List<Trial> trials = new ArrayList<>();
    private final List<RetrievalResult.Masked> done = new ArrayList<>();
    private final List<MaskedTrial> current = new ArrayList<>();

    /**
     * A feed.
     *
     * @param shown called on the window's thread, once for any number of trials between two turns
     */
    TrialFeed(
            TaskRunner tasks, String source, RetrievalPlan plan, Consumer<RetrievalResult> shown) {
        this.tasks = tasks;
        this.source = source;
        this.plan = plan;
        this.shown = shown;
    }

    synchronized void trial(Trial trial) {
        trials.add(trial);
        tell(() -> result());
    }

    /** Takes trials that were there before. */
    synchronized void trials(List<Trial> known) {
        trials.addAll(known);
    }

    synchronized void masked(HeadMask mask, MaskPhase phase, long seed, MaskedTrial trial) {
        current.add(trial);
        tell(() -> with(new RetrievalResult.Masked(mask, phase, seed, current)));
    }

    /** All trials of a mask are there. */
    synchronized void finished(RetrievalResult.Masked mask) {
        done.add(mask);
        current.clear();
    }

    /** What is finished. */
    synchronized RetrievalResult result() {
        return new RetrievalResult(source, plan, trials, done);
    }

    private RetrievalResult with(RetrievalResult.Masked last) {
        if (last.trials().isEmpty()) {
            return result();
        }
        List<RetrievalResult.Masked> all = new ArrayList<>(done);
        all.add(last);
        return new RetrievalResult(source, plan, trials, all);
    }

    private interface Snapshot {
        RetrievalResult take();
    }

    private void tell(Snapshot snapshot) {
        if (waiting.compareAndSet(false, true)) {
            tasks.later(() -> {
                waiting.set(false);
                RetrievalResult now;
                synchronized (this) {
                    now = snapshot.take();
                }
                shown.accept(now);
            });
        }
    }
}
