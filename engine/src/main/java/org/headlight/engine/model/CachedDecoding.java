package org.headlight.engine.model;

import ai.onnxruntime.OrtSession;

import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.CaptureInfo;
import org.headlight.engine.capture.StoredCapture;
import org.headlight.engine.generate.Decoding;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.DoubleFunction;

/**
 * Decodes through the KV cache: a step runs one token and takes its query, a row of the map, so
 * that its cost grows with the tokens before it and not with their square. Keys and values are
 * taken once, with the last token.
 */
final class CachedDecoding implements Decoding {
    private final OnnxModel.Parts parts;
    private final CacheWiring cache;
    private final NextLogits logits;
    private final CaptureRun again;
    private final DoubleFunction<CaptureInfo> info;
    private final RunRecorder recorder;
    private final long start = System.nanoTime();
    private OrtSession.@Nullable Result before;
    private int past;
    private boolean closed;

    /**
     * @param again captures a text in chunks, where a step has failed
     * @param room the most tokens that will be read
     * @param info the capture's description, from the seconds that it took
     */
    CachedDecoding(
            OnnxModel.Parts parts,
            CacheWiring cache,
            NextLogits logits,
            CaptureRun again,
            int room,
            DoubleFunction<CaptureInfo> info) {
        this.parts = parts;
        this.cache = cache;
        this.logits = logits;
        this.again = again;
        this.info = info;
        this.recorder =
                new RunRecorder(
                        parts.findings().attention(),
                        parts.findings().sizes().stream().map(s -> s.withTokens(room)).toList(),
                        parts.options().mapAboveBytes());
    }

    @Override
    public void read(int[] ids, Progress progress) {
        ChunkLength chunks = parts.memory().chunks();
        for (int from = 0; from < ids.length; ) {
            int count = Math.min(chunks.after(past), ids.length - from);
            progress.at(0, stage(from, ids.length));
            run(Arrays.copyOfRange(ids, from, from + count), false, Set.of(), progress);
            from += count;
        }
    }

    private static String stage(int read, int all) {
        return String.format(Locale.ROOT, "Reading the prompt: %,d of %,d tokens", read, all);
    }

    @Override
    public float[] step(int id, Progress progress) {
        return logits.last(run(new int[] {id}, false, Set.of(logits.output()), progress));
    }

    private OrtSession.Result run(int[] ids, boolean last, Set<String> extra, Progress progress) {
        boolean keys = last || !cache.keysHoldPast();
        Set<String> outputs = new HashSet<>(extra);
        outputs.addAll(RunRecorder.everyChunk(parts.findings().attention()));
        if (keys) {
            outputs.addAll(RunRecorder.keysAndValues(parts.findings().attention()));
        }
        if (!last) {
            outputs.addAll(cache.presents().values());
        }
        OrtSession.Result now =
                CaptureRun.chunk(parts.session(), cache, ids, past, outputs, before, progress);
        if (before != null) {
            before.close();
        }
        before = now;
        recorder.chunk(now, ids.length, past, false, keys);
        past += ids.length;
        return now;
    }

    @Override
    public Capture end(int id, List<Token> tokens, int responseFrom, Progress progress) {
        run(new int[] {id}, true, Set.of(), progress);
        recorder.end();
        return new StoredCapture(
                info.apply((System.nanoTime() - start) / 1e9),
                tokens,
                LoneQuery.of(parts.findings()).told(recorder.finish(tokens)),
                recorder.handOver(),
                responseFrom);
    }

    @Override
    public Capture endBefore(List<Token> tokens, int responseFrom, Progress progress) {
        close();
        int[] ids = tokens.stream().mapToInt(Token::id).toArray();
        StoredCapture capture =
                again.chunked(
                        new CaptureRun.Text(ids, tokens),
                        cache,
                        parts.findings().sizes(),
                        parts.memory().chunks()::after,
                        progress);
        return capture.withResponseFrom(responseFrom);
    }

    @Override
    public void close() {
        if (before != null) {
            before.close();
            before = null;
        }
        if (!closed) {
            closed = true;
            recorder.close();
        }
    }
}
