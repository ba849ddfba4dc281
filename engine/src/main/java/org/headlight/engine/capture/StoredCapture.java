package org.headlight.engine.capture;

import org.headlight.engine.token.Token;

import java.util.List;

/** A capture whose matrices lie in one {@link CaptureStore}, which it owns. */
public final class StoredCapture implements Capture {
    private final CaptureInfo info;
    private final List<Token> tokens;
    private final List<SiteCapture> sites;
    private final CaptureStore store;
    private volatile boolean closed;

    public StoredCapture(
            CaptureInfo info, List<Token> tokens, List<SiteCapture> sites, CaptureStore store) {
        if (sites.isEmpty()) {
            throw new IllegalArgumentException("a capture needs a site");
        }
        this.info = info;
        this.tokens = List.copyOf(tokens);
        this.sites = List.copyOf(sites);
        this.store = store;
    }

    @Override
    public CaptureInfo info() {
        open();
        return info;
    }

    @Override
    public List<Token> tokens() {
        open();
        return tokens;
    }

    @Override
    public List<SiteCapture> sites() {
        open();
        return sites;
    }

    @Override
    public long bytes() {
        open();
        return store.bytes();
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            store.close();
        }
    }

    private void open() {
        if (closed) {
            throw new IllegalStateException("The capture is closed.");
        }
    }
}
