package org.headlight.app.sparse;

import org.headlight.analysis.sparse.run.SettledTimes;
import org.headlight.engine.model.Model;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Objects;

/** The last dense run, which all sparse runs over the same text are held against. */
final class DenseKeeper {
    private SettledTimes.@Nullable Dense kept;
    private @Nullable Model model;

    /**
     * The dense run over a text; run now where it is not there.
     *
     * @param capture whether the maps are needed
     */
    synchronized SettledTimes.Dense get(
            Model wanted,
            SettledTimes times,
            List<Token> tokens,
            boolean capture,
            Progress progress) {
        SettledTimes.Dense now = kept;
        if (now != null
                && wanted.equals(model)
                && now.run().tokens().equals(tokens)
                && (!capture || now.run().capture().isPresent())) {
            return now;
        }
        close();
        SettledTimes.Dense made = times.dense(tokens, capture, progress);
        kept = made;
        model = wanted;
        return made;
    }

    /** Lets go of it unless it is over this text by this model. */
    synchronized void keepOnly(@Nullable Model now, List<Token> tokens) {
        SettledTimes.Dense there = kept;
        if (there != null && !(there.run().tokens().equals(tokens) && Objects.equals(now, model))) {
            close();
        }
    }

    private void close() {
        if (kept != null) {
            kept.close();
        }
        kept = null;
    }
}
