package org.headlight.analysis.sparse.run;

import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;

import java.util.List;
import java.util.function.Supplier;

/**
 * Times of short runs, which a program that has just started gives far too long: runs that are over
 * soon are made again, and the fastest counts.
 */
public final class SettledTimes {
    private final SparseStudy study;
    private final Repeats repeats;

    public SettledTimes(SparseStudy study, Repeats repeats) {
        this.study = study;
        this.repeats = repeats;
    }

    /**
     * A dense run with the times of the fastest of several.
     *
     * @param run the first of them
     * @param attend milliseconds of attention
     * @param rest milliseconds of everything else
     */
    public record Dense(DenseRun run, double attend, double rest) implements AutoCloseable {
        @Override
        public void close() {
            run.close();
        }
    }

    /** Runs the model as it is; whoever calls this closes it. */
    public Dense dense(List<Token> tokens, boolean capture, Progress progress) {
        DenseRun first = study.dense(tokens, capture, progress.part(0, 0.5));
        boolean kept = false;
        try {
            Dense settled = settled(first, progress.part(0.5, 1));
            kept = true;
            return settled;
        } finally {
            if (!kept) {
                first.close();
            }
        }
    }

    private Dense settled(DenseRun first, Progress progress) {
        Dense fastest = new Dense(first, first.attend(), first.rest());
        double cold = first.attend() + first.rest();
        double later = 0;
        for (int run = 1; repeats.again(run, cold, later); run++) {
            try (DenseRun again = study.dense(first.tokens(), false, progress)) {
                double took = again.attend() + again.rest();
                later += took;
                if (took < fastest.attend + fastest.rest) {
                    fastest = new Dense(first, again.attend(), again.rest());
                }
            }
        }
        return fastest;
    }

    /**
     * The times of the fastest of several runs instead of those of the first, in all and of each
     * layer; all else stays as the first measured it.
     */
    public SparseResult sparse(Dense dense, SparseResult first, Progress progress) {
        return sparse(
                dense,
                first,
                () ->
                        study.run(
                                dense.run,
                                first.prompt(),
                                first.assignment(),
                                SparseOptions.QUICK,
                                progress));
    }

    /** The same with any way to run it again. */
    SparseResult sparse(Dense dense, SparseResult first, Supplier<SparseResult> more) {
        SparseResult fastest = first;
        double cold = first.times().total();
        double later = 0;
        for (int run = 1; repeats.again(run, cold, later); run++) {
            SparseResult again = more.get();
            later += again.times().total();
            fastest = again.times().total() < fastest.times().total() ? again : fastest;
        }
        return timed(dense, first.timedAs(fastest));
    }

    /** The same result with the settled times of the dense run. */
    public static SparseResult timed(Dense dense, SparseResult result) {
        return result.with(result.layers(), result.times().against(dense.attend, dense.rest));
    }
}
