package org.headlight.engine.model;

import org.headlight.engine.attention.AttentionSite;
import org.headlight.engine.attention.BesideOperators;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.CaptureInfo;
import org.headlight.engine.cut.SeamHooks;
import org.headlight.engine.cut.UncuttableException;
import org.headlight.engine.device.AttentionPlace;
import org.headlight.engine.device.DeviceChoice;
import org.headlight.engine.generate.Generation;
import org.headlight.engine.generate.GenerationListener;
import org.headlight.engine.generate.GenerationOptions;
import org.headlight.engine.onnx.ModelSkeleton;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.headlight.engine.token.TokenIds;
import org.headlight.engine.token.Tokenizer;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** A model in ONNX form that runs on ONNX Runtime. Runs may overlap; closing waits for them. */
public final class OnnxModel implements Model {
    /**
     * What opening a model gave.
     *
     * @param original the user's graph
     * @param graph the graph that runs: one branch of a merged decoder
     * @param cache how texts are run in chunks; empty when they cannot be
     * @param positionLimit the longest text; 0 when there is no limit
     * @param endTokens ids that end a text
     */
    record Parts(
            ModelInfo info,
            Optional<Tokenizer> tokenizer,
            ModelSkeleton original,
            ModelSkeleton graph,
            BesideOperators beside,
            RuntimeSession session,
            Probe probe,
            Probe.Findings findings,
            Optional<CacheWiring> cache,
            MemoryEstimate memory,
            int positionLimit,
            Set<Integer> endTokens,
            ModelOptions options) {}

    private final Parts parts;
    private final SeamRunner runner;
    private final LazyCut cut;
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private boolean closed;

    OnnxModel(Parts parts) {
        this.parts = parts;
        this.runner = new SeamRunner(parts.options);
        this.cut =
                new LazyCut(
                        new CutModel.Source(
                                parts.graph,
                                parts.beside,
                                parts.session,
                                parts.probe,
                                parts.positionLimit,
                                LoneQuery.of(parts.findings),
                                parts.options,
                                runner,
                                this::captureInfo),
                        parts.findings);
    }

    @Override
    public ModelInfo info() {
        return parts.info;
    }

    @Override
    public DeviceChoice device() {
        return parts.options.choice();
    }

    @Override
    public AttentionPlace attention() {
        return runner.place();
    }

    /** The session of the whole graph. */
    RuntimeSession session() {
        return parts.session;
    }

    /** Whether the opening probe ran on any of its inputs. */
    boolean ran() {
        return parts.findings.ran();
    }

    @Override
    public Optional<Tokenizer> tokenizer() {
        return parts.tokenizer;
    }

    @Override
    public List<String> needs() {
        return WholeFeeds.missing(parts.session, Set.of()).stream().map(GraphInput::name).toList();
    }

    @Override
    public MemoryNeed need(int tokens) {
        MemoryNeed need =
                pieces(tokens).isPresent()
                        ? parts.memory.inPieces(tokens, false)
                        : parts.memory.need(tokens);
        int limit = parts.positionLimit;
        return limit == 0 || need.largestThatFits() <= limit ? need : need.withLargest(limit);
    }

    /**
     * The model in pieces, for texts that it reads better so: long ones, where no piece needs a
     * mask.
     */
    private Optional<CutModel> pieces(int tokens) {
        return tokens <= ChunkLength.LONGEST
                ? Optional.empty()
                : cut.model().filter(model -> model.masksAreRules(tokens));
    }

    @Override
    public Capture capture(List<Token> tokens, Progress progress) {
        if (pieces(tokens.size()).isPresent()) {
            CutOutcome outcome = run(tokens, SeamHooks.NONE, CutOutcome.Wanted.CAPTURE, progress);
            return outcome.capture().orElseThrow();
        }
        return capture(tokens, Set.of(), CaptureRun.Observer.NONE, progress);
    }

    /** Captures, and shows more outputs of each chunk to an observer. */
    Capture capture(
            List<Token> tokens,
            Set<String> extraOutputs,
            CaptureRun.Observer observer,
            Progress progress) {
        return running(() -> {
            int[] ids = checked(tokens);
            CaptureRun run = run().observed(extraOutputs, observer);
            Optional<CacheWiring> cache = parts.cache;
            ChunkLength chunks = parts.memory.chunks();
            try {
                if (cache.isPresent() && ids.length > chunks.after(0)) {
                    return run.chunked(
                            new CaptureRun.Text(ids, tokens),
                            cache.get(),
                            parts.findings.sizes(),
                            chunks::after,
                            progress);
                }
                try (Feeds feeds = WholeFeeds.of(parts.session, Map.of(), ids)) {
                    return run.whole(feeds, tokens, progress);
                }
            } catch (RunFailure e) {
                throw explained(e, ids.length);
            } catch (SiteFailure e) {
                throw e.refusal(parts.session.owner());
            }
        });
    }

