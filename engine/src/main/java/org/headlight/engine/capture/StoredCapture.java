package org.headlight.engine.capture;

import org.headlight.engine.token.Token;

import java.util.List;

/** A capture whose matrices lie in one {@link CaptureStore}, which it owns. */
public final class StoredCapture implements Capture {
    private final CaptureInfo info;
    private final List<Token> tokens;
    private final List<SiteCapture> sites;
    private final CaptureStore store;
    private final int responseFrom;
    private volatile boolean closed;

    /** A capture of tokens that are all input. */
    public StoredCapture(
            CaptureInfo info, List<Token> tokens, List<SiteCapture> sites, CaptureStore store) {
        this(info, tokens, sites, store, tokens.size());
    }

    /**
     * @param responseFrom position of the first token that the model wrote itself
     */
    public StoredCapture(
            CaptureInfo info,
            List<Token> tokens,
            List<SiteCapture> sites,
            CaptureStore store,
            int responseFrom) {
        if (sites.isEmpty()) {
            throw new IllegalArgumentException("a capture needs a site");
        }
        this.info = info;
        this.tokens = List.copyOf(tokens);
        this.sites = List.copyOf(sites);
        this.store = store;
        this.responseFrom = responseFrom;
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
    public int responseFrom() {
        open();
        return responseFrom;
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

    /**
     * The same, of which the tokens from a position on are written by the model. It takes the store
     * over: close it instead of this one.
     */
    public StoredCapture withResponseFrom(int position) {
        open();
        return new StoredCapture(info, tokens, sites, store, position);
    }

    private void open() {
        if (closed) {
            throw new IllegalStateException("The capture is closed.");
        }
    }
}
