package org.headlight.analysis.sparse.position;

import org.headlight.analysis.sparse.Parameter;
import org.headlight.analysis.sparse.Phase;
import org.headlight.analysis.sparse.Plan;
import org.headlight.analysis.sparse.Planner;
import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.PolicyInfo;
import org.headlight.analysis.sparse.PolicyRun;
import org.headlight.analysis.sparse.PolicySite;
import org.headlight.analysis.sparse.Rotary;
import org.headlight.analysis.sparse.Settings;
import org.headlight.analysis.sparse.Unit;
import org.headlight.analysis.sparse.select.Causal;
import org.headlight.engine.attend.Spans;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * LaCache (Shi et al. 2025): a cache of a fixed size in the shape of ladders over the layers, run
 * over and shrunk token after token from the beginning of the text; keys sit at their index in the
 * cache. The choice looks at no number, only at layers and places.
 */
public final class LaCache implements Policy {
    private static final PolicyInfo INFO =
            PolicyInfo.full(
                            "lacache",
                            "LaCache",
                            "Shi et al. 2025, arXiv 2507.14204",
                            Phase.DECODE,
                            Unit.TOKEN,
                            "Keeps the first tokens, the last ones, and in between others in every"
                                + " layer, at their places in the cache; the method itself, as if"
                                + " the prompt had been read token by token into such a cache.",
                            Parameter.whole(
                                    "span",
                                    "Neighbouring layers that keep the same token (S); half the"
                                            + " layers where the model has no more than that",
                                    16,
                                    1,
                                    1024),
                            Parameter.whole(
                                    "overlap",
                                    "Layers that neighbouring spans share (O), below the span",
                                    0,
                                    0,
                                    1023),
                            Parameter.whole("cache", "Tokens of the cache (C)", 256, 4, 1 << 20),
                            Parameter.whole("start", "First tokens, always kept", 4, 0, 65_536))
                    .withOtherPositions();

    @Override
    public PolicyInfo info() {
        return INFO;
    }

    /** The cache is at most a quarter of the text; ours below 1024 tokens. */
    @Override
    public Settings preset(int tokens) {
        return Settings.standard(INFO).with("cache", Math.clamp(tokens / 4, 16, 256));
    }

    @Override
    public Planner start(Settings settings, PolicyRun run) {
        Rotary rotary = Positions.of(INFO, run);
        int layers = run.layers();
        if (layers < 2) {
            throw new BadInputException(
                    INFO.title()
                            + " keeps other tokens in other layers, and this model has one layer"
                            + " with attention; choose another policy.");
        }
        int asked = settings.whole("span");
        int span = asked < layers ? asked : Math.max(1, layers / 2);
        int overlap = Math.min(settings.whole("overlap"), span - 1);
        int cache = settings.whole("cache");
        int start = settings.whole("start");
        if (start >= cache) {
            throw new BadInputException(
                    INFO.title()
                            + " has a cache of "
                            + cache
                            + " and always keeps the first "
                            + start
                            + " tokens; the cache must be larger.");
        }
        return (site, progress) -> {
            Causal.check(INFO, site);
            int layer = Math.min(site.layer(), layers - 1);
            Ladder ladder = new Ladder(layer, layers, span, overlap, cache, start);
            return plan(site, ladder, Positions.of(INFO, rotary, site), progress);
        };
    }

    private static Plan plan(PolicySite site, Ladder ladder, Rotary rotary, Progress progress) {
        List<int[]> caches = new ArrayList<>();
        for (int token = 0; token < site.to(); token++) {
            ladder.append(token);
            if (token >= site.from()) {
                caches.add(ladder.held());
            }
            ladder.compact();
        }
        progress.check();
        Spans.Builder spans = new Spans.Builder(site.heads(), site.queries(), 1);
        for (int head = 0; head < site.heads(); head++) {
            for (int[] held : caches) {
                for (int token : held) {
                    spans.add(token, token + 1);
                }
                spans.next();
            }
        }
        return new Plan.Computed(
                new CachedSteps(site.from(), caches, rotary), Optional.of(spans.build()));
    }
}