    /**
     * Runs the model over tensors and captures every attention site. Inputs that are not given and
     * that tokens would give (masks, positions, an empty past) are made up; the ids for them are
     * those of a given {@code input_ids}.
     *
     * @param inputs tensors by the name of the input, for one input at a time (a batch of 1)
     * @throws BadInputException when an input is missing, unknown, or of the wrong shape
     * @throws org.headlight.engine.problem.CancelledException when the progress says so
     */
    public Capture capture(Map<String, InputTensor> inputs, Progress progress) {
        return running(() -> {
            int[] ids = ids(inputs);
            List<Token> tokens = describe(ids);
            try (Feeds feeds = WholeFeeds.of(parts.session, inputs, ids)) {
                return run().whole(feeds, tokens, progress);
            } catch (RunFailure e) {
                throw explained(e, ids.length);
            } catch (SiteFailure e) {
                throw e.refusal(parts.session.owner());
            }
        });
    }

    private int[] ids(Map<String, InputTensor> inputs) {
        for (GraphInput input : parts.session.inputs()) {
            InputTensor given = inputs.get(input.name());
            if (given != null && input.role() == GraphInput.Role.IDS) {
                int[] ids = new int[given.size()];
                for (int i = 0; i < ids.length; i++) {
                    ids[i] = (int) given.value(i);
                }
                return ids;
            }
        }
        return new int[0];
    }

    private List<Token> describe(int[] ids) {
        List<Token> plain = vocabulary().describe(ids);
        return parts.tokenizer.map(t -> t.describe(ids)).orElse(plain);
    }

    private TokenIds vocabulary() {
        return new TokenIds(parts.session.owner(), parts.info.vocabulary());
    }

    @Override
    public void settle(Progress progress) {
        parts.options.kernels().awaitWarmUp(progress::cancelled);
    }

    @Override
    public CutOutcome run(
            List<Token> tokens, SeamHooks hooks, CutOutcome.Wanted wanted, Progress progress) {
        return running(() -> {
            int[] ids = checkIds(tokens);
            checkFits(ids.length, pieceNeed(ids.length, wanted.logits()));
            return inPieces(ids.length, pieces -> pieces.run(ids, tokens, hooks, wanted, progress));
        });
    }

    /**
     * Runs the model in pieces over tensors; see {@link #capture(Map, Progress)} for those and
     * {@link #run(List, SeamHooks, CutOutcome.Wanted, Progress)} for the rest.
     */
    public CutOutcome run(
            Map<String, InputTensor> inputs,
            SeamHooks hooks,
            CutOutcome.Wanted wanted,
            Progress progress) {
        return running(() -> {
            int[] ids = ids(inputs);
            try (Feeds feeds = WholeFeeds.of(parts.session, inputs, ids)) {
                return inPieces(
                        ids.length,
                        pieces -> pieces.run(feeds, describe(ids), hooks, wanted, progress));
            }
        });
    }

    /** What a run in pieces needs; with a mask to be read, no less than one in one piece. */
    private MemoryNeed pieceNeed(int tokens, boolean logits) {
        boolean rules = cut.model().map(model -> model.masksAreRules(tokens)).orElse(false);
        return rules ? parts.memory.inPieces(tokens, logits) : parts.memory.whole(tokens);
    }

    /** What is done with a model in pieces. */
    private interface PiecesWork {
        CutOutcome run(CutModel pieces) throws UncuttableException;
    }

    private CutOutcome inPieces(int tokens, PiecesWork work) {
        CutModel pieces = cut.model().orElseThrow(() -> uncut(cut.reason()));
        try {
            return work.run(pieces);
        } catch (UncuttableException e) {
            throw uncut(e.reason());
        } catch (RunFailure e) {
            throw explained(e, tokens);
        } catch (SiteFailure e) {
            throw e.refusal(parts.session.owner());
        }
    }

    private BadInputException uncut(String reason) {
        return new BadInputException(
                parts.session.owner()
                        + " cannot be cut at its attention ("
                        + reason
                        + "); its heads can be looked at, but not changed.");
    }

    private CaptureRun run() {
        return new CaptureRun(
                        parts.session, parts.findings.attention(), parts.options, this::captureInfo)
                .knowing(LoneQuery.of(parts.findings));
    }

