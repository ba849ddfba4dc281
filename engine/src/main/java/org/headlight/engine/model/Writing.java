package org.headlight.engine.model;

import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.CaptureInfo;
import org.headlight.engine.generate.Decoding;
import org.headlight.engine.generate.Generation;
import org.headlight.engine.generate.GenerationListener;
import org.headlight.engine.generate.GenerationOptions;
import org.headlight.engine.generate.Generator;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;

/** Lets a model write: finds out whether it can, and refuses what would not fit. */
final class Writing {
    private final OnnxModel.Parts parts;
    private final CaptureRun run;
    private final DoubleFunction<CaptureInfo> info;
    private final String owner;
    private final Optional<NextLogits> logits;

    /**
     * @param run captures a whole text
     * @param info the capture's description, from the seconds that it took
     */
    Writing(OnnxModel.Parts parts, CaptureRun run, DoubleFunction<CaptureInfo> info) {
        this.parts = parts;
        this.run = run;
        this.info = info;
        this.owner = parts.session().owner();
        this.logits = NextLogits.of(parts.graph(), parts.info().vocabulary());
    }

    /** Why the model cannot write; empty when it can. */
    Optional<String> refusal() {
        List<GraphInput> needs = WholeFeeds.missing(parts.session(), List.of());
        if (!needs.isEmpty()) {
            return Optional.of(
                    owner
                            + " cannot write text: it needs "
                            + needs.stream().map(GraphInput::name).collect(Collectors.joining(", "))
                            + ", which tokens cannot give; open a decoder that reads text alone.");
        }
        Optional<ProbedSite> forward =
                parts.findings().sites().stream()
                        .filter(s -> s.site().kind() == SiteKind.SELF && !s.causal())
                        .findFirst();
        if (forward.isPresent()) {
            return Optional.of(
                    owner
                            + " cannot write text: its layer "
                            + forward.get().site().layer()
                            + " also looks at later tokens, as encoders do; open a decoder.");
        }
        if (logits.isEmpty()) {
            return Optional.of(
                    owner
                            + " cannot write text: none of its outputs ("
                            + parts.graph().graphOutputs().stream()
                                    .map(output -> output.name() + " " + output.shape())
                                    .limit(3)
                                    .collect(Collectors.joining(", "))
                            + ") has logits over its vocabulary for each token; export it for text"
                            + " generation.");
        }
        return Optional.empty();
    }

    /**
     * Writes.
     *
     * @throws BadInputException when the model cannot, or not on from this prompt
     * @throws org.headlight.engine.problem.TooLargeException when it would not fit
     * @throws RunFailure when the runtime fails
     * @throws SiteFailure when a site gives what cannot be read
     */
    Generation generate(
            List<Token> prompt,
            GenerationOptions options,
            GenerationListener listener,
            Progress progress) {
        refusal()
                .ifPresent(why -> {
                    throw new BadInputException(why);
                });
        int positions = positions(prompt.size(), options.maxTokens());
        MemoryNeed need = parts.memory().need(positions);
        if (!need.fits()) {
            throw TooLarge.response(prompt.size(), positions - prompt.size(), owner).refusal(need);
        }
        try (Decoding decoding = decoding(positions)) {
            return new Generator(owner, parts.tokenizer().orElse(null), parts.endTokens())
                    .generate(decoding, prompt, positions, options, listener, progress);
        }
    }

    /** The most tokens that prompt and response can have. */
    private int positions(int prompt, int response) {
        int wanted = (int) Math.min((long) prompt + response, Integer.MAX_VALUE);
        int limit = parts.positionLimit();
        if (limit > 0 && prompt >= limit) {
            throw new BadInputException(
                    String.format(
                            Locale.ROOT,
                            "The prompt has %,d tokens, but %s has positions for %,d only, so no"
                                    + " response has room; shorten it.",
                            prompt,
                            owner,
                            limit));
        }
        return limit > 0 ? Math.min(wanted, limit) : wanted;
    }

    private Decoding decoding(int positions) {
        NextLogits next = logits.orElseThrow();
        return parts.cache()
                .<Decoding>map(
                        cache -> new CachedDecoding(parts, cache, next, run, positions, info))
                .orElseGet(() -> new WholeDecoding(parts.session(), next, run));
    }
}
