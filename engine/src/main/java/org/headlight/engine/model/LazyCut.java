package org.headlight.engine.model;

import org.headlight.engine.cut.UncuttableException;
import org.jspecify.annotations.Nullable;

import java.util.Optional;

/**
 * The pieces of a model, made and held against the whole when they are first asked for: opening a
 * model does not wait for them. A model that cannot be cut is asked once.
 */
final class LazyCut implements AutoCloseable {
    private final CutModel.Source source;
    private final Probe.Findings findings;
    private @Nullable CutModel model;
    private String reason = "";

    /**
     * @param findings the sites to cut at
     */
    LazyCut(CutModel.Source source, Probe.Findings findings) {
        this.source = source;
        this.findings = findings;
    }

    /** The model in pieces; empty when it cannot be cut. */
    synchronized Optional<CutModel> model() {
        if (model == null && reason.isEmpty()) {
            if (findings.ran()) {
                open();
            } else {
                reason = "it runs on none of the inputs that were made up for it";
            }
        }
        return Optional.ofNullable(model);
    }

    private void open() {
        try {
            model =
                    CutModel.open(
                            source,
                            findings.attention(),
                            findings.length(),
                            findings.sites().getFirst().sizes());
        } catch (UncuttableException e) {
            reason = e.reason();
        }
    }

    /** Gives up, for a reason that a run showed. */
    synchronized void giveUp(UncuttableException e) {
        reason = e.reason();
        close();
    }

    /** Why it cannot be cut, one clause; empty when it can, or has not been tried. */
    synchronized String reason() {
        return reason;
    }

    @Override
    public synchronized void close() {
        reason = reason.isEmpty() ? "it was closed" : reason;
        if (model != null) {
            model.close();
            model = null;
        }
    }
}
