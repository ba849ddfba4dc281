package org.headlight.engine.sweep;

import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.ProbabilityHead;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.kernel.AttentionKernels;
import org.headlight.engine.problem.CancelledException;
import org.headlight.engine.task.Progress;
import org.headlight.engine.task.Together;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One walk over the map of a head. Blocks of 64 rows are computed, normalised and handed to every
 * consumer; memory is 64 x M floats per thread, never N x M.
 */
public final class Sweep {
    private static final int LANES = AttentionKernels.LANES;

    /** Multiply-adds above which a walk waits for kernels that are still being compiled. */
    private static final double WAITS = 4e9;

    private final HeadAttention head;
    private final Visibility visibility;
    private final SweepOptions options;
    private final Progress progress;
    private final int sampled;
    private final int blocks;
    private final AtomicInteger next;
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicBoolean failed = new AtomicBoolean();

    private Sweep(HeadAttention head, SweepOptions options, Progress progress) {
        this.head = head;
        this.visibility = new Visibility(head, options.excludedKeys());
        this.options = options;
        this.progress = progress;
        this.sampled = Math.ceilDiv(head.rows(), options.rowStep());
        this.blocks = Math.ceilDiv(sampled, LANES);
        this.next = new AtomicInteger(blocks);
    }

    /**
     * Walks the map once. Returns after the last block, when every consumer has been told to
     * finish.
     *
     * @throws CancelledException when the progress says so; no consumer is finished then
     * @throws RuntimeException what a consumer threw; no consumer is finished then
     */
    public static void run(
            HeadAttention head,
            List<? extends SweepConsumer> consumers,
            SweepOptions options,
            Progress progress) {
        new Sweep(head, options, progress).run(consumers);
        consumers.forEach(SweepConsumer::finish);
    }

    private void run(List<? extends SweepConsumer> consumers) {
        progress.check();
        if (head instanceof QkHead qk && products(qk) > WAITS) {
            options.kernels().awaitWarmUp(progress::cancelled);
        }
        int threads = Math.max(1, Math.min(options.threads(), blocks));
        KeyRows keys = head instanceof QkHead qk ? KeyRows.forSweep(qk.k()) : null;
        List<FutureTask<Void>> walks = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            List<SweepConsumer.Worker> workers =
                    consumers.stream().map(SweepConsumer::worker).toList();
            BlockReader reader =
                    switch (head) {
                        case QkHead qk ->
                                new QkBlockReader(
                                        qk,
                                        visibility,
                                        options.kernels(),
                                        keys == null ? KeyRows.onDemand(qk.k()) : keys.forThread());
                        case ProbabilityHead p -> new ProbabilityBlockReader(p, visibility);
                    };
            walks.add(new FutureTask<>(() -> walk(reader, workers), null));
        }
        Together.run("sweep", walks);
    }

    private double products(QkHead qk) {
        return 0.5 * sampled * qk.cols() * qk.q().cols();
    }

    private void walk(BlockReader reader, List<SweepConsumer.Worker> workers) {
        boolean whole = false;
        try {
            RowBlock block = new RowBlock(options.kernels());
            BlockReader.Filled filled =
                    (from, to) -> {
                        for (SweepConsumer.Worker worker : workers) {
                            worker.keys(block, from, to);
                        }
                    };
            // From the last block on: with a causal mask it is the longest, so the threads end
            // together.
            for (int i = next.decrementAndGet(); i >= 0; i = next.decrementAndGet()) {
                if (failed.get()) {
                    return;
                }
                progress.check();
                int count = Math.min(LANES, sampled - i * LANES);
                reader.select(i * LANES * options.rowStep(), count, options.rowStep());
                reader.fill(block, filled);
                for (SweepConsumer.Worker worker : workers) {
                    worker.accept(block);
                }
                progress.at(done.incrementAndGet() / (double) blocks, "Reading the map");
            }
            whole = true;
        } finally {
            if (!whole) {
                failed.set(true);
            }
        }
    }
}
