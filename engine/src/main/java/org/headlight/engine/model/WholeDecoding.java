package org.headlight.engine.model;

import ai.onnxruntime.OrtSession;

import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.StoredCapture;
import org.headlight.engine.generate.Decoding;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Decodes with a model that keeps nothing between runs: each step runs the whole text again, and
 * the attention is captured at the end.
 */
final class WholeDecoding implements Decoding {
    private final RuntimeSession session;
    private final NextLogits logits;
    private final CaptureRun run;
    private int[] ids = new int[0];

    /**
     * @param run captures the whole text
     */
    WholeDecoding(RuntimeSession session, NextLogits logits, CaptureRun run) {
        this.session = session;
        this.logits = logits;
        this.run = run;
    }

    @Override
    public void read(int[] more, Progress progress) {
        int before = ids.length;
        ids = Arrays.copyOf(ids, before + more.length);
        System.arraycopy(more, 0, ids, before, more.length);
    }

    @Override
    public float[] step(int id, Progress progress) {
        int[] all = Arrays.copyOf(ids, ids.length + 1);
        all[ids.length] = id;
        try (Feeds feeds = WholeFeeds.of(session, Map.of(), all);
                OrtSession.Result result = session.run(feeds, Set.of(logits.output()), progress)) {
            ids = all;
            return logits.last(result);
        }
    }

    @Override
    public Capture end(int id, List<Token> tokens, int responseFrom, Progress progress) {
        read(new int[] {id}, progress);
        try (Feeds feeds = WholeFeeds.of(session, Map.of(), ids)) {
            StoredCapture capture = run.whole(feeds, tokens, progress);
            return capture.withResponseFrom(responseFrom);
        }
    }

    @Override
    public Capture endBefore(List<Token> tokens, int responseFrom, Progress progress) {
        int[] read = tokens.stream().mapToInt(Token::id).toArray();
        try (Feeds feeds = WholeFeeds.of(session, Map.of(), read)) {
            return run.whole(feeds, tokens, progress).withResponseFrom(responseFrom);
        }
    }

    @Override
    public void close() {}
}