    /** Describes a capture. */
    private CaptureInfo captureInfo(double seconds) {
        String forms =
                parts.findings.attention().stream()
                        .map(AttentionSite::form)
                        .distinct()
                        .collect(Collectors.joining(", "));
        ModelInfo info = parts.info;
        return new CaptureInfo(info.name(), info.hash(), forms, info.provider(), seconds);
    }

    @Override
    public Set<Integer> endTokens() {
        return parts.endTokens;
    }

    @Override
    public Optional<String> cannotGenerate() {
        return writing().refusal();
    }

    private Writing writing() {
        return new Writing(parts, run(), this::captureInfo);
    }

    @Override
    public Generation generate(
            List<Token> prompt,
            GenerationOptions options,
            GenerationListener listener,
            Progress progress) {
        return running(() -> {
            checkIds(prompt);
            try {
                return writing().generate(prompt, options, listener, progress);
            } catch (RunFailure e) {
                throw explained(e, prompt.size() + options.maxTokens());
            } catch (SiteFailure e) {
                throw e.refusal(parts.session.owner());
            }
        });
    }

    private int[] checked(List<Token> tokens) {
        int[] ids = checkIds(tokens);
        checkFits(ids.length, need(ids.length));
        return ids;
    }

    private void checkFits(int tokens, MemoryNeed need) {
        int limit = parts.positionLimit;
        if (limit > 0 && tokens > limit) {
            throw new BadInputException(
                    "The input has "
                            + number(tokens)
                            + " tokens, but "
                            + parts.session.owner()
                            + " has positions for "
                            + number(limit)
                            + " only; shorten it.");
        }
        if (!need.fits()) {
            throw TooLarge.input(tokens, parts.session.owner()).refusal(need);
        }
    }

    private int[] checkIds(List<Token> tokens) {
        if (tokens.isEmpty()) {
            throw new BadInputException(
                    "The input has no tokens; give " + parts.session.owner() + " at least one.");
        }
        int[] ids = tokens.stream().mapToInt(Token::id).toArray();
        for (int i = 0; i < ids.length; i++) {
            vocabulary().check(i, ids[i]);
        }
        return ids;
    }

    private static String number(int count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    private RuntimeException explained(RunFailure e, int tokens) {
        String owner = parts.session.owner();
        String words = String.valueOf(e.getMessage());
        int made = parts.info.maxPositions();
        if (made > 0 && tokens > made) {
            return new BadInputException(
                    owner
                            + " fails on "
                            + number(tokens)
                            + " tokens; it was made for "
                            + number(made)
                            + " positions, so shorten the input ("
                            + words
                            + ").",
                    e);
        }
        if (OutOfMemory.is(words)) {
            return new OutOfMemory(owner, parts.options.device())
                    .refusal(words, need(Math.max(1, tokens)), parts.memory.freeOnDevice());
        }
        return e.refusal(owner, tokens);
    }

    @Override
    public ModelCheck check(int tokens) {
        return running(() -> {
            if (!parts.findings.ran()) {
                throw new BadInputException(
                        parts.session.owner()
                                + " cannot be checked: it runs on none of the inputs that were made"
                                + " up for it.");
            }
            int limit = parts.positionLimit;
            int count = Math.max(1, limit > 0 ? Math.min(limit, tokens) : tokens);
            int[] ids = parts.probe.ids(count);
            try {
                return verified(ids);
            } catch (RunFailure | SiteFailure e) {
                return checkedAsWhenOpened(ids.length, e);
            }
        });
    }

    /** Some graphs run on few numbers of tokens only; the one of the opening probe is one. */
    private ModelCheck checkedAsWhenOpened(int failed, RuntimeException why) {
        int[] ids = parts.probe.ids();
        try {
            if (ids.length == failed) {
                throw why;
            }
            return verified(ids);
        } catch (RunFailure e) {
            throw explained(e, ids.length);
        } catch (SiteFailure e) {
            throw e.refusal(parts.session.owner());
        }
    }

    private ModelCheck verified(int[] ids) {
        return new Verification(
                        parts.original,
                        parts.graph,
                        parts.session,
                        parts.findings.attention(),
                        parts.options)
                .check(ids, parts.findings.length(), cut);
    }

    private <T> T running(Supplier<T> work) {
        lock.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("The model is closed.");
            }
            return work.get();
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                cut.close();
                parts.session.close();
                @Nullable Tokenizer tokenizer = parts.tokenizer.orElse(null);
                if (tokenizer != null) {
                    tokenizer.close();
                }
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
