package org.headlight.analysis.sinks;

import org.headlight.analysis.logits.NextTokens;
import org.headlight.engine.attend.Selection;
import org.headlight.engine.cut.HeadHook;
import org.headlight.engine.cut.SeamHooks;
import org.headlight.engine.model.Model;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * StreamingLLM's experiment (arXiv 2309.17453): the loss of a text with a cache of a fixed size, in
 * which the first keys are evicted or kept. Every query sees the first keys and the most recent
 * ones up to itself, in every head of self-attention: what a model computes that reads one token at
 * a time and evicts after each. Positions stay those of the text; the published code counts
 * positions within the cache.
 */
public final class Eviction {
    private final Model model;

    public Eviction(Model model) {
        this.model = model;
    }

    /**
     * Runs the text with each cache.
     *
     * @throws BadInputException when the cache is as long as the text, the model does not run in
     *     pieces, or foretells nothing
     * @throws org.headlight.engine.problem.TooLargeException when it would not fit
     * @throws org.headlight.engine.problem.CancelledException when the progress says so
     */
    public EvictionResult run(List<Token> tokens, EvictionSettings settings, Progress progress) {
        Decoder decoder = new Decoder(model, "Eviction");
        int window = settings.window();
        if (tokens.size() < window + 2) {
            throw new BadInputException(
                    String.format(
                            Locale.ROOT,
                            "The text has %,d tokens, so a cache of %,d keys evicts nothing that a"
                                    + " later token could miss; take a longer text, or a smaller"
                                    + " window.",
                            tokens.size(),
                            window));
        }
        List<int[]> caches = new ArrayList<>();
        caches.add(new int[] {0, 0});
        caches.add(new int[] {0, window});
        caches.add(new int[] {settings.sinks(), window - settings.sinks()});
        if (settings.sinks() > 1) {
            caches.add(new int[] {1, window - 1});
        }
        List<EvictionCase> cases = new ArrayList<>();
        List<double[]> curves = new ArrayList<>();
        for (int i = 0; i < caches.size(); i++) {
            int first = caches.get(i)[0];
            int recent = caches.get(i)[1];
            double all = caches.size();
            Progress part = progress.part(i / all, (i + 1) / all);
            long start = System.nanoTime();
            double[] losses =
                    NextTokens.losses(
                            decoder.logits(tokens, hooks(decoder, first, recent), part), tokens);
            double seconds = (System.nanoTime() - start) * 1e-9;
            cases.add(
                    new EvictionCase(
                            name(first, recent),
                            first,
                            recent,
                            NextTokens.mean(losses, window),
                            NextTokens.mean(losses, 0),
                            seconds));
            curves.add(losses);
        }
        return new EvictionResult(settings, tokens.size() - 1 - window, cases, curves);
    }

    private static SeamHooks hooks(Decoder decoder, int first, int recent) {
        return recent == 0
                ? SeamHooks.NONE
                : SeamHooks.NONE.with(
                        decoder.heads(), HeadHook.selecting(Selection.band(first, recent)));
    }

    private static String name(int first, int recent) {
        if (recent == 0) {
            return "all keys";
        }
        return first == 0 ? "last " + recent : "first " + first + " + last " + recent;
    }
}
