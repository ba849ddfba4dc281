package org.headlight.app.sparse;

import org.headlight.analysis.sparse.run.DenseRun;
import org.headlight.analysis.sparse.run.SparseStudy;
import org.headlight.engine.model.Model;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Objects;

/** The last dense run, which all sparse runs over the same text are held against. */
final class DenseKeeper {
    private @Nullable DenseRun kept;
    private @Nullable Model model;

    /**
     * The dense run over a text; run now where it is not there.
     *
     * @param capture whether the maps are needed
     */
    synchronized DenseRun get(
            Model wanted,
            SparseStudy study,
            List<Token> tokens,
            boolean capture,
            Progress progress) {
        DenseRun now = kept;
        if (now != null
                && wanted.equals(model)
                && now.tokens().equals(tokens)
                && (!capture || now.capture().isPresent())) {
            return now;
        }
        close();
        // A first run compiles and warms what later ones use: its times would be unfair.
        if (!wanted.equals(model)) {
            study.dense(tokens, false, progress).close();
        }
        DenseRun made = study.dense(tokens, capture, progress);
        kept = made;
        model = wanted;
        return made;
    }

    /** Lets go of it unless it is over this text by this model. */
    synchronized void keepOnly(@Nullable Model now, List<Token> tokens) {
        DenseRun there = kept;
        if (there != null && !(there.tokens().equals(tokens) && Objects.equals(now, model))) {
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
