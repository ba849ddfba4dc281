package org.headlight.app.cli;

import org.headlight.analysis.sinks.Eviction;
import org.headlight.analysis.sinks.EvictionResult;
import org.headlight.analysis.sinks.EvictionSettings;
import org.headlight.engine.model.Model;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.util.List;
import java.util.Optional;

/** Evicting the first keys from a cache. */
final class EvictionOptions {
    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    @Option(
            names = "--evict",
            description =
                    "Runs the text with a cache of a fixed size, the first keys evicted or kept.")
    private boolean evict;

    @Option(
            names = "--window",
            paramLabel = "N",
            description =
                    "Keys in the cache, the first ones included (default: 512, or half of a"
                            + " shorter text).")
    private @Nullable Integer window;

    @Option(
            names = "--first",
            paramLabel = "N",
            description = "First keys that are kept (default: 4).")
    private @Nullable Integer first;

    boolean present() {
        return evict;
    }

    /** Refuses what cannot be, before anything runs. */
    void check() {
        if (!evict && (window != null || first != null)) {
            throw Usage.of(spec).wrong("--window and --first belong to --evict; give that too.");
        }
        // A cache that no text is long enough for is wrong of itself.
        if (window != null || (first != null && first < 1)) {
            Usage.of(spec).made(() -> settings(window == null ? Integer.MAX_VALUE : window));
        }
    }

    private EvictionSettings settings(int tokens) {
        EvictionSettings usual = EvictionSettings.forText(tokens);
        int keys = window == null ? usual.window() : window;
        int kept = first == null ? Math.min(usual.sinks(), Math.max(1, keys - 1)) : first;
        return new EvictionSettings(keys, kept);
    }

    /** Evicts; nothing where it was not asked for. */
    Optional<EvictionResult> run(Model model, List<Token> tokens, Progress progress) {
        return evict
                ? Optional.of(new Eviction(model).run(tokens, settings(tokens.size()), progress))
                : Optional.empty();
    }
}
