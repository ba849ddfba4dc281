package org.headlight.engine.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;

import org.headlight.engine.attention.AttentionSite;
import org.headlight.engine.capture.CaptureInfo;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.capture.StoredCapture;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleFunction;
import java.util.function.IntUnaryOperator;

/** Runs a model once, in one piece or in chunks, and keeps what its attention sites did. */
final class CaptureRun {
    /** A text: its ids and its tokens. */
    static final class Text {
        private final int[] ids;
        private final List<Token> tokens;

        Text(int[] ids, List<Token> tokens) {
            this.ids = ids;
            this.tokens = tokens;
        }

        int[] ids() {
            return ids;
        }

        List<Token> tokens() {
            return tokens;
        }
    }

    /** Sees the outputs of each chunk besides those that are captured. */
    interface Observer {
        /** Nobody looks. */
        Observer NONE = (row0, result) -> {};

        /**
         * Sees one chunk.
         *
         * @param row0 first row of the chunk
         * @param result the outputs; valid during the call
         */
        void chunk(int row0, OrtSession.Result result);

        /** Sees what the masks of the whole run take, at its end. */
        default void masks(MaskCells cells) {}
    }

    private final RuntimeSession session;
    private final List<AttentionSite> sites;
    private final ModelOptions options;
    private final DoubleFunction<CaptureInfo> info;
    private Set<String> extraOutputs = Set.of();
    private Observer observer = Observer.NONE;
    private LoneQuery lone = LoneQuery.UNKNOWN;

    /**
     * @param info the capture's description, from the seconds that the run took
     */
    CaptureRun(
            RuntimeSession session,
            List<AttentionSite> sites,
            ModelOptions options,
            DoubleFunction<CaptureInfo> info) {
        this.session = session;
        this.sites = sites;
        this.options = options;
        this.info = info;
    }

    /** Asks for more outputs, for somebody who looks at them. */
    CaptureRun observed(Set<String> outputs, Observer by) {
        extraOutputs = outputs;
        observer = by;
        return this;
    }

    /** Takes what is known of the model's masks, for runs that do not show it. */
    CaptureRun knowing(LoneQuery known) {
        lone = known;
        return this;
    }

    /**
     * Runs in one piece.
     *
     * @param feeds every input
     * @param tokens tokens of the rows; empty when the input has none
     * @throws RunFailure when the runtime fails
     * @throws SiteFailure when a site gives what cannot be read
     */
    StoredCapture whole(Feeds feeds, List<Token> tokens, Progress progress) {
        progress.at(-1, "Running the model");
        long start = System.nanoTime();
        Set<String> outputs = new HashSet<>(RunRecorder.everyChunk(sites));
        outputs.addAll(RunRecorder.keysAndValues(sites));
        outputs.addAll(extraOutputs);
        try (OrtSession.Result result = session.run(feeds, outputs, progress)) {
            List<SiteSizes> sizes =
                    sites.stream()
                            .map(site ->
                                    SiteSizes.of(
                                            site,
                                            RunRecorder.tensor(result, site.query()),
                                            RunRecorder.tensor(result, site.key()),
                                            RunRecorder.tensor(result, site.value())))
                            .toList();
            progress.check();
            try (RunRecorder recorder = new RunRecorder(sites, sizes, options.mapAboveBytes())) {
                recorder.chunk(result, tokens.size(), 0, true, true);
                observer.chunk(0, result);
                return finish(recorder, tokens, start, progress);
            }
        }
    }

    private StoredCapture finish(
            RunRecorder recorder, List<Token> tokens, long start, Progress progress) {
        List<SiteCapture> done = lone.told(recorder.finish(tokens));
        observer.masks(recorder.maskCells());
        List<Token> rows = tokens.isEmpty() ? done.getFirst().queryTokens() : tokens;
        progress.at(1, "Done");
        double seconds = (System.nanoTime() - start) / 1e9;
        return new StoredCapture(info.apply(seconds), rows, done, recorder.handOver());
    }

    /**
     * Runs in chunks: the keys and values of each go into the next through the KV cache.
     *
     * @param cache how the cache is wired
     * @param sizes sizes of a site each, from the opening probe
     * @param chunkAfter how many tokens follow so many that were run
     */
    StoredCapture chunked(
            Text text,
            CacheWiring cache,
            List<SiteSizes> sizes,
            IntUnaryOperator chunkAfter,
            Progress progress) {
        long start = System.nanoTime();
        int all = text.ids().length;
        OrtSession.@Nullable Result before = null;
        try (RunRecorder recorder =
                new RunRecorder(
                        sites,
                        sizes.stream().map(s -> s.withTokens(all)).toList(),
                        options.mapAboveBytes())) {
            for (int past = 0; past < all; ) {
                int count = Math.min(chunkAfter.applyAsInt(past), all - past);
                progress.at((double) past / all, stage(past, all));
                boolean last = past + count == all;
                int[] ids = Arrays.copyOfRange(text.ids(), past, past + count);
                Set<String> outputs = outputs(last, cache);
                OrtSession.Result now = chunk(session, cache, ids, past, outputs, before, progress);
                if (before != null) {
                    before.close();
                }
                before = now;
                recorder.chunk(now, count, past, false, last || !cache.keysHoldPast());
                observer.chunk(past, now);
                past += count;
            }
            return finish(recorder, text.tokens(), start, progress);
        } finally {
            if (before != null) {
                before.close();
            }
        }
    }

    private static String stage(int past, int all) {
        return String.format(Locale.ROOT, "Running the model: %,d of %,d tokens", past, all);
    }

    private Set<String> outputs(boolean last, CacheWiring cache) {
        Set<String> outputs = new HashSet<>(RunRecorder.everyChunk(sites));
        if (last || !cache.keysHoldPast()) {
            outputs.addAll(RunRecorder.keysAndValues(sites));
        }
        if (!last) {
            outputs.addAll(cache.presents().values());
        }
        outputs.addAll(extraOutputs);
        return outputs;
    }

    /**
     * Runs one chunk.
     *
     * @param ids its tokens
     * @param past tokens before it
     * @param outputs what is wanted of it; with the cache's outputs when a chunk follows
     * @param before the chunk before; null for the first
     * @throws RunFailure when the runtime fails
     */
    static OrtSession.Result chunk(
            RuntimeSession session,
            CacheWiring cache,
            int[] ids,
            int past,
            Set<String> outputs,
            OrtSession.@Nullable Result before,
            Progress progress) {
        try (Feeds feeds = new Feeds(session.environment(), session.owner())) {
            for (GraphInput input : session.inputs()) {
                if (input.role() == GraphInput.Role.PAST && before != null) {
                    feeds.put(input.name(), present(cache.presents(), input, before));
                } else {
                    feeds.put(input, past, ids);
                }
            }
            return session.run(feeds, outputs, progress);
        } catch (OrtException e) {
            throw new RunFailure(String.valueOf(e.getMessage()), e);
        }
    }

    private static OnnxTensor present(
            Map<String, String> presents, GraphInput input, OrtSession.Result before) {
        String name = presents.get(input.name());
        if (name == null) {
            throw new IllegalStateException(input.name());
        }
        return RunRecorder.tensor(before, name);
    }
}
