package org.headlight.engine.dump;

import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.CaptureInfo;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.token.Token;

import java.lang.foreign.Arena;
import java.util.List;

/** A capture whose numbers lie in a mapped file. */
final class DumpCapture implements Capture {
    private final CaptureInfo info;
    private final List<Token> tokens;
    private final int responseFrom;
    private final List<SiteCapture> sites;
    private final long bytes;
    private final Arena arena;

    DumpCapture(
            CaptureInfo info,
            List<Token> tokens,
            int responseFrom,
            List<SiteCapture> sites,
            long bytes,
            Arena arena) {
        this.info = info;
        this.tokens = List.copyOf(tokens);
        this.responseFrom = responseFrom;
        this.sites = List.copyOf(sites);
        this.bytes = bytes;
        this.arena = arena;
    }

    @Override
    public CaptureInfo info() {
        return open(info);
    }

    @Override
    public List<Token> tokens() {
        return open(tokens);
    }

    @Override
    public int responseFrom() {
        return open(responseFrom);
    }

    @Override
    public List<SiteCapture> sites() {
        return open(sites);
    }

    @Override
    public long bytes() {
        return open(bytes);
    }

    private <T> T open(T value) {
        if (!arena.scope().isAlive()) {
            throw new IllegalStateException("this capture is closed");
        }
        return value;
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
